import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {crane, hostOf, pushImage} from './crane.ts';
import type {Cloud} from './start.ts';
import {startCloud} from './start.ts';

let cloud: Cloud;
let token = '';

test.before(async () => {
  cloud = await startCloud();
  const {authorizationData} = await cloud.ecr.send(new GetAuthorizationTokenCommand({}));
  token = authorizationData?.[0]?.authorizationToken ?? '';
});

test.after.always(() => cloud?.stop());

const create = (repositoryName: string, imageTagMutability: 'MUTABLE' | 'IMMUTABLE' = 'MUTABLE') =>
  cloud.ecr.send(new CreateRepositoryCommand({repositoryName, imageTagMutability}));

const list = async (repositoryName: string) => {
  const {imageIds = []} = await cloud.ecr.send(new ListImagesCommand({repositoryName}));
  return imageIds.map(({imageDigest, imageTag}) => `${imageTag ?? '-'} ${imageDigest}`).toSorted();
};

test.serial('what crane pushes is in ECR, with its digest and size, and can be pulled', async (t) => {
  await create('push/app');
  const digest = await pushImage(cloud, token, 'push/app', 'v1', 'one');
  t.deepEqual(await list('push/app'), [`v1 ${digest}`]);
  const {imageDetails = []} = await cloud.ecr.send(new DescribeImagesCommand({repositoryName: 'push/app', filter: {imageStatus: 'ANY'}}));
  t.is(imageDetails.length, 1);
  const manifest = JSON.parse(await crane(cloud, token, ['manifest', `${hostOf(cloud)}/push/app:v1`])) as {
    readonly config: {readonly size: number};
    readonly layers: readonly {readonly size: number}[];
  };
  t.is(
    imageDetails[0]?.imageSizeInBytes,
    manifest.layers.reduce((sum, {size}) => sum + size, manifest.config.size),
  );
  t.is(imageDetails[0]?.imageStatus, 'ACTIVE');
  t.deepEqual(imageDetails[0]?.imageTags, ['v1']);
});

test.serial('a push to a repository that is not there fails, and so does one with a token that ECR did not issue', async (t) => {
  await t.throwsAsync(pushImage(cloud, token, 'nowhere', 'v1', 'one'), {message: /NAME_UNKNOWN.*does not exist in the registry/s});
  await t.throwsAsync(pushImage(cloud, Buffer.from('AWS:x').toString('base64'), 'push/app', 'v9', 'one'), {message: /400 Bad Request/});
});

test.serial('a mutable tag moves, and its old image stays without a tag', async (t) => {
  await create('moving');
  const one = await pushImage(cloud, token, 'moving', 'latest', 'one');
  const two = await pushImage(cloud, token, 'moving', 'latest', 'two');
  t.deepEqual(await list('moving'), [`- ${one}`, `latest ${two}`].toSorted());
  const untagged = await cloud.ecr.send(new ListImagesCommand({repositoryName: 'moving', filter: {tagStatus: 'UNTAGGED'}}));
  t.deepEqual(
    untagged.imageIds?.map(({imageDigest}) => imageDigest),
    [one],
  );
});

test.serial('an immutable tag refuses another image by push and by API, and the same image again is fine', async (t) => {
  await create('fixed', 'IMMUTABLE');
  const digest = await pushImage(cloud, token, 'fixed', 'v1', 'one');
  t.is(await pushImage(cloud, token, 'fixed', 'v1', 'one'), digest);
  await t.throwsAsync(pushImage(cloud, token, 'fixed', 'v1', 'two'), {
    message: /TAG_INVALID.*cannot be overwritten because the tag is immutable/s,
  });
  t.deepEqual(await list('fixed'), [`v1 ${digest}`]);
  const imageManifest = JSON.stringify({schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', layers: []});
  const put = () => cloud.ecr.send(new PutImageCommand({repositoryName: 'fixed', imageTag: 'v1', imageManifest}));
  await t.throwsAsync(put(), {name: 'ImageTagAlreadyExistsException'});
  const other = () => cloud.ecr.send(new PutImageCommand({repositoryName: 'fixed', imageTag: 'v2', imageManifest}));
  await t.notThrowsAsync(other());
  await t.throwsAsync(other(), {name: 'ImageAlreadyExistsException'});
});

test.serial('exclusion filters decide per tag whether it may move', async (t) => {
  await cloud.ecr.send(
    new CreateRepositoryCommand({
      repositoryName: 'filtered',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{filterType: 'WILDCARD', filter: 'dev-*'}],
    }),
  );
  await pushImage(cloud, token, 'filtered', 'dev-1', 'one');
  await t.notThrowsAsync(pushImage(cloud, token, 'filtered', 'dev-1', 'two'));
  await pushImage(cloud, token, 'filtered', 'v1', 'one');
  await t.throwsAsync(pushImage(cloud, token, 'filtered', 'v1', 'two'), {message: /TAG_INVALID/});
});

test.serial('an image that is deleted by API cannot be pulled any more', async (t) => {
  await create('gone');
  const digest = await pushImage(cloud, token, 'gone', 'v1', 'one');
  await crane(cloud, token, ['tag', `${hostOf(cloud)}/gone:v1`, 'v2']);
  t.deepEqual(await list('gone'), [`v1 ${digest}`, `v2 ${digest}`]);
  const remove = (imageTag: string) => cloud.ecr.send(new BatchDeleteImageCommand({repositoryName: 'gone', imageIds: [{imageTag}]}));
  await remove('v1');
  await t.throwsAsync(crane(cloud, token, ['digest', `${hostOf(cloud)}/gone:v1`]), {message: /MANIFEST_UNKNOWN|404/});
  t.is(await crane(cloud, token, ['digest', `${hostOf(cloud)}/gone:v2`]), digest);
  await remove('v2');
  await t.throwsAsync(crane(cloud, token, ['digest', `${hostOf(cloud)}/gone@${digest}`]), {message: /MANIFEST_UNKNOWN|404/});
  t.deepEqual(await list('gone'), []);
});

test.serial('a repository with images is deleted by force only, and comes back empty', async (t) => {
  await create('full');
  const digest = await pushImage(cloud, token, 'full', 'v1', 'one');
  const remove = (force: boolean) => cloud.ecr.send(new DeleteRepositoryCommand({repositoryName: 'full', force}));
  await t.throwsAsync(remove(false), {name: 'RepositoryNotEmptyException'});
  await remove(true);
  await create('full');
  t.deepEqual(await list('full'), []);
  await t.throwsAsync(crane(cloud, token, ['digest', `${hostOf(cloud)}/full@${digest}`]), {message: /MANIFEST_UNKNOWN|404/});
});

test.serial('the registry does not delete: that is BatchDeleteImage', async (t) => {
  const response = await fetch(`${cloud.registryUrl}/v2/push/app/manifests/v1`, {
    method: 'DELETE',
    headers: {authorization: `Basic ${token}`},
  });
  t.is(response.status, 405);
});
