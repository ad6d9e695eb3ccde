import test from 'ava';
import type {KubeObject} from '../../../src/schema/object.ts';
import {withEcrImages} from '../../../src/kinds/sources.ts';
import {type Input, keep, keepOn, resourceOf, statusIn, type Walked} from './keep.ts';
import {accountId, MemoryEcr, region, type Stored} from './memory-ecr.ts';

const uri = `${accountId}.dkr.ecr.${region}.amazonaws.com/app`;
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const rulesOf = (countNumber: number) => [
  {rulePriority: 1, selection: {tagStatus: 'any', countType: 'imageCountMoreThan', countNumber}, action: {type: 'expire'}},
];
const doomed = [
  {imageDigest: digest('a'), imageTags: ['v1'], action: 'EXPIRE', appliedRulePriority: 1},
  {imageDigest: digest('b'), imageTags: [], action: 'EXPIRE', appliedRulePriority: 1},
  {imageDigest: digest('c'), imageTags: ['v3', 'old'], action: 'TRANSITION', appliedRulePriority: 1},
];

/** A pod as the operator keeps it. */
function pod(name: string, images: Readonly<Record<string, string>>, owner?: string): KubeObject {
  const containers = Object.keys(images).map((image, index) => ({name: `c${index}`, image}));
  const containerStatuses = Object.values(images).map((imageID, index) => ({name: `c${index}`, imageID}));
  const ownerReferences = owner === undefined ? [] : [{apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: 'u', controller: true}];
  const metadata = {name, namespace: 'shop', ownerReferences};
  return withEcrImages({apiVersion: 'v1', kind: 'Pod', metadata, spec: {containers}, status: {containerStatuses}});
}

/** A repository of images that was made by the object, whose policy is now to be another. */
async function changed(
  spec: Input = {},
): Promise<{readonly ecr: MemoryEcr; readonly stored: Stored; readonly resource: Walked['resource']}> {
  const ecr = new MemoryEcr();
  const {resource} = await keep(resourceOf({lifecyclePolicy: {rules: rulesOf(9)}}), ecr);
  const stored = ecr.repositories.get('app')!;
  Object.assign(stored, {images: 5, doomed});
  ecr.take();
  return {
    ecr,
    stored,
    resource: {...resourceOf({lifecyclePolicy: {rules: rulesOf(2)}, ...spec}, {generation: 2}), status: resource.status},
  };
}

const count = ({lifecyclePolicyText}: Stored) => /"countNumber":(\d+)/.exec(lifecyclePolicyText ?? '')?.[1];

test('a changed policy waits for the preview, and is put when no image goes that runs', async (t) => {
  const {ecr, stored, resource} = await changed();
  const objects = [pod('other', {[`${accountId}.dkr.ecr.${region}.amazonaws.com/app2:v1`]: `x/app2@${digest('d')}`})];
  const first = await keep(resource, ecr, {objects});
  t.like(first.outcome, {is: 'waiting', reason: 'LifecyclePreviewing', seconds: 3});
  t.deepEqual(ecr.take().slice(3), ['ListImages', 'GetLifecyclePolicyPreview', 'StartLifecyclePolicyPreview']);
  t.is(count(stored), '9');
  const second = await keep(first.resource, ecr, {objects});
  t.like(second.outcome, {is: 'waiting', reason: 'LifecyclePreviewing'});
  const third = await keep(second.resource, ecr, {objects});
  t.like(third.outcome, {is: 'settled', reason: 'InSync'});
  t.is(count(stored), '2');
  const preview = statusIn(third.resource).lifecyclePreview;
  t.like(preview, {
    requestedAt: '2026-01-01T00:00:00.000Z',
    evaluatedAt: '2026-01-01T00:00:00.000Z',
    expiringImageTotalCount: 2,
    transitioningImageTotalCounts: [{targetStorageClass: 'ARCHIVE', imageTotalCount: 1}],
    runningImageTotalCount: 0,
    runningImages: undefined,
  });
  ecr.take();
  const again = await keep(third.resource, ecr, {objects});
  t.deepEqual(ecr.take(), ['DescribeRepositories', 'ListTagsForResource', 'GetLifecyclePolicy']);
  t.deepEqual(again.resource.status, third.resource.status);
});

test('an image that runs, by tag, by digest or under another name of the registry, holds the change back until no pod needs it', async (t) => {
  const users: Readonly<Record<string, KubeObject>> = {
    'tag of the spec': pod('p', {[`${uri}:v1`]: ''}),
    'digest that runs': pod('p', {[`${uri}:latest`]: `${uri}@${digest('b')}`}),
    'digest of the spec': pod('p', {[`${uri}@${digest('c')}`]: ''}),
    'dual-stack': pod('p', {[`${accountId}.dkr-ecr.${region}.on.aws/app:v1`]: ''}),
    fips: pod('p', {[`${accountId}.dkr.ecr-fips.${region}.amazonaws.com/app:v3`]: ''}),
    'dual-stack fips': pod('p', {[`${accountId}.dkr-ecr-fips.${region}.on.aws/app:v1`]: ''}),
    'digest that the runtime knows by another registry': pod('p', {[`${uri}:moved`]: `docker.io/library/app@${digest('a')}`}),
    'image that the runtime knows by this registry': pod('p', {'docker.io/library/app:1': `${uri}@${digest('a')}`}),
  };
  for (const [name, user] of Object.entries(users)) {
    const {ecr, stored, resource} = await changed();
    const held = await keepOn(resource, ecr, {objects: [user]});
    t.like(held.outcome, {is: 'stalled', reason: 'LifecycleWouldExpireRunningImage', seconds: 300}, name);
    t.is(count(stored), '9', name);
    t.deepEqual(statusIn(held.resource).applied, {generation: 1, tags: [], lifecyclePolicy: true}, name);
    ecr.take();
    const again = await keep(held.resource, ecr, {objects: [user]});
    t.deepEqual(again.resource.status, held.resource.status, `${name}: nothing is written while nothing changes`);
    t.deepEqual(again.outcome, held.outcome, name);
    t.false(ecr.take().includes('StartLifecyclePolicyPreview'), name);
    const freed = await keep(again.resource, ecr);
    t.like(freed.outcome, {is: 'settled', reason: 'InSync'}, name);
    t.is(count(stored), '2', name);
  }
});

test('what does not run in this repository holds nothing back', async (t) => {
  const others = [
    pod('tag that stays', {[`${uri}:v9`]: `${uri}@${digest('9')}`}),
    pod('another repository', {[`${uri}/sub:v1`]: `${uri}/sub@${digest('a')}`}),
    pod('another account', {[`${uri.replace(accountId, '999999999999')}:v1`]: ''}),
    pod('another region', {[`${accountId}.dkr.ecr.eu-west-1.amazonaws.com/app:v1`]: ''}),
    pod('a tag beside the digest that counts', {[`${uri}:v1@${digest('9')}`]: ''}),
  ];
  const {ecr, resource} = await changed();
  t.like((await keepOn(resource, ecr, {objects: others})).outcome, {is: 'settled', reason: 'InSync'});
});

test('the message names images, rule, who uses them, and what to do; pods of one owner are one', async (t) => {
  const {ecr, resource} = await changed();
  const objects = [
    pod('web-1', {[`${uri}:v1`]: ''}, 'web-5d8f'),
    pod('web-2', {[`${uri}:v1`]: ''}, 'web-5d8f'),
    pod('bare', {[`${uri}:old`]: ''}),
  ];
  const {outcome, resource: after} = await keepOn(resource, ecr, {objects});
  t.is(
    outcome.message,
    'the lifecycle policy of app was not changed, because the new one takes 2 images that run in this cluster: ' +
      'old, v3 (archived by rule 1; used by Pod shop/bare); v1 (expired by rule 1; used by ReplicaSet shop/web-5d8f); ' +
      'roll out another image, add a rule of a lower rulePriority that keeps these, or set spec.lifecycleGuard to Warn or Off',
  );
  t.is(statusIn(after).lifecyclePreview?.runningImages?.length, 2);
});

test('at most five images are named', async (t) => {
  const {ecr, stored, resource} = await changed();
  stored.doomed = Array.from({length: 7}, (_, index) => ({imageDigest: digest(String(index)), imageTags: [`v${index}`], action: 'EXPIRE'}));
  const objects = stored.doomed.map(({imageTags}) => pod(`p-${imageTags.join()}`, {[`${uri}:${imageTags.join()}`]: ''}));
  const {outcome} = await keepOn(resource, ecr, {objects});
  t.regex(outcome.message, /takes 7 images that run .*v4 \(expired; used by Pod shop\/p-v4\); and 2 more;/);
  t.notRegex(outcome.message, /v5/);
});

test('what else has changed is done while the policy is held back', async (t) => {
  const {ecr, stored, resource} = await changed({imageTagMutability: 'IMMUTABLE'});
  const held = await keepOn(resource, ecr, {objects: [pod('p', {[`${uri}:v1`]: ''})]});
  t.is(held.outcome.reason, 'LifecycleWouldExpireRunningImage');
  t.is(stored.repository.imageTagMutability, 'IMMUTABLE');
});

test('Warn puts the policy and says what it takes, Off puts it without a preview', async (t) => {
  const objects = [pod('p', {[`${uri}:v1`]: ''})];
  const warned = await changed({lifecycleGuard: 'Warn'});
  const walked = await keepOn(warned.resource, warned.ecr, {objects});
  t.like(walked.outcome, {is: 'settled', reason: 'InSync'});
  t.is(count(warned.stored), '2');
  const [condition] = walked.conditions;
  t.like(condition, {type: 'RunningImagesProtected', status: 'False', reason: 'LifecycleWouldExpireRunningImage', aside: true});
  t.regex(condition?.message ?? '', /v1 \(expired by rule 1; used by Pod shop\/p\)/);
  const again = await keep(walked.resource, warned.ecr, {objects});
  t.deepEqual([again.resource.status, again.conditions], [walked.resource.status, walked.conditions]);

  const off = await changed({lifecycleGuard: 'Off'});
  t.is((await keep(off.resource, off.ecr, {objects})).outcome.reason, 'InSync');
  t.deepEqual(off.ecr.take(), ['DescribeRepositories', 'ListTagsForResource', 'GetLifecyclePolicy', 'PutLifecyclePolicy']);
});

test('a repository without images needs no preview', async (t) => {
  const {ecr, stored, resource} = await changed();
  stored.images = 0;
  t.is((await keep(resource, ecr)).outcome.reason, 'InSync');
  t.false(ecr.take().includes('StartLifecyclePolicyPreview'));
});

test('a change that was held back is previewed anew after five minutes, and stays held back meanwhile', async (t) => {
  const {ecr, resource} = await changed();
  const objects = [pod('p', {[`${uri}:v1`]: ''})];
  const held = await keepOn(resource, ecr, {objects});
  ecr.now = new Date(ecr.now.getTime() + 300_000);
  const later = await keep(held.resource, ecr, {objects});
  t.deepEqual(
    later.steps.map(({call}) => call),
    ['StartLifecyclePolicyPreview'],
  );
  t.deepEqual(later.outcome, {...held.outcome, seconds: 3});
  const looking = await keep(later.resource, ecr, {objects});
  t.deepEqual(looking.outcome, {...held.outcome, seconds: 3});
  const after = await keep(looking.resource, ecr, {objects});
  t.deepEqual(after.outcome, held.outcome);
  t.is(statusIn(after.resource).lifecyclePreview?.evaluatedAt, '2026-01-01T00:05:00.000Z');
});

test("another's preview is waited for and never taken for ours, whatever it says", async (t) => {
  const {ecr, stored, resource} = await changed();
  stored.preview = {text: '{"rules":[]}', looks: 2, status: 'COMPLETE'};
  const first = await keep(resource, ecr);
  t.like(first.outcome, {is: 'waiting', reason: 'LifecyclePreviewing'});
  t.deepEqual(first.steps, []);
  t.is(statusIn(first.resource).lifecyclePreview, undefined);
  t.is((await keepOn(first.resource, ecr)).outcome.reason, 'InSync');
  t.is(count(stored), '2');
});

test('a preview of the same policy that someone asked for earlier is not relied on', async (t) => {
  const {ecr, stored, resource} = await changed();
  stored.preview = {text: JSON.stringify({rules: rulesOf(2)}), looks: 0, status: 'COMPLETE'};
  const {steps} = await keep(resource, ecr);
  t.deepEqual(
    steps.map(({call}) => call),
    ['StartLifecyclePolicyPreview'],
  );
});

test('a preview that fails is tried again with back-off, and nothing is put', async (t) => {
  const {ecr, stored, resource} = await changed();
  ecr.ending = 'FAILED';
  const walked = await keepOn(resource, ecr);
  t.like(walked.outcome, {is: 'failed', reason: 'LifecyclePreviewFailed'});
  t.is(count(stored), '9');
});

test("a policy that was held back never makes another's policy ours to delete", async (t) => {
  const ecr = new MemoryEcr();
  const theirs = JSON.stringify({rules: rulesOf(50)});
  const stored = ecr.put('app', {images: 5, doomed, lifecyclePolicyText: theirs});
  const spec = {adoptionPolicy: 'Adopt', lifecyclePolicy: {rules: rulesOf(2)}};
  const held = await keepOn(resourceOf(spec), ecr, {objects: [pod('p', {[`${uri}:v1`]: ''})]});
  t.is(held.outcome.reason, 'LifecycleWouldExpireRunningImage');
  const without = await keep({...resourceOf({adoptionPolicy: 'Adopt'}, {generation: 2}), status: held.resource.status}, ecr);
  t.is(without.outcome.reason, 'InSync');
  t.is(stored.lifecyclePolicyText, theirs);
});

test('a repository that came back with images does not have another policy put unseen', async (t) => {
  const {ecr, stored} = await changed();
  const objects = [pod('p', {[`${uri}:v1`]: ''})];
  const walked = await keepOn(resourceOf({lifecyclePolicy: {rules: rulesOf(1)}}), ecr, {objects});
  t.is(walked.outcome.reason, 'LifecycleWouldExpireRunningImage');
  t.is(count(stored), '9');
});
