import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  GetLifecyclePolicyCommand,
  GetLifecyclePolicyPreviewCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
  StartLifecyclePolicyPreviewCommand,
  waitUntilLifecyclePolicyPreviewComplete,
  type GetLifecyclePolicyPreviewCommandInput,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {evaluate, type Image} from './gateway/lifecycle-evaluation.ts';
import {readLifecyclePolicy} from './gateway/lifecycle-rules.ts';
import {startCloud, type Cloud} from './start.ts';

let cloud: Cloud;

test.before(async () => {
  cloud = await startCloud();
});
test.after.always(() => cloud?.stop());

const send = () => cloud.ecr;
const index = 'application/vnd.oci.image.index.v1+json';
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

async function push(repositoryName: string, name: string, imageTag?: string): Promise<string> {
  const imageManifest = JSON.stringify({schemaVersion: 2, mediaType, name, config: {size: 1}, layers: []});
  const {image} = await send().send(
    new PutImageCommand({repositoryName, imageManifest, imageManifestMediaType: mediaType, ...(imageTag !== undefined && {imageTag})}),
  );
  return image?.imageId?.imageDigest ?? '';
}

const policy = (...rules: readonly object[]) => JSON.stringify({rules});
const keep = (countNumber: number, selection: object = {tagStatus: 'any'}, rulePriority = 1) => ({
  rulePriority,
  selection: {...selection, countType: 'imageCountMoreThan', countNumber},
  action: {type: 'expire'},
});

async function preview(repositoryName: string, lifecyclePolicyText?: string, more: Partial<GetLifecyclePolicyPreviewCommandInput> = {}) {
  await send().send(new StartLifecyclePolicyPreviewCommand({repositoryName, ...(lifecyclePolicyText && {lifecyclePolicyText})}));
  await waitUntilLifecyclePolicyPreviewComplete({client: send(), maxWaitTime: 10, minDelay: 1, maxDelay: 1}, {repositoryName});
  return send().send(new GetLifecyclePolicyPreviewCommand({repositoryName, ...more}));
}

test('a preview is in progress first, refuses another meanwhile, and then says what would go', async (t) => {
  const repositoryName = 'previewed';
  await send().send(new CreateRepositoryCommand({repositoryName}));
  const get = () => send().send(new GetLifecyclePolicyPreviewCommand({repositoryName}));
  await t.throwsAsync(get(), {name: 'LifecyclePolicyPreviewNotFoundException'});
  const start = (lifecyclePolicyText?: string) =>
    send().send(new StartLifecyclePolicyPreviewCommand({repositoryName, ...(lifecyclePolicyText && {lifecyclePolicyText})}));
  await t.throwsAsync(start(), {name: 'LifecyclePolicyNotFoundException'});
  const digests = [await push(repositoryName, 'one', 'v1'), await push(repositoryName, 'two'), await push(repositoryName, 'three', 'v3')];
  const {status} = await start(policy(keep(1)));
  t.is(status, 'IN_PROGRESS');
  await t.throwsAsync(start(policy(keep(2))), {name: 'LifecyclePolicyPreviewInProgressException'});
  t.is((await get()).status, 'IN_PROGRESS');
  await waitUntilLifecyclePolicyPreviewComplete({client: send(), maxWaitTime: 10, minDelay: 1, maxDelay: 1}, {repositoryName});
  const done = await get();
  t.deepEqual(done.summary, {expiringImageTotalCount: 2});
  t.deepEqual(done.previewResults?.map(({imageDigest}) => imageDigest).toSorted(), digests.slice(0, 2).toSorted());
  const tagged = done.previewResults?.find(({imageTags}) => imageTags !== undefined);
  t.like(tagged, {imageTags: ['v1'], action: {type: 'EXPIRE'}, appliedRulePriority: 1, storageClass: 'STANDARD'});
  t.true(tagged?.imagePushedAt instanceof Date);
  const asked = await send().send(new GetLifecyclePolicyPreviewCommand({repositoryName, imageIds: [{imageTag: 'v1'}]}));
  t.is(asked.previewResults?.length, 1);
  const page = await send().send(new GetLifecyclePolicyPreviewCommand({repositoryName, maxResults: 1}));
  const last = await send().send(new GetLifecyclePolicyPreviewCommand({repositoryName, nextToken: page.nextToken}));
  t.deepEqual(
    new Set([...(page.previewResults ?? []), ...(last.previewResults ?? [])].map(({imageDigest}) => imageDigest)),
    new Set(digests.slice(0, 2)),
  );
  t.is(last.nextToken, undefined);
  await t.throwsAsync(send().send(new GetLifecyclePolicyPreviewCommand({repositoryName, maxResults: 101})), {
    name: 'InvalidParameterException',
  });
});

test('another repository of the same name has no preview, and one that is not there is not found', async (t) => {
  const repositoryName = 'again';
  await send().send(new CreateRepositoryCommand({repositoryName}));
  await send().send(new StartLifecyclePolicyPreviewCommand({repositoryName, lifecyclePolicyText: policy(keep(1))}));
  await send().send(new DeleteRepositoryCommand({repositoryName}));
  const get = () => send().send(new GetLifecyclePolicyPreviewCommand({repositoryName}));
  await t.throwsAsync(get(), {name: 'RepositoryNotFoundException'});
  await send().send(new CreateRepositoryCommand({repositoryName}));
  await t.throwsAsync(get(), {name: 'LifecyclePolicyPreviewNotFoundException'});
});

test('a policy that archives is kept word for word, and previewed from what is in force', async (t) => {
  const repositoryName = 'archived';
  await send().send(new CreateRepositoryCommand({repositoryName}));
  const lifecyclePolicyText = policy({...keep(1), action: {type: 'transition', targetStorageClass: 'archive'}});
  await send().send(new PutLifecyclePolicyCommand({repositoryName, lifecyclePolicyText}));
  t.is((await send().send(new GetLifecyclePolicyCommand({repositoryName}))).lifecyclePolicyText, lifecyclePolicyText);
  await push(repositoryName, 'one');
  await push(repositoryName, 'two');
  const {summary, previewResults} = await preview(repositoryName);
  t.deepEqual(summary, {expiringImageTotalCount: 0, transitioningImageTotalCounts: [{targetStorageClass: 'ARCHIVE', imageTotalCount: 1}]});
  t.deepEqual(previewResults?.[0]?.action, {type: 'TRANSITION', targetStorageClass: 'ARCHIVE'});
});

test('what a manifest list names stays while the list does', async (t) => {
  const repositoryName = 'lists';
  await send().send(new CreateRepositoryCommand({repositoryName}));
  const digest = await push(repositoryName, 'child');
  const imageManifest = JSON.stringify({schemaVersion: 2, mediaType: index, manifests: [{digest, mediaType, size: 1}]});
  await send().send(new PutImageCommand({repositoryName, imageManifest, imageManifestMediaType: index, imageTag: 'v1'}));
  const stray = await push(repositoryName, 'stray');
  await push(repositoryName, 'newest');
  const {previewResults} = await preview(repositoryName, policy(keep(1, {tagStatus: 'untagged'})));
  t.deepEqual(
    previewResults?.map(({imageDigest}) => imageDigest),
    [stray],
  );
});

test('a policy that ECR would refuse is refused, put or previewed', async (t) => {
  const repositoryName = 'refusing';
  await send().send(new CreateRepositoryCommand({repositoryName}));
  const bad = {
    'any first': policy(keep(1), keep(1, {tagStatus: 'untagged'}, 2)),
    'tagged without tags': policy(keep(1, {tagStatus: 'tagged'})),
    'not pulled, expired': policy({
      ...keep(1),
      selection: {tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 1},
    }),
    'an unknown key': policy({...keep(1), owner: 'me'}),
    'one priority twice': policy(keep(1, {tagStatus: 'untagged'}), keep(1)),
  };
  for (const [name, lifecyclePolicyText] of Object.entries(bad)) {
    const expected = {name: 'InvalidParameterException', message: /Lifecycle policy validation failure/};
    await t.throwsAsync(send().send(new PutLifecyclePolicyCommand({repositoryName, lifecyclePolicyText})), expected, name);
    await t.throwsAsync(send().send(new StartLifecyclePolicyPreviewCommand({repositoryName, lifecyclePolicyText})), expected, name);
  }
});

// The examples of AWS's guide: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html
const day = 86_400;
const image = (imageDigest: string, imageTags: readonly string[], days: number): Image => ({
  imageDigest,
  imageTags,
  imagePushedAt: -days * day,
  isReferenced: false,
});
const abc = [image('A', ['beta-1', 'prod-1'], 10), image('B', ['beta-2', 'prod-2'], 9), image('C', ['beta-3'], 8)];
const tagged = (...tagPatternList: readonly string[]) => ({tagStatus: 'tagged', tagPatternList});
const prefixed = (...tagPrefixList: readonly string[]) => ({tagStatus: 'tagged', tagPrefixList});

function gone(images: readonly Image[], ...rules: readonly object[]): readonly string[] {
  const read = readLifecyclePolicy(policy(...rules));
  if ('error' in read) throw new Error(read.error.message);
  return evaluate(read.rules, images, 0).map(({image: {imageDigest}}) => imageDigest);
}

const age = (countNumber: number) => ({
  rulePriority: 2,
  selection: {tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber},
  action: {type: 'expire'},
});

test("AWS's own examples", (t) => {
  t.deepEqual(gone(abc, keep(1, tagged('prod*')), keep(1, tagged('beta*'), 2)), ['A']);
  t.deepEqual(gone(abc, keep(1, tagged('beta*')), keep(1, tagged('prod*'), 2)), ['A', 'B']);
  const five = [image('A', ['alpha-1'], 12), image('B', ['beta-1'], 11), image('C', ['alpha-2', 'beta-2'], 10), image('D', ['alpha-3'], 9)];
  t.deepEqual(gone(five, keep(1, prefixed('alpha-', 'beta-'))), []);
  t.deepEqual(gone([...five, image('E', ['alpha-4', 'beta-4'], 4)], keep(1, prefixed('alpha-', 'beta-'))), ['C']);
  t.deepEqual(gone(five, age(10)), ['A', 'B']);
  t.deepEqual(gone(five, keep(3, tagged('alpha*')), age(10)), ['B']);
});
