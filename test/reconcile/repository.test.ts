import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import {registries} from '../../src/schema/types.ts';
import {lookAt, policy, rule, type EcrLook} from '../support/ecr-look.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {pushBusybox} from '../support/push.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

const ns = 'shop';
const resync = 4;

let scene: Scene;
let operator: Operator;
let look: EcrLook;

test.before(async () => {
  scene = await startScene();
  look = lookAt(scene.stage.cloud.ecr);
  operator = await scene.stage.operator({flags: [`--resync-seconds=${resync}`, '--log-level=debug']});
  await scene.namespace(ns);
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(async () => {
  await scene?.stop();
});

const ecr = () => scene.stage.cloud.ecr;

function remove(name: string): Promise<unknown> {
  return scene.stage.cluster.kubectl(['delete', 'repositories.ecr.drayage.dev', name, '-n', ns, '--wait=false']);
}

test.serial('a repository with tags, lifecycle rules and a policy takes three calls', async (t) => {
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
  const repository = await look.found('shop/web');
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
  t.like(await look.tagsOf('shop/web'), {team: 'shop'});
  t.regex((await look.tagsOf('shop/web'))['drayage.dev/owner'] ?? '', /\/shop\/web$/);
  t.deepEqual(JSON.parse((await look.lifecycleOf('shop/web')) ?? ''), JSON.parse(rule(3)));
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
  const {repositoryArn: resourceArn} = await look.found(name);
  const others = [
    {Key: 'team', Value: 'intruders'},
    {Key: 'cost', Value: 'theirs'},
  ];
  await ecr().send(new TagResourceCommand({resourceArn, tags: others}));
  await ecr().send(new PutImageTagMutabilityCommand({repositoryName: name, imageTagMutability: 'MUTABLE'}));
  await ecr().send(new PutLifecyclePolicyCommand({repositoryName: name, lifecyclePolicyText: rule(9)}));
  await ecr().send(new SetRepositoryPolicyCommand({repositoryName: name, policyText: policy('ecr:PutImage')}));
  await eventually('all four are put back', async () => {
    const [tags, {imageTagMutability}, lifecycle, text] = await Promise.all([
      look.tagsOf(name),
      look.found(name),
      look.lifecycleOf(name),
      look.policyOf(name),
    ]);
    const isBack = tags['team'] === 'shop' && imageTagMutability === 'IMMUTABLE';
    return isBack && lifecycle?.includes('"countNumber":3') && text?.includes('ecr:BatchGetImage');
  });
  t.is((await look.tagsOf(name))['cost'], 'theirs');
  await ecr().send(new UntagResourceCommand({resourceArn, tagKeys: ['team', 'drayage.dev/owner']}));
  await eventually('the tags are back', async () => {
    const tags = await look.tagsOf(name);
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
  t.is((await look.found(name)).imageTagMutability, 'MUTABLE');
  t.deepEqual(await scene.warnings(ref, 1), ['Drifted×1']);
  await scene.repository(ns, name, {...spec, lifecyclePolicy: {lifecyclePolicyText: rule(4)}});
  await scene.ready(ref);
  t.regex((await look.lifecycleOf(name)) ?? '', /"countNumber":4/);
  t.is((await look.found(name)).imageTagMutability, 'IMMUTABLE');
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
    const [lifecycle, text, tags] = [await look.lifecycleOf(name), await look.policyOf(name), await look.tagsOf(name)];
    return lifecycle === undefined && text === undefined && !('stage' in tags) && tags['team'] === 'shop';
  });
  await scene.ready(ref);
  await ecr().send(new PutLifecyclePolicyCommand({repositoryName: name, lifecyclePolicyText: rule(7)}));
  await sleep(2 * resync * 1000);
  t.regex((await look.lifecycleOf(name)) ?? '', /"countNumber":7/, 'a policy that somebody else set is not ours to remove');
});

test('a repository that was deleted in AWS is made again', async (t) => {
  const ref = await scene.repository(ns, 'again', {tags: [{key: 'team', value: 'shop'}]});
  await scene.ready(ref);
  const {createdAt} = await look.found('again');
  await ecr().send(new DeleteRepositoryCommand({repositoryName: 'again'}));
  await eventually('it is back', () => look.exists('again'));
  t.not((await look.found('again')).createdAt?.getTime(), createdAt?.getTime());
  await eventually('with its tags', async () => (await look.tagsOf('again'))['team'] === 'shop');
  await scene.ready(ref);
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
  t.deepEqual(await look.tagsOf(repositoryName), {team: 'others'});
  t.is((await look.found(repositoryName)).imageTagMutability, 'MUTABLE');
  t.is(await look.lifecycleOf(repositoryName), undefined);
  t.deepEqual(await scene.warnings(ref, 1), ['RepositoryNotOwned×1']);
  await scene.repository(ns, repositoryName, {...spec, adoptionPolicy: 'Adopt'});
  await scene.ready(ref);
  t.like(await look.tagsOf(repositoryName), {team: 'shop'});
  t.is((await look.found(repositoryName)).imageTagMutability, 'IMMUTABLE');
});

test('a repository that is not ours outlives an object with deletionPolicy Delete', async (t) => {
  await ecr().send(new CreateRepositoryCommand({repositoryName: 'theirs'}));
  const ref = await scene.repository(ns, 'theirs', {deletionPolicy: 'Delete'});
  await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'RepositoryNotOwned'});
  await remove('theirs');
  await scene.gone(ref);
  t.true(await look.exists('theirs'));
});

test('of two objects for one repository one has it; the other gets it when the first is gone with it', async (t) => {
  const first = await scene.repository(ns, 'one', {name: 'shared', deletionPolicy: 'Delete'});
  await scene.ready(first);
  const second = await scene.repository(ns, 'two', {name: 'shared', adoptionPolicy: 'Adopt', imageTagMutability: 'IMMUTABLE'});
  const object = await scene.condition(second, {type: 'Stalled', status: 'True', reason: 'RepositoryNotOwned'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /\/shop\/one; nothing was touched; that object still exists/);
  await sleep(1.5 * resync * 1000);
  t.is((await look.found('shared')).imageTagMutability, 'MUTABLE');
  t.deepEqual(await scene.warnings(second, 1), ['RepositoryNotOwned×1']);
  await scene.ready(first);
  await remove('one');
  await scene.gone(first);
  await scene.ready(second);
  t.regex((await look.tagsOf('shared'))['drayage.dev/owner'] ?? '', /\/shop\/two$/);
});

test('deletionPolicy Retain, the default, leaves the repository', async (t) => {
  const ref = await scene.repository(ns, 'retained');
  await scene.ready(ref);
  await remove('retained');
  await scene.gone(ref);
  t.true(await look.exists('retained'));
  await scene.ready(await scene.repository(ns, 'retained'));
});

test('deletionPolicy DeleteIfEmpty deletes an empty repository', async (t) => {
  const ref = await scene.repository(ns, 'empty', {deletionPolicy: 'DeleteIfEmpty'});
  await scene.ready(ref);
  await remove('empty');
  await scene.gone(ref);
  t.false(await look.exists('empty'));
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
  t.false(await look.exists(repositoryName));
});

test('deletionPolicy Delete takes the images, too', async (t) => {
  const ref = await scene.repository(ns, 'images', {deletionPolicy: 'Delete'});
  await scene.ready(ref);
  await pushBusybox(scene.stage.cloud, 'images:1');
  await remove('images');
  await scene.gone(ref);
  t.false(await look.exists('images'));
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  t.is((await fetch(`${operator.healthUrl}/healthz`)).status, 200);
  const log = await operator.log();
  t.regex(log, /"msg":"walk ended"/);
  t.deepEqual(await scene.leaks([log]), []);
  t.notRegex(log, /"level":("error"|50)/);
});
