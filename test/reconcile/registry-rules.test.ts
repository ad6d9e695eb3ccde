import {
  CreatePullThroughCacheRuleCommand,
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  type PullThroughCacheRule,
  type RepositoryCreationTemplate,
  UpdateRepositoryCreationTemplateCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {upstreamCredentialsLabel} from '../../src/kinds/sources.ts';
import type {Ref} from '../../src/kube/kube.ts';
import type {ResourceType} from '../../src/schema/resource-type.ts';
import {pullThroughCaches, repositoryTemplates, secrets} from '../../src/schema/types.ts';
import {lookAt, rule} from '../support/ecr-look.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

/** What a registry has beside repositories: templates for them, and pull-through caches. */
let scene: Scene;
let operator: Operator;

test.before(async () => {
  scene = await startScene();
  operator = await scene.stage.operator({flags: ['--log-level=debug', '--resync-seconds=5']});
  await scene.namespace('shop');
  // Before anything is listed: the names of repositories are remembered for five minutes.
  await scene.stage.cloud.ecr.send(new CreateRepositoryCommand({repositoryName: 'k8s/pause'}));
});

test.after.always(() => scene?.stop());

async function put(type: ResourceType, name: string, spec: object): Promise<Ref> {
  await scene.kube.apply(type, {apiVersion: type.apiVersion, kind: type.kind, metadata: {name}, spec}, {fieldManager: 'tests'});
  return {type, name};
}

async function login(name: string, data: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): Promise<void> {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  await scene.kube.apply(
    secrets,
    {apiVersion: 'v1', kind: 'Secret', metadata: {namespace: 'shop', name, labels}, data: encoded},
    {fieldManager: 'tests', force: true},
  );
}

async function template(prefix: string): Promise<RepositoryCreationTemplate | undefined> {
  const {repositoryCreationTemplates = []} = await scene.stage.cloud.ecr.send(new DescribeRepositoryCreationTemplatesCommand({}));
  return repositoryCreationTemplates.find((one) => one.prefix === prefix);
}

async function cacheRule(prefix: string): Promise<PullThroughCacheRule | undefined> {
  const {pullThroughCacheRules = []} = await scene.stage.cloud.ecr.send(new DescribePullThroughCacheRulesCommand({}));
  return pullThroughCacheRules.find((one) => one.ecrRepositoryPrefix === prefix);
}

const agreed = {[upstreamCredentialsLabel]: 'true'};

test.serial('a template is made, set right, changed, and taken away', async (t) => {
  const spec = {appliedFor: ['CREATE_ON_PUSH', 'REPLICATION'], lifecyclePolicy: {lifecyclePolicyText: rule(5)}, deletionPolicy: 'Delete'};
  const ref = await put(repositoryTemplates, 'team', spec);
  const ready = await scene.ready(ref);
  t.like(ready.status, {prefix: 'team'});
  t.like(await template('team'), {imageTagMutability: 'MUTABLE', lifecyclePolicy: rule(5)});
  const {resourceVersion} = ready.metadata;
  await scene.stage.cloud.ecr.send(new UpdateRepositoryCreationTemplateCommand({prefix: 'team', imageTagMutability: 'IMMUTABLE'}));
  await eventually('the template is MUTABLE again', async () => (await template('team'))?.imageTagMutability === 'MUTABLE', {seconds: 20});
  t.not(resourceVersion, undefined);
  await put(repositoryTemplates, 'team', {...spec, lifecyclePolicy: undefined, description: 'for the team'});
  await eventually('the template is changed', async () => (await template('team'))?.description === 'for the team');
  t.is((await template('team'))?.lifecyclePolicy, undefined);
  await scene.kube.delete(ref);
  await scene.gone(ref);
  t.is(await template('team'), undefined);
});

test.serial('a template that somebody made stays as it is, in words', async (t) => {
  await scene.stage.cloud.ecr.send(
    new CreateRepositoryCreationTemplateCommand({prefix: 'theirs', appliedFor: ['REPLICATION'], imageTagMutability: 'IMMUTABLE'}),
  );
  const ref = await put(repositoryTemplates, 'theirs', {appliedFor: ['CREATE_ON_PUSH'], deletionPolicy: 'Delete'});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'TemplateNotOwned'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /differs in appliedFor, imageTagMutability/);
  await scene.kube.delete(ref);
  await scene.gone(ref);
  t.like(await template('theirs'), {imageTagMutability: 'IMMUTABLE'});
  const bad = await put(repositoryTemplates, 'bad', {appliedFor: ['REPLICATION'], lifecyclePolicy: {lifecyclePolicyText: '{"rules": ['}});
  await scene.condition(bad, {type: 'Stalled', status: 'True', reason: 'InvalidLifecyclePolicy'});
  await t.throwsAsync(() => put(repositoryTemplates, 'worse', {appliedFor: ['REPLICATION'], resourceTags: [{key: 'a', value: 'b'}]}), {
    message: /need customRoleArn/,
  });
});

test.serial('repositories that were there are brought in line, but for those that have objects of their own', async (t) => {
  const {ecr} = scene.stage.cloud;
  const look = lookAt(ecr);
  for (let index = 0; index < 8; index += 1) await ecr.send(new CreateRepositoryCommand({repositoryName: `old/r${index}`}));
  await scene.ready(await scene.repository('shop', 'kept', {name: 'old/kept', imageTagMutability: 'MUTABLE'}));
  const ref = await put(repositoryTemplates, 'old', {
    appliedFor: ['CREATE_ON_PUSH'],
    imageTagMutability: 'IMMUTABLE',
    lifecyclePolicy: {lifecyclePolicyText: rule(5)},
    applyToExisting: true,
  });
  const object = await scene.condition(ref, {type: 'ExistingInLine', status: 'True'});
  t.like(object.status, {existing: {matching: 9, managed: 1, changed: 8, failedCount: 0}});
  t.is((await look.found('old/r7')).imageTagMutability, 'IMMUTABLE');
  t.is(await look.lifecycleOf('old/r7'), rule(5));
  t.is((await look.found('old/kept')).imageTagMutability, 'MUTABLE');
  t.is(await look.lifecycleOf('old/kept'), undefined);
});

test.serial('credentials are carried into AWS only where their owner agrees, and again when they change', async (t) => {
  await login('hub', {username: 'me', accessToken: 'expired-token-1'}, {});
  const ref = await put(pullThroughCaches, 'hub', {
    upstreamRegistry: 'docker-hub',
    credentialSecretRef: {namespace: 'shop', name: 'hub'},
    deletionPolicy: 'Delete',
  });
  const refused = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'CredentialSecretNotFound'});
  t.regex(conditionOf(refused, 'Ready')?.message ?? '', /Secret shop\/hub with the label/);
  t.is(await cacheRule('hub'), undefined);
  await login('hub', {username: 'me', accessToken: 'expired-token-1'}, agreed);
  const invalid = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'UpstreamInvalid'});
  t.regex(conditionOf(invalid, 'Valid')?.message ?? '', /Authentication to the upstream registry failed/);
  t.regex((await cacheRule('hub'))?.credentialArn ?? '', /:secret:ecr-pullthroughcache\/hub/);
  await login('hub', {username: 'me', accessToken: 'good-token-2'}, agreed);
  const ready = await scene.ready(ref);
  const {accountId, registryHost} = scene.stage.cloud;
  t.like(ready.status, {upstreamRegistryUrl: 'registry-1.docker.io', uri: `${registryHost}/hub`, registryId: accountId});
  t.deepEqual(
    [await operator.log(), JSON.stringify(ready)].filter((text) => /good-token-2|expired-token-1/.test(text)),
    [],
  );
});

test.serial('what is settled is written neither here nor there, and what was cached is counted', async (t) => {
  const ref = await put(pullThroughCaches, 'k8s', {upstreamRegistry: 'k8s'});
  const ready = await scene.ready(ref);
  t.like(ready.status, {cachedRepositories: {count: 1, names: ['k8s/pause']}});
  const since = new Date();
  await eventually('it was checked twice', async () => {
    const calls = await scene.calls(since);
    return calls.filter(({operation}) => operation === 'ValidatePullThroughCacheRule').length >= 4;
  });
  const writes = (await scene.calls(since)).filter(({operation}) => /^(Create|Update|Put|Delete|Tag)/.test(operation));
  t.deepEqual(writes, []);
  t.is((await scene.get(ref))?.metadata.resourceVersion, ready.metadata.resourceVersion);
});

test.serial('a rule that AWS cannot change is made anew; one of somebody else is left alone', async (t) => {
  const ref = await put(pullThroughCaches, 'k8s', {
    upstreamRegistry: 'quay',
    upstreamRepositoryPrefix: 'org',
    template: {imageTagMutability: 'IMMUTABLE', lifecyclePolicy: {lifecyclePolicyText: rule(5)}},
  });
  await eventually('the rule is another', async () => (await cacheRule('k8s'))?.upstreamRegistryUrl === 'quay.io');
  await scene.ready(ref);
  t.is((await cacheRule('k8s'))?.upstreamRepositoryPrefix, 'org');
  t.like(await template('k8s'), {appliedFor: ['PULL_THROUGH_CACHE'], imageTagMutability: 'IMMUTABLE', lifecyclePolicy: rule(5)});
  t.true(await lookAt(scene.stage.cloud.ecr).exists('k8s/pause'));
  const theirs = {ecrRepositoryPrefix: 'theirs', upstreamRegistryUrl: 'quay.io'};
  await scene.stage.cloud.ecr.send(new CreatePullThroughCacheRuleCommand(theirs));
  const other = await put(pullThroughCaches, 'theirs', {upstreamRegistry: 'k8s'});
  await scene.condition(other, {type: 'Stalled', status: 'True', reason: 'RuleNotOwned'});
  const rival = await put(pullThroughCaches, 'rival', {upstreamRegistry: 'k8s', ecrRepositoryPrefix: 'k8s'});
  await scene.condition(rival, {type: 'Stalled', status: 'True', reason: 'PrefixTaken'});
  await t.throwsAsync(() => put(pullThroughCaches, 'hub2', {upstreamRegistry: 'docker-hub'}), {
    message: /need credentialArn or credentialSecretRef/,
  });
  await t.throwsAsync(() => put(pullThroughCaches, 'k8s', {upstreamRegistry: 'k8s', ecrRepositoryPrefix: 'other'}), {message: /immutable/});
});

test.serial('deleted with Delete, the rule and its secret go, and with Retain they stay', async (t) => {
  const hub = {type: pullThroughCaches, name: 'hub'};
  await scene.kube.delete(hub);
  await scene.gone(hub);
  t.is(await cacheRule('hub'), undefined);
  const k8s = {type: pullThroughCaches, name: 'k8s'};
  await scene.kube.delete(k8s);
  await scene.gone(k8s);
  t.not(await cacheRule('k8s'), undefined);
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  t.deepEqual(await scene.leaks([await operator.log()]), []);
});
