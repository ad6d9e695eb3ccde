import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import {registries} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {pushBusybox} from '../support/push.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

const ns = 'shop';
const resync = 4;
const rule = (count: number) =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: {tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: count},
        action: {type: 'expire'},
      },
    ],
  });
const policy = (action: string) =>
  JSON.stringify({Version: '2012-10-17', Statement: [{Sid: 'pull', Effect: 'Allow', Principal: '*', Action: [action]}]});

let scene: Scene;
let operator: Operator;

test.before(async () => {
  scene = await startScene();
  operator = await scene.stage.operator({flags: [`--resync-seconds=${resync}`, '--log-level=debug']});
  await scene.namespace(ns);
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(async () => {
  await scene?.stop();
});

const ecr = () => scene.stage.cloud.ecr;

async function found(name: string) {
  const {repositories = []} = await ecr().send(new DescribeRepositoriesCommand({repositoryNames: [name]}));
  const [repository] = repositories;
  if (repository === undefined) throw new Error(`no ${name}`);
  return repository;
}

async function exists(name: string): Promise<boolean> {
  return found(name).then(
    () => true,
    (error: Error) => {
      if (error.name === 'RepositoryNotFoundException') return false;
      throw error;
    },
  );
}

async function tagsOf(name: string): Promise<Readonly<Record<string, string>>> {
  const {repositoryArn} = await found(name);
  const {tags = []} = await ecr().send(new ListTagsForResourceCommand({resourceArn: repositoryArn}));
  return Object.fromEntries(tags.map(({Key, Value}) => [Key, Value]));
}

async function lifecycleOf(repositoryName: string): Promise<string | undefined> {
  const answer = await ecr()
    .send(new GetLifecyclePolicyCommand({repositoryName}))
    .catch(absent('LifecyclePolicyNotFoundException'));
  return answer?.lifecyclePolicyText;
}

async function policyOf(repositoryName: string): Promise<string | undefined> {
  const answer = await ecr()
    .send(new GetRepositoryPolicyCommand({repositoryName}))
    .catch(absent('RepositoryPolicyNotFoundException'));
  return answer?.policyText;
}

function absent(name: string): (error: Error) => undefined {
  return (error) => {
    if (error.name === name) return undefined;
    throw error;
  };
}

function remove(name: string): Promise<unknown> {
  return scene.stage.cluster.kubectl(['delete', 'repositories.ecr.drayage.dev', name, '-n', ns, '--wait=false']);
}

/** kubectl's words on a manifest that it or the API server refuses. */
async function refusal(manifest: object, args: readonly string[] = []): Promise<string> {
  const {code, stderr} = await scene.stage.cluster.kubectl(['apply', ...args, '-f', '-'], {input: JSON.stringify(manifest)});
  if (code === 0) throw new Error('it was accepted');
  return stderr;
}

function manifest(name: string, spec: object): object {
  return {apiVersion: 'ecr.drayage.dev/v1alpha1', kind: 'Repository', metadata: {name, namespace: ns}, spec};
}

test.serial('a repository with tags, lifecycle rules and a policy takes one call for each of the three requests that ECR has', async (t) => {
  const since = new Date();
  const ref = await scene.repository(ns, 'web', {
    name: 'shop/web',
    imageTagMutability: 'IMMUTABLE',
    tags: [{key: 'team', value: 'shop'}],
    lifecyclePolicy: {lifecyclePolicyText: rule(3)},
    repositoryPolicy: {policyText: policy('ecr:BatchGetImage')},
  });
  const object = await scene.ready(ref);
  const calls = (await scene.calls(since)).map(({operation}) => operation);
  t.log(`calls: ${calls.join(', ')}`);
  t.deepEqual(calls, ['CreateRepository', 'PutLifecyclePolicy', 'SetRepositoryPolicy']);
  t.is(conditionOf(object, 'Ready')?.reason, 'InSync');
  const repository = await found('shop/web');
  const {accountId, region} = scene.stage.cloud;
  t.is(object.status?.['repositoryUri'], repository.repositoryUri);
  t.like(object.status, {
    repositoryArn: repository.repositoryArn,
    registryId: accountId,
    imageTagMutability: 'IMMUTABLE',
    repositoryUris: {
      ipv4: `${accountId}.dkr.ecr.${region}.amazonaws.com/shop/web`,
      dualStack: `${accountId}.dkr-ecr.${region}.on.aws/shop/web`,
    },
  });
  t.like(await tagsOf('shop/web'), {team: 'shop'});
  t.regex((await tagsOf('shop/web'))['drayage.dev/owner'] ?? '', /\/shop\/web$/);
  t.deepEqual(JSON.parse((await lifecycleOf('shop/web')) ?? ''), JSON.parse(rule(3)));
  t.deepEqual(await scene.warnings(ref), []);
});

test('what is changed in AWS is put back at the next resync, and tags of others stay', async (t) => {
  const name = 'drift';
  const spec = {
    imageTagMutability: 'IMMUTABLE',
    tags: [{key: 'team', value: 'shop'}],
    lifecyclePolicy: {lifecyclePolicyText: rule(3)},
    repositoryPolicy: {policyText: policy('ecr:BatchGetImage')},
  };
  const ref = await scene.repository(ns, name, spec);
  await scene.ready(ref);
  const {repositoryArn: resourceArn} = await found(name);
  const others = [
    {Key: 'team', Value: 'intruders'},
    {Key: 'cost', Value: 'theirs'},
  ];
  await ecr().send(new TagResourceCommand({resourceArn, tags: others}));
  await ecr().send(new PutImageTagMutabilityCommand({repositoryName: name, imageTagMutability: 'MUTABLE'}));
  await ecr().send(new PutLifecyclePolicyCommand({repositoryName: name, lifecyclePolicyText: rule(9)}));
  await ecr().send(new SetRepositoryPolicyCommand({repositoryName: name, policyText: policy('ecr:PutImage')}));
  await eventually('all four are put back', async () => {
    const [tags, {imageTagMutability}, lifecycle, text] = await Promise.all([tagsOf(name), found(name), lifecycleOf(name), policyOf(name)]);
    const isBack = tags['team'] === 'shop' && imageTagMutability === 'IMMUTABLE';
    return isBack && lifecycle?.includes('"countNumber":3') && text?.includes('ecr:BatchGetImage');
  });
  t.is((await tagsOf(name))['cost'], 'theirs');
  await ecr().send(new UntagResourceCommand({resourceArn, tagKeys: ['team', 'drayage.dev/owner']}));
  await eventually('the tags are back', async () => {
    const tags = await tagsOf(name);
    return tags['team'] === 'shop' && tags['drayage.dev/owner']?.endsWith('/shop/drift');
  });
  t.deepEqual(await scene.warnings(ref), []);
});

test('with driftPolicy Report a change in AWS is told once and left alone, and a change of the spec is still carried out', async (t) => {
  const name = 'report';
  const spec = {driftPolicy: 'Report', imageTagMutability: 'IMMUTABLE', lifecyclePolicy: {lifecyclePolicyText: rule(3)}};
  const ref = await scene.repository(ns, name, spec);
  await scene.ready(ref);
  await ecr().send(new PutImageTagMutabilityCommand({repositoryName: name, imageTagMutability: 'MUTABLE'}));
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'Drifted'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /imageTagMutability is MUTABLE in ECR, and IMMUTABLE in the spec/);
  await sleep(2.5 * resync * 1000);
  t.is((await found(name)).imageTagMutability, 'MUTABLE');
  t.deepEqual(await scene.warnings(ref, 1), ['Drifted×1']);
  await scene.repository(ns, name, {...spec, lifecyclePolicy: {lifecyclePolicyText: rule(4)}});
  await scene.ready(ref);
  t.regex((await lifecycleOf(name)) ?? '', /"countNumber":4/);
  t.is((await found(name)).imageTagMutability, 'IMMUTABLE');
});

test('what the spec no longer has goes from ECR, if the spec had brought it', async (t) => {
  const name = 'less';
  const ref = await scene.repository(ns, name, {
    tags: [
      {key: 'team', value: 'shop'},
      {key: 'stage', value: 'test'},
    ],
    lifecyclePolicy: {lifecyclePolicyText: rule(3)},
    repositoryPolicy: {policyText: policy('ecr:BatchGetImage')},
  });
  await scene.ready(ref);
  await scene.repository(ns, name, {tags: [{key: 'team', value: 'shop'}]});
  await eventually('policies and tag are gone', async () => {
    const [lifecycle, text, tags] = [await lifecycleOf(name), await policyOf(name), await tagsOf(name)];
    return lifecycle === undefined && text === undefined && !('stage' in tags) && tags['team'] === 'shop';
  });
  await scene.ready(ref);
  await ecr().send(new PutLifecyclePolicyCommand({repositoryName: name, lifecyclePolicyText: rule(7)}));
  await sleep(2 * resync * 1000);
  t.regex((await lifecycleOf(name)) ?? '', /"countNumber":7/, 'a policy that somebody else set is not ours to remove');
});

test('a repository that was deleted in AWS is made again', async (t) => {
  const ref = await scene.repository(ns, 'again', {tags: [{key: 'team', value: 'shop'}]});
  await scene.ready(ref);
  const {createdAt} = await found('again');
  await ecr().send(new DeleteRepositoryCommand({repositoryName: 'again'}));
  await eventually('it is back', () => exists('again'));
  t.not((await found('again')).createdAt?.getTime(), createdAt?.getTime());
  await eventually('with its tags', async () => (await tagsOf('again'))['team'] === 'shop');
  await scene.ready(ref);
});

test('the API server refuses a name that ECR would refuse, and says what a name looks like', async (t) => {
  for (const name of ['Shop/Web', 'shop//web', '-web', 'a']) {
    const text = await refusal(manifest('bad-name', {name}));
    t.regex(text, /spec\.name: (Invalid value|Too short|Required)/, name);
  }
});

test('the API server refuses a change of what cannot be changed, in words', async (t) => {
  await scene.ready(await scene.repository(ns, 'fixed', {name: 'fixed', encryptionConfiguration: {encryptionType: 'AES256'}}));
  const renamed = await refusal(manifest('fixed', {name: 'other', encryptionConfiguration: {encryptionType: 'AES256'}}), serverSide);
  t.regex(renamed, /spec\.name: Invalid value: .*(immutable|cannot be changed)/i);
  const encrypted = await refusal(manifest('fixed', {name: 'fixed', encryptionConfiguration: {encryptionType: 'KMS'}}), serverSide);
  t.regex(encrypted, /spec\.encryptionConfiguration: Invalid value: .*(immutable|cannot be changed)/i);
  t.log(encrypted.trim().split('\n').at(-1));
});

const serverSide = ['--server-side', '--force-conflicts'];

test('an immutable field that is added or taken away later is a change, too', async (t) => {
  await scene.ready(await scene.repository(ns, 'later', {}));
  const added = await refusal(manifest('later', {name: 'other'}), serverSide);
  t.regex(added, /immutable|cannot be changed/i);
  await scene.ready(await scene.repository(ns, 'later-2', {name: 'later-2-name'}));
  await t.throwsAsync(() => scene.repository(ns, 'later-2', {}), {message: /immutable|cannot be changed/i});
});

test('kubectl names a field that does not exist', async (t) => {
  t.regex(await refusal(manifest('typo', {imageTagMutabilty: 'IMMUTABLE'})), /unknown field "spec\.imageTagMutabilty"/);
});

test('reserved tag keys and impossible encryption are refused by the API server', async (t) => {
  t.regex(await refusal(manifest('bad', {tags: [{key: 'aws:x', value: ''}]})), /keys that begin with aws: or drayage\.dev\/ are reserved/);
  const encryption = {encryptionConfiguration: {encryptionType: 'AES256', kmsKey: 'alias/x'}};
  t.regex(await refusal(manifest('bad', encryption)), /kmsKey needs encryptionType KMS/);
  t.regex(await refusal(manifest('bad', {imageTagMutability: 'SOMETIMES'})), /Unsupported value: "SOMETIMES"/);
});

test('documents that are not JSON are told with the place, before anything is made', async (t) => {
  const one = await scene.repository(ns, 'bad-lifecycle', {lifecyclePolicy: {lifecyclePolicyText: '{"rules": [}'}});
  const two = await scene.repository(ns, 'bad-policy', {repositoryPolicy: {policyText: '[]'}});
  const first = await scene.condition(one, {type: 'Stalled', status: 'True', reason: 'InvalidLifecyclePolicy'});
  t.regex(conditionOf(first, 'Ready')?.message ?? '', /line 1 column 12/);
  const second = await scene.condition(two, {type: 'Stalled', status: 'True', reason: 'InvalidRepositoryPolicy'});
  t.regex(conditionOf(second, 'Ready')?.message ?? '', /must be a JSON object/);
  t.false(await exists('bad-lifecycle'));
  t.false(await exists('bad-policy'));
  await sleep(1.5 * resync * 1000);
  t.deepEqual(await scene.warnings(one, 1), ['InvalidLifecyclePolicy×1']);
  t.deepEqual(await scene.warnings(two, 1), ['InvalidRepositoryPolicy×1']);
  await scene.repository(ns, 'bad-lifecycle', {lifecyclePolicy: {lifecyclePolicyText: rule(3)}});
  await scene.ready(one);
});

test('a repository that exists and is not ours is not touched, until the object says Adopt', async (t) => {
  const repositoryName = 'foreign';
  await ecr().send(new CreateRepositoryCommand({repositoryName, tags: [{Key: 'team', Value: 'others'}]}));
  const spec = {imageTagMutability: 'IMMUTABLE', tags: [{key: 'team', value: 'shop'}], lifecyclePolicy: {lifecyclePolicyText: rule(3)}};
  const ref = await scene.repository(ns, repositoryName, spec);
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'RepositoryNotOwned'});
  t.is(conditionOf(object, 'Ready')?.status, 'False');
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /set spec\.adoptionPolicy to Adopt/);
  t.is(object.status?.['repositoryUri'], undefined);
  await sleep(1.5 * resync * 1000);
  t.deepEqual(await tagsOf(repositoryName), {team: 'others'});
  t.is((await found(repositoryName)).imageTagMutability, 'MUTABLE');
  t.is(await lifecycleOf(repositoryName), undefined);
  t.deepEqual(await scene.warnings(ref, 1), ['RepositoryNotOwned×1']);
  await scene.repository(ns, repositoryName, {...spec, adoptionPolicy: 'Adopt'});
  await scene.ready(ref);
  t.like(await tagsOf(repositoryName), {team: 'shop'});
  t.is((await found(repositoryName)).imageTagMutability, 'IMMUTABLE');
});

test('a repository that is not ours outlives an object with deletionPolicy Delete', async (t) => {
  await ecr().send(new CreateRepositoryCommand({repositoryName: 'theirs'}));
  const ref = await scene.repository(ns, 'theirs', {deletionPolicy: 'Delete'});
  await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'RepositoryNotOwned'});
  await remove('theirs');
  await scene.gone(ref);
  t.true(await exists('theirs'));
});

test('of two objects for one repository one has it; the other gets it when the first is gone with it', async (t) => {
  const first = await scene.repository(ns, 'one', {name: 'shared', deletionPolicy: 'Delete'});
  await scene.ready(first);
  const second = await scene.repository(ns, 'two', {name: 'shared', adoptionPolicy: 'Adopt', imageTagMutability: 'IMMUTABLE'});
  const object = await scene.condition(second, {type: 'Stalled', status: 'True', reason: 'RepositoryNotOwned'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /\/shop\/one; nothing was touched; that object still exists/);
  await sleep(1.5 * resync * 1000);
  t.is((await found('shared')).imageTagMutability, 'MUTABLE');
  t.deepEqual(await scene.warnings(second, 1), ['RepositoryNotOwned×1']);
  await scene.ready(first);
  await remove('one');
  await scene.gone(first);
  await scene.ready(second);
  t.regex((await tagsOf('shared'))['drayage.dev/owner'] ?? '', /\/shop\/two$/);
});

test('deletionPolicy Retain, the default, leaves the repository', async (t) => {
  const ref = await scene.repository(ns, 'retained');
  await scene.ready(ref);
  await remove('retained');
  await scene.gone(ref);
  t.true(await exists('retained'));
  await scene.ready(await scene.repository(ns, 'retained'));
});

test('deletionPolicy DeleteIfEmpty deletes an empty repository', async (t) => {
  const ref = await scene.repository(ns, 'empty', {deletionPolicy: 'DeleteIfEmpty'});
  await scene.ready(ref);
  await remove('empty');
  await scene.gone(ref);
  t.false(await exists('empty'));
});

test('deletionPolicy DeleteIfEmpty keeps images, says so once, and goes when they are gone', async (t) => {
  const repositoryName = 'full';
  const ref = await scene.repository(ns, repositoryName, {deletionPolicy: 'DeleteIfEmpty'});
  await scene.ready(ref);
  await pushBusybox(scene.stage.cloud, 'full:1');
  await remove(repositoryName);
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'RepositoryNotEmpty'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /holds 1 images/);
  t.deepEqual(await scene.warnings(ref, 1), ['RepositoryNotEmpty×1']);
  const {imageDetails = []} = await ecr().send(new DescribeImagesCommand({repositoryName}));
  t.deepEqual(
    imageDetails.flatMap(({imageTags = []}) => imageTags),
    ['1'],
  );
  const imageIds = imageDetails.map(({imageDigest}) => ({imageDigest}));
  await ecr().send(new BatchDeleteImageCommand({repositoryName, imageIds}));
  // Nothing tells of images that go, so it is looked at each minute.
  await scene.gone(ref, 70);
  t.false(await exists(repositoryName));
});

test('deletionPolicy Delete takes the images, too', async (t) => {
  const ref = await scene.repository(ns, 'images', {deletionPolicy: 'Delete'});
  await scene.ready(ref);
  await pushBusybox(scene.stage.cloud, 'images:1');
  await remove('images');
  await scene.gone(ref);
  t.false(await exists('images'));
});

test('a registry that does not exist is named, and waited for', async (t) => {
  const ref = await scene.repository(ns, 'early', {registryRef: {name: 'late'}});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'RegistryNotFound'});
  t.is(conditionOf(object, 'Ready')?.message, 'there is no Registry late');
  t.deepEqual(await scene.warnings(ref, 1), ['RegistryNotFound×1']);
  t.false(await exists('early'));
  const registry = {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name: 'late'}, spec: {}};
  await scene.kube.apply(registries, registry, {fieldManager: 'tests'});
  await scene.ready(ref, 3);
});

test('a namespace that the registry does not allow gets nothing, until its labels match', async (t) => {
  const spec = {allowedNamespaces: {matchLabels: {ecr: 'yes'}}};
  const registry = {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name: 'closed'}, spec};
  await scene.kube.apply(registries, registry, {fieldManager: 'tests'});
  await scene.namespace('outside');
  const ref = await scene.repository('outside', 'kept-out', {registryRef: {name: 'closed'}});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'NamespaceNotAllowed'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /does not allow the namespace outside/);
  t.deepEqual(await scene.warnings(ref, 1), ['NamespaceNotAllowed×1']);
  t.false(await exists('kept-out'));
  await scene.namespace('outside', {ecr: 'yes'});
  await scene.ready(ref, 3);
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, 'running']), 'running');
  t.is((await fetch(`${operator.healthUrl}/healthz`)).status, 200);
  const log = await operator.log();
  t.true(log.length > 10_000);
  t.deepEqual(await scene.leaks([log]), []);
  t.notRegex(log, /"level":("error"|50)/);
});
