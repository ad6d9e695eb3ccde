import test from 'ava';
import {createAws} from '../../src/aws/clients.ts';
import {registryHosts} from '../../src/schema/registry-hosts.ts';
import type {Ecr} from '../../src/aws/ecr.ts';
import type {Interruption} from '../../src/kinds/outcome.ts';
import {awsError, environmentFor, fakeAws, repositoryJson, type Reply, type Request} from './fake-ecr.ts';

async function asking<T>(
  handle: (request: Request, nth: number) => Reply,
  ask: (ecr: Ecr) => Promise<T>,
): Promise<{readonly value: T; readonly requests: readonly Request[]; readonly seen: readonly string[]}> {
  await using server = await fakeAws(handle);
  const seen: string[] = [];
  const aws = createAws({
    environment: environmentFor(server.url),
    now: () => new Date('2026-01-01T00:00:00Z'),
    onCall: ({service, operation, region, error}) => seen.push(`${service} ${operation} ${region} ${error ?? 'ok'}`),
  });
  const value = await ask(aws.ecr({accountId: '123456789012'}));
  aws.close();
  return {value, requests: server.requests, seen};
}

function noPolicy({action}: Request): Reply {
  return awsError(action.includes('Lifecycle') ? 'LifecyclePolicyNotFoundException' : 'RepositoryPolicyNotFoundException', 'none');
}

/** Ten images with two tags each. */
function page(from: number, more: boolean): Reply {
  const imageIds = Array.from({length: 20}, (_, index) => ({imageDigest: `sha256:${from + Math.floor(index / 2)}`, imageTag: `t${index}`}));
  return {body: {imageIds, ...(more && {nextToken: 'more'})}};
}

test('a repository is created with its settings and tags in one call', async (t) => {
  const {value, requests, seen} = await asking(
    () => ({body: {repository: repositoryJson('team/app')}}),
    (ecr) =>
      ecr.createRepository({
        repositoryName: 'team/app',
        tags: {'drayage.dev/owner': 'x', team: 'a'},
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{filterType: 'WILDCARD', filter: 'dev-*'}],
        scanOnPush: true,
        encryption: {encryptionType: 'KMS', kmsKey: 'alias/x'},
      }),
  );
  t.deepEqual(requests[0]?.input, {
    registryId: '123456789012',
    repositoryName: 'team/app',
    tags: [
      {Key: 'drayage.dev/owner', Value: 'x'},
      {Key: 'team', Value: 'a'},
    ],
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{filterType: 'WILDCARD', filter: 'dev-*'}],
    imageScanningConfiguration: {scanOnPush: true},
    encryptionConfiguration: {encryptionType: 'KMS', kmsKey: 'alias/x'},
  });
  t.like(value, {requestId: 'req-1', value: {repositoryName: 'team/app', encryptionType: 'AES256'}});
  t.deepEqual(seen, ['ecr CreateRepository us-east-1 ok']);
});

test('a repository that exists already is no error', async (t) => {
  const {value} = await asking(
    () => awsError('RepositoryAlreadyExistsException', 'exists'),
    (ecr) => ecr.createRepository({repositoryName: 'a', tags: {}, imageTagMutability: 'MUTABLE', scanOnPush: false}),
  );
  t.is(value.value, undefined);
});

test('deleting tells what became of it', async (t) => {
  const cases: readonly (readonly [Reply, string])[] = [
    [{body: {}}, 'deleted'],
    [awsError('RepositoryNotFoundException', 'gone'), 'absent'],
    [awsError('RepositoryNotEmptyException', 'full'), 'notEmpty'],
  ];
  for (const [reply, expected] of cases) {
    const {value, requests} = await asking(
      () => reply,
      (ecr) => ecr.deleteRepository('a', {force: false}),
    );
    t.is(value.value, expected as never);
    t.is(requests[0]?.input['force'], false);
  }
});

test('policies that are not there are undefined, and deleting them twice is no error', async (t) => {
  const {value, requests} = await asking(noPolicy, async (ecr) => {
    await ecr.deleteLifecyclePolicy('a');
    await ecr.deleteRepositoryPolicy('a');
    return [await ecr.getLifecyclePolicy('a'), await ecr.getRepositoryPolicy('a')];
  });
  t.deepEqual(value, [undefined, undefined]);
  t.true(requests.every(({input}) => input['registryId'] === '123456789012'));
});

test('every call that takes a registry id gets it', async (t) => {
  const {requests} = await asking(
    () => ({body: {}}),
    async (ecr) => {
      await ecr.putImageTagMutability('a', 'MUTABLE');
      await ecr.putImageScanningConfiguration('a', true);
      await ecr.putLifecyclePolicy('a', '{}');
      await ecr.setRepositoryPolicy('a', '{}');
      await ecr.countImages('a', 10);
    },
  );
  t.is(requests.length, 5);
  for (const {action, input} of requests) t.is(input['registryId'], '123456789012', action);
});

test('images are counted by digest, of any status, over pages and up to a limit', async (t) => {
  const all = await asking(
    (_, nth) => page(nth * 100, nth < 3),
    (ecr) => ecr.countImages('a', 1000),
  );
  t.is(all.value, 30);
  t.deepEqual(all.requests[0]?.input['filter'], {imageStatus: 'ANY'});
  const few = await asking(
    (_, nth) => page(nth * 100, true),
    (ecr) => ecr.countImages('a', 15),
  );
  t.is(few.value, 15);
  t.is(few.requests.length, 2);
});

test('a stand-in that does not know image status is asked without it', async (t) => {
  const {value, requests} = await asking(
    (request) =>
      request.input['filter'] ? awsError('InvalidParameterException', 'imageStatus?') : {body: {imageIds: [{imageDigest: 'sha256:1'}]}},
    (ecr) => ecr.countImages('a', 10),
  );
  t.is(value, 1);
  t.is(requests.length, 2);
});

test('tags are read and written as names and values', async (t) => {
  const {value, requests} = await asking(
    (request) => ({
      body: request.action.endsWith('ListTagsForResource')
        ? {
            tags: [
              {Key: 'a', Value: '1'},
              {Key: 'b', Value: ''},
            ],
          }
        : {},
    }),
    async (ecr) => {
      await ecr.tag('arn', {c: '3'});
      await ecr.untag('arn', ['a']);
      return ecr.listTags('arn');
    },
  );
  t.deepEqual(value, {a: '1', b: ''});
  t.deepEqual(requests[0]?.input, {resourceArn: 'arn', tags: [{Key: 'c', Value: '3'}]});
  t.deepEqual(requests[1]?.input, {resourceArn: 'arn', tagKeys: ['a']});
});

test('hosts follow from account and region, in every partition', (t) => {
  const account = '123456789012';
  t.deepEqual(registryHosts(account, 'us-east-1'), {
    ipv4: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
    dualStack: '123456789012.dkr-ecr.us-east-1.on.aws',
    fips: '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
  });
  t.deepEqual(registryHosts(account, 'cn-north-1'), {
    ipv4: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
    dualStack: '123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn',
  });
  t.deepEqual(registryHosts(account, 'eu-isoe-west-1'), {ipv4: '123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk'});
  t.deepEqual(registryHosts(account, 'eusc-de-east-1'), {ipv4: '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu'});
  t.is(registryHosts(account, 'us-iso-east-1').ipv4, '123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov');
  t.is(registryHosts(account, 'us-isob-east-1').ipv4, '123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov');
});

test('a change of a repository that ECR does not know is waited for', async (t) => {
  const changes: readonly ((ecr: Ecr) => Promise<unknown>)[] = [
    (ecr) => ecr.putImageTagMutability('app', 'MUTABLE'),
    (ecr) => ecr.putImageScanningConfiguration('app', true),
    (ecr) => ecr.putLifecyclePolicy('app', '{}'),
    (ecr) => ecr.setRepositoryPolicy('app', '{}'),
    (ecr) => ecr.tag('arn', {}),
    (ecr) => ecr.untag('arn', []),
  ];
  for (const change of changes) {
    const error = await t.throwsAsync<Interruption>(asking(() => awsError('RepositoryNotFoundException', 'gone'), change));
    t.like(error?.outcome, {is: 'waiting', reason: 'RepositoryNotVisible'});
  }
});

test('force is sent where it is true', async (t) => {
  for (const [force, sent] of [
    [true, true],
    [false, undefined],
    [undefined, undefined],
  ] as const) {
    const {requests} = await asking(
      () => ({body: {}}),
      (ecr) => ecr.setRepositoryPolicy('app', '{}', force),
    );
    t.is(requests[0]?.input['force'], sent);
  }
});
