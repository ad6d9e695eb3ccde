import test from 'ava';
import * as fc from 'fast-check';
import {registry} from '../../../src/kinds/ecr-registry/index.ts';
import {RegistrySpec, type RegistryStatus} from '../../../src/kinds/ecr-registry/schema.ts';
import type {Metadata, Resource} from '../../../src/schema/object.ts';
import {Killed, walkOnce} from '../../support/walk.ts';
import {accountId, MemorySettings} from './memory-settings.ts';

function resourceOf(spec: object, more: Partial<Metadata> = {}, status?: unknown): Resource<RegistrySpec> {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'Registry',
    metadata: {name: 'main', uid: 'u', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', ...more},
    spec: RegistrySpec.parse(spec),
    ...(status !== undefined && {status}),
  };
}

const walk = (resource: Resource<RegistrySpec>, aws: MemorySettings, others: readonly Resource[] = []) =>
  walkOnce(registry, resource, aws.doors(others));

const statement = (sid: string, action = 'ecr:ReplicateImage') => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: {AWS: '210987654321'},
  Action: [action],
  Resource: ['*'],
});
const policy = (...statements: object[]) => JSON.stringify({Version: '2012-10-17', Statement: statements});
const rule = (region: string, prefix?: string) => ({
  destinations: [{region, registryId: accountId}],
  repositoryFilters: prefix === undefined ? [] : [{filter: prefix, filterType: 'PREFIX_MATCH'}],
});
const scanner = 'arn:aws:iam::123456789012:role/scanner';

const everything = {
  registryPolicy: {policyText: policy(statement('a'))},
  replicationConfiguration: {rules: [rule('eu-west-1', 'prod')]},
  registryScanningConfiguration: {
    scanType: 'ENHANCED',
    rules: [{scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{filter: '*', filterType: 'WILDCARD'}]}],
  },
  signingConfiguration: {rules: [{signingProfileArn: 'arn:aws:signer:us-east-1:123456789012:/signing-profiles/p'}]},
  pullTimeUpdateExclusions: [scanner],
  accountSettings: [{name: 'BLOB_MOUNTING', value: 'ENABLED'}],
};

test('every setting is put once, and then nothing is left to do', async (t) => {
  const aws = new MemorySettings();
  const {resource, outcome, report} = await walk(resourceOf(everything), aws);
  t.deepEqual(aws.writes().toSorted(), [
    'PutAccountSetting',
    'PutRegistryPolicy',
    'PutRegistryScanningConfiguration',
    'PutReplicationConfiguration',
    'PutSigningConfiguration',
    'RegisterPullTimeUpdateExclusion',
  ]);
  t.like(outcome, {is: 'settled', reason: 'Identified'});
  t.like(report.conditions, [{type: 'SettingsInSync', status: 'True'}]);
  t.is(aws.scan.scanType, 'ENHANCED');
  t.is(aws.account.get('BLOB_MOUNTING'), 'ENABLED');
  const again = await walk(resource, aws);
  t.deepEqual(aws.writes(), []);
  t.deepEqual(again.report, report);
});

test('a Registry without settings asks ECR for nothing', async (t) => {
  const aws = new MemorySettings();
  t.like((await walk(resourceOf({}), aws)).outcome, {is: 'settled'});
  t.deepEqual(aws.take(), []);
});

test('Merge keeps what others wrote, Exclusive does not', async (t) => {
  for (const settingsOwnership of ['Merge', 'Exclusive']) {
    const aws = new MemorySettings();
    aws.policy = policy(statement('theirs'));
    aws.replication = [rule('ap-south-1')];
    aws.exclusions.add('arn:aws:iam::123456789012:role/theirs');
    const {outcome} = await walk(resourceOf({...everything, settingsOwnership}), aws);
    t.like(outcome, {is: 'settled'});
    const others = settingsOwnership === 'Merge' ? 1 : 0;
    t.is((JSON.parse(aws.policy) as {Statement: unknown[]}).Statement.length, 1 + others);
    t.is(aws.replication.length, 1 + others);
    t.is(aws.exclusions.size, 1 + others);
  }
});

test('what leaves the spec stays with Retain, and with Delete goes as far as it is ours', async (t) => {
  for (const settingsDeletionPolicy of ['Retain', 'Delete']) {
    const aws = new MemorySettings();
    aws.policy = policy(statement('theirs'));
    aws.replication = [rule('ap-south-1')];
    const made = await walk(resourceOf({...everything, settingsDeletionPolicy}), aws);
    const left = await walk(resourceOf({settingsDeletionPolicy}, {generation: 2}, made.resource.status), aws);
    t.like(left.outcome, {is: 'settled'});
    const stays = settingsDeletionPolicy === 'Retain' ? 1 : 0;
    t.is((JSON.parse(aws.policy) as {Statement: unknown[]}).Statement.length, 1 + stays, settingsDeletionPolicy);
    t.is(aws.replication.length, 1 + stays);
    t.is(aws.exclusions.size, stays);
    t.is(aws.signing.length, stays);
    t.is(aws.account.get('BLOB_MOUNTING'), 'ENABLED');
    t.is((left.report.fields as RegistryStatus).settings, undefined);
  }
});

test('deletion takes back what is ours with Delete', async (t) => {
  const aws = new MemorySettings();
  const {resource} = await walk(resourceOf({...everything, settingsDeletionPolicy: 'Delete'}), aws);
  const gone = await walk({...resource, metadata: {...resource.metadata, deletionTimestamp: '2026-01-02T00:00:00Z'}}, aws);
  t.like(gone.outcome, {is: 'settled', reason: 'Deleted'});
  t.deepEqual([aws.policy, aws.replication, aws.signing, [...aws.exclusions]], [undefined, [], [], []]);
});

test('one setting that is refused does not keep the others from being set', async (t) => {
  const aws = new MemorySettings();
  aws.denied.add('PutRegistryPolicy').add('GetSigningConfiguration');
  const {outcome, report} = await walk(resourceOf(everything), aws);
  t.like(outcome, {is: 'stalled', reason: 'AccessDenied'});
  t.regex(outcome.message, /registryPolicy: ecr:PutRegistryPolicy is not allowed; signingConfiguration: ecr:GetSigningConfiguration/);
  t.is(aws.replication.length, 1);
  t.is(aws.exclusions.size, 1);
  const {settings = []} = report.fields as RegistryStatus;
  t.deepEqual(
    settings.filter(({isInSync}) => !isInSync).map(({name, reason}) => [name, reason]),
    [
      ['registryPolicy', 'AccessDenied'],
      ['signingConfiguration', 'AccessDenied'],
    ],
  );
});

test('of two Registries of one account and region the older has a setting, unless both merge', async (t) => {
  const here = {accountId, region: 'us-east-1'};
  const elder = (spec: object) => resourceOf(spec, {name: 'elder', creationTimestamp: '2025-01-01T00:00:00Z'}, here);
  const spec = {replicationConfiguration: {rules: [rule('eu-west-1')]}, pullTimeUpdateExclusions: [scanner]};
  const aws = new MemorySettings();
  const refused = await walk(resourceOf({...spec, settingsOwnership: 'Exclusive'}), aws, [elder({replicationConfiguration: {rules: []}})]);
  t.like(refused.outcome, {is: 'stalled', reason: 'SettingsConflict'});
  t.regex(refused.outcome.message, /replicationConfiguration: the Registry elder is older/);
  t.deepEqual(aws.writes(), ['RegisterPullTimeUpdateExclusion']);
  t.like((await walk(resourceOf(spec), aws, [elder({replicationConfiguration: {rules: []}})])).outcome, {is: 'settled'});
  const elsewhere = {...elder({replicationConfiguration: {rules: []}}), status: {...here, region: 'eu-west-1'}};
  t.like((await walk(resourceOf({...spec, settingsOwnership: 'Exclusive'}), aws, [elsewhere])).outcome, {is: 'settled'});
});

test('a fight with someone outside ends in words, and begins anew after an hour', async (t) => {
  const aws = new MemorySettings();
  const spec = {replicationConfiguration: {rules: [rule('eu-west-1')]}, settingsOwnership: 'Exclusive'};
  let {resource, outcome} = await walk(resourceOf(spec), aws);
  for (let round = 0; round < 3; round += 1) {
    t.is(outcome.is, 'settled');
    aws.replication = [rule('ap-south-1')];
    aws.now += 600_000;
    ({resource, outcome} = await walk(resource, aws));
    t.is(aws.replication[0]?.destinations[0]?.region, 'eu-west-1');
  }
  aws.replication = [rule('ap-south-1')];
  aws.take();
  ({resource, outcome} = await walk(resource, aws));
  t.like(outcome, {is: 'stalled', reason: 'SettingsContested'});
  t.deepEqual(aws.writes(), []);
  aws.now += 3_700_000;
  t.like((await walk(resource, aws)).outcome, {is: 'settled'});
});

test('Report changes nothing; bad documents and statements without a Sid are refused in words', async (t) => {
  const aws = new MemorySettings();
  const {resource} = await walk(resourceOf({...everything, driftPolicy: 'Report'}), aws);
  aws.scan = {scanType: 'BASIC', rules: []};
  aws.take();
  const drifted = await walk(resource, aws);
  t.like(drifted.outcome, {is: 'stalled', reason: 'Drifted'});
  t.deepEqual(aws.writes(), []);
  aws.policy = policy(statement('theirs'));
  const bad = {registryPolicy: {policyText: '{"Statement": ['}, pullTimeUpdateExclusions: [scanner], settingsOwnership: 'Exclusive'};
  aws.exclusions.clear();
  const broken = await walk(resourceOf(bad), aws);
  t.like(broken.outcome, {is: 'stalled', reason: 'InvalidRegistryPolicy'});
  t.deepEqual([aws.policy, [...aws.exclusions]], [policy(statement('theirs')), [scanner]]);
  aws.policy = undefined;
  const {Sid: _, ...nameless} = statement('x');
  const merged = await walk(resourceOf({registryPolicy: {policyText: policy(nameless)}}), aws);
  t.regex(merged.outcome.message, /needs a Sid/);
  t.like((await walk(resourceOf({registryPolicy: {policyText: policy(nameless)}, settingsOwnership: 'Exclusive'}), aws)).outcome, {
    is: 'settled',
  });
});

test('any order of rules, filters and statements is no difference', async (t) => {
  const aws = new MemorySettings();
  const rules = [rule('eu-west-1', 'a'), rule('eu-west-2', 'b')];
  const spec = {registryPolicy: {policyText: policy(statement('a'), statement('b'))}, replicationConfiguration: {rules}};
  const {resource} = await walk(resourceOf(spec), aws);
  aws.replication = [...aws.replication].toReversed();
  aws.policy = policy(
    {...statement('b'), Action: 'ecr:ReplicateImage', Principal: {AWS: 'arn:aws:iam::210987654321:root'}},
    statement('a'),
  );
  aws.take();
  t.like((await walk(resource, aws)).outcome, {is: 'settled'});
  t.deepEqual(aws.writes(), []);
});

/** A spec that has some of the settings. */
const specOf = ({statements, regions, arns}: {statements: string[]; regions: string[]; arns: string[]}) => ({
  settingsDeletionPolicy: 'Delete',
  ...(statements.length > 0 && {registryPolicy: {policyText: policy(...statements.map((sid) => statement(sid)))}}),
  ...(regions.length > 0 && {replicationConfiguration: {rules: regions.map((region) => rule(region))}}),
  pullTimeUpdateExclusions: arns.map((name) => `arn:aws:iam::123456789012:role/${name}`),
});

test('killed anywhere, it ends in the same state, and what others wrote is still there', async (t) => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), {maxLength: 3});
  const specs = fc.record({
    statements: names,
    regions: fc.uniqueArray(fc.constantFrom('eu-west-1', 'eu-west-2'), {maxLength: 2}),
    arns: names,
  });
  await fc.assert(
    fc.asyncProperty(specs, specs, fc.array(fc.integer({min: 0, max: 4}), {maxLength: 4}), async (one, two, kills) => {
      const end = async (deaths: readonly number[]) => {
        const aws = new MemorySettings();
        aws.policy = policy(statement('theirs'));
        aws.exclusions.add(scanner);
        let status: unknown;
        for (const [index, spec] of [specOf(one), specOf(two)].entries()) {
          const left = [...deaths];
          for (let round = 0; round < 8; round += 1) {
            let until = left.shift() ?? 100;
            try {
              const walked = await walkOnce(registry, resourceOf(spec, {generation: index + 1}, status), aws.doors(), () => {
                if (until-- === 0) throw new Killed();
              });
              ({status} = walked.resource);
              if (left.length === 0) break;
            } catch (error) {
              if (!(error instanceof Killed)) throw error;
            }
          }
        }
        t.true(aws.exclusions.has(scanner));
        t.regex(aws.policy ?? '', /theirs/);
        const sids = (JSON.parse(aws.policy ?? '{}') as {Statement: {Sid: string}[]}).Statement.map(({Sid}) => Sid).toSorted();
        return {sids, replication: aws.replication.map(({destinations}) => destinations), exclusions: [...aws.exclusions].toSorted()};
      };
      t.deepEqual(await end(kills), await end([]));
    }),
    {numRuns: 80},
  );
});
