import test from 'ava';
import * as fc from 'fast-check';
import {ECRClient} from '@aws-sdk/client-ecr';
import {allHosts, hostsBeside, isEcrHost, parseRegistryHost, registryHosts} from '../../src/schema/registry-hosts.ts';

interface Names {
  readonly regions: readonly string[];
  readonly suffix: string;
  readonly dualStackSuffix: string;
}

// By hand, not from the table, so that the table is tried against something.
const partitions: Readonly<Record<string, Names>> = {
  aws: {regions: ['us-east-1', 'eu-central-1', 'ca-west-1', 'mx-central-1'], suffix: 'amazonaws.com', dualStackSuffix: 'on.aws'},
  'aws-cn': {regions: ['cn-north-1', 'cn-northwest-1'], suffix: 'amazonaws.com.cn', dualStackSuffix: 'on.amazonwebservices.com.cn'},
  'aws-us-gov': {regions: ['us-gov-east-1', 'us-gov-west-1'], suffix: 'amazonaws.com', dualStackSuffix: 'on.aws'},
  'aws-iso': {regions: ['us-iso-east-1', 'us-iso-west-1'], suffix: 'c2s.ic.gov', dualStackSuffix: 'on.aws.ic.gov'},
  'aws-iso-b': {regions: ['us-isob-east-1'], suffix: 'sc2s.sgov.gov', dualStackSuffix: 'on.aws.scloud'},
  'aws-iso-e': {regions: ['eu-isoe-west-1'], suffix: 'cloud.adc-e.uk', dualStackSuffix: 'on.cloud-aws.adc-e.uk'},
  'aws-iso-f': {regions: ['us-isof-south-1'], suffix: 'csp.hci.ic.gov', dualStackSuffix: 'on.aws.hci.ic.gov'},
  'aws-eusc': {regions: ['eusc-de-east-1'], suffix: 'amazonaws.eu', dualStackSuffix: 'on.amazonwebservices.eu'},
};

const account = fc.stringMatching(/^[0-9]{12}$/);
const place = fc
  .constantFrom(...Object.values(partitions))
  .chain(({regions, suffix, dualStackSuffix}) =>
    fc.record({region: fc.constantFrom(...regions), suffix: fc.constant(suffix), dualStackSuffix: fc.constant(dualStackSuffix)}),
  );

const host = fc
  .record({accountId: account, place, isFips: fc.boolean(), isDualStack: fc.boolean()})
  .map(({accountId, place: {region, suffix, dualStackSuffix}, isFips, isDualStack}) => {
    const ecr = isFips ? 'ecr-fips' : 'ecr';
    const text = isDualStack ? `${accountId}.dkr-${ecr}.${region}.${dualStackSuffix}` : `${accountId}.dkr.${ecr}.${region}.${suffix}`;
    return {accountId, region, text};
  });

test('a host of every form and partition is taken apart', (t) => {
  fc.assert(
    fc.property(host, ({accountId, region, text}) => {
      t.deepEqual(parseRegistryHost(text), {accountId, region}, text);
      t.true(hostsBeside(text).includes(text), text);
    }),
    {numRuns: 500},
  );
});

test('what is built is taken apart into the same, in regions that are not there yet too', (t) => {
  const region = fc.oneof(
    place.map((one) => one.region),
    fc.stringMatching(/^(us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc-de|nz)-[a-z]{4,9}-[1-9]$/),
  );
  fc.assert(
    fc.property(account, region, (accountId, region) => {
      const all = allHosts(accountId, region);
      const shown = Object.values(registryHosts(accountId, region));
      for (const name of [...all, ...shown]) t.deepEqual(parseRegistryHost(name), {accountId, region}, name);
      t.is(new Set(all).size, all.length);
      t.deepEqual(
        shown.filter((name) => !all.includes(name)),
        [],
        'a status shows no host that a pull secret leaves out',
      );
    }),
  );
});

test('a look-alike with another suffix or prefix is no registry, and stands for itself', (t) => {
  const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const spoilt = fc
    .tuple(host, label)
    .chain(([{text, region, accountId}, word]) =>
      fc.constantFrom(
        `${text}.${word}.example`,
        `${text}${word}`,
        `${text}.`,
        `${text}:443`,
        `${text}/${word}`,
        `${text}\n`,
        `${word}.${text}`,
        `${word}${text}`,
        `-${text}`,
        `https://${text}`,
        text.slice(1),
        text.slice(0, -1),
        `${accountId}.dkr.ecr.${region}.${word}.example`,
        `${accountId}.dkr.ecr.${region}.on.aws.${word}`,
        `${accountId}.dkr.ecr.${region}.${word}.amazonaws.com`,
        text.replaceAll('.', 'x'),
      ),
    );
  fc.assert(
    fc.property(spoilt, (text) => {
      t.is(parseRegistryHost(text), undefined, text);
      t.false(isEcrHost(text), text);
      t.deepEqual(hostsBeside(text), [text]);
    }),
    {numRuns: 1000},
  );
});

test('a region is not found under the suffix of another partition, nor one form under that of another', (t) => {
  for (const text of [
    '123456789012.dkr.ecr.us-east-1.evil.example',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com.cn',
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com',
    '123456789012.dkr.ecr.us-east-1.on.aws',
    '123456789012.dkr-ecr.us-east-1.amazonaws.com',
    '123456789012.dkr-ecr.eusc-de-east-1.on.aws',
  ])
    t.is(parseRegistryHost(text), undefined, text);
});

function fips(region: string): readonly string[] {
  return allHosts('123456789012', region).filter((name) => name.includes('-fips.'));
}

test('a pull secret has FIPS hosts wherever they may be, and a status where AWS has them', (t) => {
  for (const region of ['us-east-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'us-isof-south-1', 'ca-central-1'])
    t.is(fips(region).length, 2, region);
  for (const region of ['eu-west-1', 'cn-north-1', 'eusc-de-east-1', 'eu-isoe-west-1', 'sa-east-1']) t.deepEqual(fips(region), [], region);
  // AWS's list of endpoints has none in Canada, and the SDK would only make up their names.
  t.is(registryHosts('123456789012', 'ca-central-1').fips, undefined);
  t.is(registryHosts('123456789012', 'us-gov-east-1').fips, '123456789012.dkr.ecr-fips.us-gov-east-1.amazonaws.com');
});

test('the suffixes are those of the SDK, with "on" for "api" in the dual-stack ones', (t) => {
  const {endpointProvider} = new ECRClient({region: 'us-east-1'}).config;
  for (const region of Object.values(partitions).flatMap((partition) => partition.regions)) {
    const nameOf = (UseDualStack: boolean) => endpointProvider({Region: region, UseDualStack, UseFIPS: false}).url.hostname;
    const suffix = nameOf(false).replace(`api.ecr.${region}.`, '');
    const dualStackSuffix = nameOf(true)
      .replace(/^(?:api\.)?ecr\./, '')
      .replace(`${region}.api.`, 'on.');
    const [ipv4, dualStack] = allHosts('123456789012', region);
    t.is(ipv4, `123456789012.dkr.ecr.${region}.${suffix}`);
    t.is(dualStack, `123456789012.dkr-ecr.${region}.${dualStackSuffix}`);
  }
});
