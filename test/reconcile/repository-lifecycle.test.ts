import {PutImageCommand, PutLifecyclePolicyCommand} from '@aws-sdk/client-ecr';
import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Ref} from '../../src/kube/kube.ts';
import {pods, registries} from '../../src/schema/types.ts';
import {lookAt, type EcrLook} from '../support/ecr-look.ts';
import {eventually} from '../support/eventually.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

const ns = 'shop';
const resync = 3;

let scene: Scene;
let look: EcrLook;

test.before(async () => {
  scene = await startScene();
  look = lookAt(scene.stage.cloud.ecr);
  await scene.stage.operator({flags: [`--resync-seconds=${resync}`]});
  await scene.namespace(ns);
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(() => scene?.stop());

const keep = (countNumber: number) => ({
  rulePriority: 2,
  selection: {tagStatus: 'any', countType: 'imageCountMoreThan', countNumber},
  action: {type: 'expire'},
});
const releases = {
  rulePriority: 1,
  description: 'releases go to the archive when nobody has pulled them for a year',
  selection: {tagStatus: 'tagged', tagPatternList: ['v*', '*-final'], countType: 'sinceImagePulled', countUnit: 'days', countNumber: 365},
  action: {type: 'transition', targetStorageClass: 'archive'},
};

async function push(repositoryName: string, imageTag: string): Promise<string> {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const imageManifest = JSON.stringify({schemaVersion: 2, mediaType, tag: imageTag, config: {size: 1}, layers: []});
  const {image} = await scene.stage.cloud.ecr.send(
    new PutImageCommand({repositoryName, imageManifest, imageManifestMediaType: mediaType, imageTag}),
  );
  return image?.imageId?.imageDigest ?? '';
}

/** A pod that no node runs, with a status as a kubelet would write it. */
async function runPod(name: string, image: string, imageID: string): Promise<Ref> {
  const ref = {type: pods, namespace: ns, name};
  const spec = {automountServiceAccountToken: false, containers: [{name: 'app', image}]};
  await eventually('the namespace has its ServiceAccount', () =>
    scene.kube.create(pods, {apiVersion: 'v1', kind: 'Pod', metadata: {name, namespace: ns}, spec}).then(
      () => true,
      () => false,
    ),
  );
  const containerStatus = {name: 'app', image, imageID, ready: true, restartCount: 0, state: {running: {}}};
  await scene.kube.merge(ref, {status: {phase: 'Running', containerStatuses: [containerStatus]}}, {subresource: 'status'});
  return ref;
}

/** A Repository of three images, v1 to v3, whose policy keeps nine. */
async function withImages(name: string): Promise<{readonly ref: Ref; readonly uri: string; readonly digests: readonly string[]}> {
  const ref = await scene.repository(ns, name, {lifecyclePolicy: {rules: [keep(9)]}});
  const {status} = await scene.ready(ref);
  const digests = [await push(name, 'v1'), await push(name, 'v2'), await push(name, 'v3')];
  return {ref, uri: String(status?.['repositoryUri']), digests};
}

test.serial('typed rules take one call for a new repository, and nothing more once they are there', async (t) => {
  const since = new Date();
  const ref = await scene.repository(ns, 'typed', {lifecyclePolicy: {rules: [keep(10), releases]}});
  const {metadata} = await scene.ready(ref);
  const calls = (await scene.calls(since)).map(({operation}) => operation);
  t.deepEqual(calls.slice(0, 2), ['CreateRepository', 'PutLifecyclePolicy']);
  t.deepEqual(JSON.parse((await look.lifecycleOf('typed')) ?? ''), {rules: [releases, keep(10)]});
  const respelt = {
    rules: [
      {...keep(10), description: ''},
      {...releases, selection: {...releases.selection, tagPatternList: ['*-final', 'v*']}},
    ],
  };
  await scene.stage.cloud.ecr.send(
    new PutLifecyclePolicyCommand({repositoryName: 'typed', lifecyclePolicyText: JSON.stringify(respelt, undefined, 1)}),
  );
  await sleep(1.5 * resync * 1000);
  const writes = (await scene.calls(since)).filter(({operation}) => /^(?:Put|Start)/.test(operation));
  t.is(writes.length, 1, 'another spelling is no difference');
  t.is((await scene.get(ref))?.metadata.resourceVersion, metadata.resourceVersion);
});

test('what AWS would refuse, the API server refuses in words that help', async (t) => {
  const bad: Readonly<Record<string, readonly [unknown, RegExp]>> = {
    both: [{rules: [keep(1)], lifecyclePolicyText: '{}'}, /either rules or lifecyclePolicyText, and not both/],
    none: [{}, /either rules or lifecyclePolicyText, and not both/],
    any: [
      {
        rules: [
          {...keep(1), rulePriority: 1},
          {...releases, selection: {...releases.selection}, rulePriority: 2},
        ],
      },
      /tagStatus any must have the highest rulePriority/,
    ],
    untagged: [
      {rules: [1, 2].map((rulePriority) => ({...keep(1), rulePriority, selection: {...keep(1).selection, tagStatus: 'untagged'}}))},
      /only one rule of a storage class may have tagStatus untagged/,
    ],
    twice: [{rules: [keep(1), {...releases, rulePriority: 2}]}, /Duplicate value|rulePriority/],
    tags: [{rules: [{...keep(1), selection: {...keep(1).selection, tagStatus: 'tagged'}}]}, /needs either tagPatternList or tagPrefixList/],
    unit: [{rules: [{...keep(1), selection: {...keep(1).selection, countUnit: 'days'}}]}, /countUnit days is needed with/],
    pulled: [{rules: [{...releases, action: {type: 'expire'}}]}, /sinceImagePulled can only archive/],
    nowhere: [{rules: [{...releases, action: {type: 'transition'}}]}, /type transition needs targetStorageClass archive/],
    wildcards: [{rules: [{...releases, selection: {...releases.selection, tagPatternList: ['*a*b*c*d*']}}]}, /tagPatternList\[0\]/],
  };
  for (const [name, [lifecyclePolicy, message]] of Object.entries(bad)) {
    await t.throwsAsync(scene.repository(ns, `bad-${name}`, {lifecyclePolicy}), {message}, name);
  }
});

test('a policy as text that AWS would refuse is told with the path of the field, and nothing is made', async (t) => {
  const lifecyclePolicyText = JSON.stringify({rules: [{...keep(1), selection: {...keep(1).selection, countUnit: 'days'}}]});
  const ref = await scene.repository(ns, 'bad-text', {lifecyclePolicy: {lifecyclePolicyText}});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'InvalidLifecyclePolicy'});
  t.regex(conditionOf(object, 'Stalled')?.message ?? '', /^spec\.lifecyclePolicy\.lifecyclePolicyText: rules\[0\]\.selection: countUnit/);
  t.false(await look.exists('bad-text'));
});

test('a change that would expire an image that runs is held back until its pod is gone', async (t) => {
  const {ref, uri, digests} = await withImages('guarded');
  const pod = await runPod('uses-v1', `${uri}:moved`, `${uri}@${digests[0]}`);
  const other = await runPod('uses-v3', `${uri}:v3`, `${uri}@${digests[2]}`);
  await scene.repository(ns, 'guarded', {imageTagMutability: 'IMMUTABLE', lifecyclePolicy: {rules: [keep(1)]}});
  const held = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'LifecycleWouldExpireRunningImage'});
  t.regex(
    conditionOf(held, 'Stalled')?.message ?? '',
    /takes 1 image that runs in this cluster: v1 \(expired by rule 2; used by Pod shop\/uses-v1\);/,
  );
  t.is(conditionOf(held, 'Ready')?.status, 'False');
  t.like(held.status?.['lifecyclePreview'], {expiringImageTotalCount: 2, runningImageTotalCount: 1});
  t.regex((await look.lifecycleOf('guarded')) ?? '', /"countNumber":9/);
  t.is((await look.found('guarded')).imageTagMutability, 'IMMUTABLE', 'what else has changed is done');
  t.true((await scene.warnings(ref, 1)).includes('LifecycleWouldExpireRunningImage×1'));
  const {resourceVersion} = held.metadata;
  await scene.kube.merge(other, {metadata: {labels: {touched: 'yes'}}});
  await sleep(1000);
  t.is((await scene.get(ref))?.metadata.resourceVersion, resourceVersion, 'a pod that changes is looked at, and nothing is written');
  t.is((await scene.stage.cluster.kubectl(['delete', 'pod', pod.name, '-n', ns, '--force', '--grace-period=0'])).code, 0);
  const freed = await scene.ready(ref, 15);
  t.regex((await look.lifecycleOf('guarded')) ?? '', /"countNumber":1\D/);
  t.like(freed.status?.['lifecyclePreview'], {expiringImageTotalCount: 2, runningImageTotalCount: 0});
});

test('with Warn the policy is put, and a condition says what it takes', async (t) => {
  const {ref, uri, digests} = await withImages('warned');
  await runPod('warned-v2', `${uri}@${digests[1]}`, '');
  await scene.repository(ns, 'warned', {lifecycleGuard: 'Warn', lifecyclePolicy: {rules: [keep(1)]}});
  const object = await scene.condition(ref, {type: 'RunningImagesProtected', status: 'False', reason: 'LifecycleWouldExpireRunningImage'});
  t.regex(conditionOf(object, 'RunningImagesProtected')?.message ?? '', /v2 \(expired by rule 2; used by Pod shop\/warned-v2\)/);
  t.is(conditionOf(object, 'Ready')?.status, 'True');
  t.regex((await look.lifecycleOf('warned')) ?? '', /"countNumber":1\D/);
});

test('what was changed in AWS is put back only after a preview too', async (t) => {
  const {ref, uri} = await withImages('drifting');
  await runPod('drifting-v1', `${uri}:v1`, '');
  await scene.repository(ns, 'drifting', {lifecyclePolicy: {rules: [keep(9)]}});
  const lifecyclePolicyText = JSON.stringify({rules: [keep(1)]});
  await scene.stage.cloud.ecr.send(new PutLifecyclePolicyCommand({repositoryName: 'drifting', lifecyclePolicyText}));
  await eventually('it is put back', async () => (await look.lifecycleOf('drifting'))?.includes('"countNumber":9'));
  const {status} = await scene.ready(ref);
  t.like(status?.['lifecyclePreview'], {expiringImageTotalCount: 0, runningImageTotalCount: 0});
});
