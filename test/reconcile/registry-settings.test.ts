import {
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  GetAccountSettingCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetSigningConfigurationCommand,
  ListPullTimeUpdateExclusionsCommand,
  PutRegistryPolicyCommand,
  PutReplicationConfigurationCommand,
  RegisterPullTimeUpdateExclusionCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import type {Ref} from '../../src/kube/kube.ts';
import {registries} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

let scene: Scene;
let operator: Operator;

test.before(async () => {
  scene = await startScene();
  operator = await scene.stage.operator({flags: ['--log-level=debug', '--resync-seconds=4']});
  await scene.namespace('reg');
});

test.after.always(() => scene?.stop());

async function registry(name: string, spec: object): Promise<Ref> {
  await scene.kube.apply(
    registries,
    {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name}, spec},
    {fieldManager: 'tests', force: true},
  );
  return {type: registries, name};
}

const statement = (sid: string, account = '210987654321') => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: {AWS: `arn:aws:iam::${account}:root`},
  Action: ['ecr:ReplicateImage'],
  Resource: ['arn:aws:ecr:us-east-1:123456789012:repository/*'],
});
const policy = (...statements: object[]) => JSON.stringify({Version: '2012-10-17', Statement: statements});
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

async function sids(): Promise<readonly string[]> {
  const {policyText = '{}'} = await scene.stage.cloud.ecr.send(new GetRegistryPolicyCommand({}));
  return (JSON.parse(policyText) as {readonly Statement: readonly {readonly Sid: string}[]}).Statement.map(({Sid}) => Sid).toSorted();
}

async function exclusions(): Promise<readonly string[]> {
  const {pullTimeUpdateExclusions = []} = await scene.stage.cloud.ecr.send(new ListPullTimeUpdateExclusionsCommand({}));
  return pullTimeUpdateExclusions.toSorted();
}

const settings = {
  settingsDeletionPolicy: 'Delete',
  registryPolicy: {policyText: policy(statement('ours'))},
  replicationConfiguration: {
    rules: [
      {
        destinations: [{region: 'eu-west-1', registryId: '123456789012'}],
        repositoryFilters: [{filter: 'prod', filterType: 'PREFIX_MATCH'}],
      },
    ],
  },
  registryScanningConfiguration: {
    scanType: 'ENHANCED',
    rules: [{scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{filter: '*', filterType: 'WILDCARD'}]}],
  },
  signingConfiguration: {rules: [{signingProfileArn: 'arn:aws:signer:us-east-1:123456789012:/signing-profiles/shop'}]},
  pullTimeUpdateExclusions: [role('scanner')],
  accountSettings: [
    {name: 'BLOB_MOUNTING', value: 'ENABLED'},
    {name: 'REGISTRY_POLICY_SCOPE', value: 'V2'},
  ],
};

test.serial('the settings of a registry are put beside those of others, and settle', async (t) => {
  const {ecr} = scene.stage.cloud;
  await ecr.send(new PutRegistryPolicyCommand({policyText: policy(statement('theirs', '111111111111'))}));
  await ecr.send(new RegisterPullTimeUpdateExclusionCommand({principalArn: role('theirs')}));
  const ref = await registry('default', settings);
  const object = await scene.condition(ref, {type: 'SettingsInSync', status: 'True'});
  t.is(conditionOf(object, 'Ready')?.status, 'True');
  t.deepEqual(await sids(), ['ours', 'theirs']);
  t.deepEqual(await exclusions(), [role('scanner'), role('theirs')]);
  const {replicationConfiguration} = await ecr.send(new DescribeRegistryCommand({}));
  t.is(replicationConfiguration?.rules?.[0]?.destinations?.[0]?.region, 'eu-west-1');
  t.is((await ecr.send(new GetRegistryScanningConfigurationCommand({}))).scanningConfiguration?.scanType, 'ENHANCED');
  t.is((await ecr.send(new GetSigningConfigurationCommand({}))).signingConfiguration?.rules?.length, 1);
  t.is((await ecr.send(new GetAccountSettingCommand({name: 'BLOB_MOUNTING'}))).value, 'ENABLED');
  const since = new Date();
  await eventually('it was checked twice', async () => {
    return (await scene.calls(since)).filter(({operation}) => operation === 'GetRegistryPolicy').length >= 2;
  });
  t.deepEqual(
    (await scene.calls(since)).filter(({operation}) => /^(Put|Delete|Register|Deregister)/.test(operation)),
    [],
  );
  t.is((await scene.get(ref))?.metadata.resourceVersion, object.metadata.resourceVersion);
});

test.serial('what someone changes is set right', async (t) => {
  const {ecr} = scene.stage.cloud;
  await ecr.send(new PutReplicationConfigurationCommand({replicationConfiguration: {rules: []}}));
  await eventually('the rule is back', async () => {
    const {replicationConfiguration} = await ecr.send(new DescribeRegistryCommand({}));
    return replicationConfiguration?.rules?.length === 1;
  });
  t.pass();
});

test.serial('one setting that AWS denies does not keep the others from being set, and says which action', async (t) => {
  await scene.stage.cloud.faults.add({operation: 'PutRegistryPolicy', is: 'deny'});
  const changed = {
    ...settings,
    registryPolicy: {policyText: policy(statement('ours'), statement('more'))},
    pullTimeUpdateExclusions: [role('scanner'), role('other')],
  };
  const ref = await registry('default', changed);
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'AccessDenied'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /registryPolicy: ecr:PutRegistryPolicy .*is not allowed to the role drayage/);
  t.deepEqual(await exclusions(), [role('other'), role('scanner'), role('theirs')]);
  await scene.stage.cloud.faults.clear();
  await registry('default', settings);
  await scene.condition(ref, {type: 'SettingsInSync', status: 'True'});
  t.deepEqual(await exclusions(), [role('scanner'), role('theirs')]);
});

test.serial('a younger Registry of the same account and region does not fight for a setting', async (t) => {
  const ref = await registry('second', {settingsOwnership: 'Exclusive', signingConfiguration: {rules: []}});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'SettingsConflict'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /signingConfiguration: the Registry default is older/);
  await scene.kube.delete(ref);
});

test.serial('what leaves the spec is taken back as far as it is ours', async (t) => {
  await scene.kube.apply(
    registries,
    {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name: 'default'}, spec: {settingsDeletionPolicy: 'Delete'}},
    {fieldManager: 'tests', force: true},
  );
  await eventually('ours are gone', async () => (await sids()).length === 1);
  t.deepEqual(await sids(), ['theirs']);
  await eventually('ours are gone', async () => (await exclusions()).length === 1);
  await t.throwsAsync(scene.stage.cloud.ecr.send(new GetSigningConfigurationCommand({})), {name: 'SigningConfigurationNotFoundException'});
});

test.serial('a Registry with a role acts in it, and says what a refusal needs', async (t) => {
  const {cloud, roleArn} = scene.stage;
  await cloud.createRole({name: 'drayage-registry', trusts: [roleArn], externalId: 'shop-1', actions: ['ecr:*', 'sts:GetCallerIdentity']});
  const ref = await registry('chained', {roleArn: role('drayage-registry'), externalId: 'shop-1', sessionTags: {team: 'shop'}});
  const object = await scene.ready(ref);
  t.regex(String(object.status?.['identityArn']), /:assumed-role\/drayage-registry\//);
  const since = new Date();
  await scene.ready(await scene.repository('reg', 'chained', {registryRef: {name: 'chained'}}));
  const calls = (await scene.calls(since)).filter(({operation}) => operation === 'CreateRepository');
  t.regex(calls[0]?.principal ?? '', /:assumed-role\/drayage-registry\//);
  const {repositories = []} = await cloud.ecr.send(new DescribeRepositoriesCommand({repositoryNames: ['chained']}));
  t.is(repositories.length, 1);
  const wrong = await registry('wrong-id', {roleArn: role('drayage-registry'), externalId: 'other'});
  await scene.condition(wrong, {type: 'Stalled', status: 'True', reason: 'RoleTrustDenied'});
  const refused = await registry('refused', {roleArn: role('nobody')});
  const denied = await scene.condition(refused, {type: 'Stalled', status: 'True', reason: 'RoleTrustDenied'});
  t.regex(conditionOf(denied, 'Ready')?.message ?? '', /STS refuses sts:AssumeRole on .*role\/nobody.*trust policy of the role must allow/);
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  t.deepEqual(await scene.leaks([await operator.log()]), []);
});
