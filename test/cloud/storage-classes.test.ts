import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  GetRepositoryPolicyCommand,
  type ImageStatusFilter,
  ListImagesCommand,
  SetRepositoryPolicyCommand,
  UpdateImageStorageClassCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {eventually} from '../support/eventually.ts';
import {putImage} from '../support/put-image.ts';
import type {Cloud} from './start.ts';
import {startCloud} from './start.ts';

let cloud: Cloud;

test.before(async () => {
  cloud = await startCloud();
});

test.after.always(() => cloud?.stop());

const create = (repositoryName: string) => cloud.ecr.send(new CreateRepositoryCommand({repositoryName}));
const move = (repositoryName: string, imageTag: string, targetStorageClass: 'ARCHIVE' | 'STANDARD') =>
  cloud.ecr.send(new UpdateImageStorageClassCommand({repositoryName, imageId: {imageTag}, targetStorageClass}));

const deny = (more: object) => JSON.stringify({Version: '2012-10-17', Statement: [{Effect: 'Deny', Principal: '*', ...more}]});

async function listed(repositoryName: string, imageStatus?: ImageStatusFilter): Promise<readonly string[]> {
  const filter = imageStatus && {filter: {imageStatus}};
  const {imageIds = []} = await cloud.ecr.send(new ListImagesCommand({repositoryName, ...filter}));
  const {imageDetails = []} = await cloud.ecr.send(new DescribeImagesCommand({repositoryName, ...filter}));
  const tags = imageIds.map(({imageTag = ''}) => imageTag).toSorted();
  const described = imageDetails.flatMap(({imageTags = []}) => imageTags).toSorted();
  if (tags.join() !== described.join()) throw new Error(`ListImages gives ${tags.join()}, DescribeImages ${described.join()}`);
  return tags;
}

test('an archived image is listed only where its status is asked for, and comes back', async (t) => {
  await create('archive');
  await putImage(cloud.ecr, 'archive', 'v1');
  await putImage(cloud.ecr, 'archive', 'v2');
  t.is((await move('archive', 'v1', 'ARCHIVE')).imageStatus, 'ARCHIVED');
  t.deepEqual(await listed('archive'), ['v2']);
  t.deepEqual(await listed('archive', 'ARCHIVED'), ['v1']);
  t.deepEqual(await listed('archive', 'ANY'), ['v1', 'v2']);
  const asked = new DescribeImagesCommand({repositoryName: 'archive', imageIds: [{imageTag: 'v1'}]});
  const {imageDetails: [archived] = []} = await cloud.ecr.send(asked);
  t.is(archived?.imageStatus, 'ARCHIVED');
  t.true(archived?.lastArchivedAt instanceof Date);
  await t.throwsAsync(move('archive', 'v1', 'ARCHIVE'), {name: 'ImageStorageClassUpdateNotSupportedException'});
  await t.throwsAsync(move('archive', 'v2', 'STANDARD'), {name: 'ImageStorageClassUpdateNotSupportedException'});
  await t.throwsAsync(move('archive', 'v9', 'ARCHIVE'), {name: 'ImageNotFoundException'});
  await t.throwsAsync(move('nowhere', 'v1', 'ARCHIVE'), {name: 'RepositoryNotFoundException'});
  t.is((await move('archive', 'v1', 'STANDARD')).imageStatus, 'ACTIVATING');
  await eventually('it is back', async () => (await listed('archive')).length === 2, {seconds: 5});
  t.deepEqual(await listed('archive', 'ARCHIVED'), []);
});

test('a repository with nothing but archived images is not empty, and an image that is deleted is not archived when it is pushed again', async (t) => {
  const repositoryName = 'archive/only';
  await create(repositoryName);
  await putImage(cloud.ecr, repositoryName, 'v1');
  await move(repositoryName, 'v1', 'ARCHIVE');
  t.deepEqual(await listed(repositoryName), []);
  await t.throwsAsync(cloud.ecr.send(new DeleteRepositoryCommand({repositoryName})), {name: 'RepositoryNotEmptyException'});
  await cloud.ecr.send(new BatchDeleteImageCommand({repositoryName, imageIds: [{imageTag: 'v1'}]}));
  t.deepEqual(await listed(repositoryName, 'ANY'), []);
  await putImage(cloud.ecr, repositoryName, 'v1');
  t.deepEqual(await listed(repositoryName), ['v1']);
});

test('a policy that lets nobody set another is refused, unless it is forced', async (t) => {
  const repositoryName = 'locked';
  await create(repositoryName);
  const set = (policyText: string, force?: boolean) =>
    cloud.ecr.send(new SetRepositoryPolicyCommand({repositoryName, policyText, ...(force !== undefined && {force})}));
  for (const Action of ['ecr:*', ['ecr:BatchGetImage', 'ecr:SetRepositoryPolicy']]) {
    await t.throwsAsync(set(deny({Action})), {name: 'InvalidParameterException', message: /another policy/});
  }
  await t.throwsAsync(cloud.ecr.send(new GetRepositoryPolicyCommand({repositoryName})), {name: 'RepositoryPolicyNotFoundException'});
  await t.notThrowsAsync(set(deny({Action: 'ecr:PutImage'})));
  await t.notThrowsAsync(set(deny({Action: 'ecr:*', Condition: {Bool: {'aws:SecureTransport': 'false'}}})));
  await t.notThrowsAsync(set(deny({Action: 'ecr:*'}), true));
});
