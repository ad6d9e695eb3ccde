import {
  CreateRepositoryCommand,
  DescribeReplicationBackfillResultsCommand,
  ListReplicationBackfillsCommand,
  PutImageCommand,
  PutReplicationConfigurationCommand,
  StartReplicationBackfillCommand,
  StopReplicationBackfillCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {createReplicationBackfillsDoor} from '../../src/aws/replication-backfills-door.ts';
import {eventually} from '../support/eventually.ts';
import {startCloud, type Cloud} from './start.ts';

let cloud: Cloud;

const elsewhere = '222222222222';
const regions = ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1', 'eu-south-1', 'us-west-1', 'us-west-2', 'us-east-2'];
const more = ['ca-central-1', 'sa-east-1', 'ap-south-1', 'ap-east-1'];

test.before(async () => {
  cloud = await startCloud();
  const ecr = cloud.ecr;
  const destinations = [
    ...[...regions, ...more].map((region) => ({region, registryId: cloud.accountId})),
    {region: 'eu-central-1', registryId: elsewhere},
  ];
  const rules = [{destinations, repositoryFilters: [{filter: 'shop/', filterType: 'PREFIX_MATCH' as const}]}];
  await ecr.send(new PutReplicationConfigurationCommand({replicationConfiguration: {rules}}));
  for (const repositoryName of ['shop/web', 'other']) {
    await ecr.send(new CreateRepositoryCommand({repositoryName}));
    for (const imageTag of ['v1', 'v2', 'v3']) {
      const imageManifest = JSON.stringify({schemaVersion: 2, repositoryName, imageTag, config: {size: 1}, layers: []});
      const imageManifestMediaType = 'application/vnd.oci.image.manifest.v1+json';
      await ecr.send(new PutImageCommand({repositoryName, imageManifest, imageManifestMediaType, imageTag}));
    }
  }
});
test.after.always(() => cloud?.stop());

const start = (region: string, registryId = cloud.accountId) =>
  cloud.ecr.send(new StartReplicationBackfillCommand({destination: {region, registryId}}));
const describe = (replicationBackfillId?: string) => cloud.ecr.send(new DescribeReplicationBackfillResultsCommand({replicationBackfillId}));
const until = (id: string | undefined, status: string) =>
  eventually(`the backfill is ${status}`, async () => (await describe(id)).status === status && describe(id), {everyMs: 100});

test.serial('a backfill is prepared, goes on, completes, and then tells of each image', async (t) => {
  const begun = await start('eu-west-1');
  t.like(begun, {status: 'PREPARING', destination: {region: 'eu-west-1', registryId: cloud.accountId}, registryId: cloud.accountId});
  await t.throwsAsync(start('eu-west-1'), {name: 'ReplicationBackfillInProgressException'});
  t.is((await describe(begun.replicationBackfillId)).progress, undefined);
  const going = await until(begun.replicationBackfillId, 'IN_PROGRESS');
  t.deepEqual([going.progress?.totalReplicationCount, going.results, going.endedAt], [3, [], undefined]);
  const done = await until(begun.replicationBackfillId, 'COMPLETE');
  t.deepEqual(done.results?.map(({repositoryName, imageId, status}) => `${repositoryName}:${imageId?.imageTag} ${status}`).toSorted(), [
    'shop/web:v1 COMPLETE',
    'shop/web:v2 COMPLETE',
    'shop/web:v3 COMPLETE',
  ]);
  t.true(done.endedAt! > done.startedAt!);
  await t.throwsAsync(cloud.ecr.send(new StopReplicationBackfillCommand({replicationBackfillId: begun.replicationBackfillId})), {
    name: 'ReplicationBackfillInvalidStatusException',
  });
});

test.serial('one that is stopped ends as STOPPED', async (t) => {
  const {replicationBackfillId} = await start('eu-west-2');
  const stopped = await cloud.ecr.send(new StopReplicationBackfillCommand({replicationBackfillId}));
  t.is(stopped.status, 'STOPPING');
  const end = await until(replicationBackfillId, 'STOPPED');
  t.is(end.progress, undefined, 'it was stopped before it was prepared');
});

test.serial('what ECR refuses is refused', async (t) => {
  await t.throwsAsync(start('me-south-1'), {name: 'InvalidParameterException', message: /replication configuration/});
  await t.throwsAsync(describe('nothing'), {name: 'ReplicationBackfillNotFoundException'});
  await t.throwsAsync(cloud.ecr.send(new ListReplicationBackfillsCommand({maxResults: 51})), {name: 'InvalidParameterException'});
});

test.serial('our door reads what failed, page by page, and tells refusals apart', async (t) => {
  const door = createReplicationBackfillsDoor({client: cloud.ecr, call: (_action, _resource, run) => run()});
  const {value: begun} = await door.start({region: 'eu-central-1', registryId: elsewhere});
  t.true(typeof begun === 'object');
  const {replicationBackfillId: id} = begun as {replicationBackfillId: string};
  t.is((await door.start({region: 'eu-central-1', registryId: elsewhere})).value, 'busy');
  await until(id, 'FAILED');
  const found = await door.find(id, 2);
  t.like(found, {status: 'FAILED', failureCode: 'AccessDenied', progress: {failedReplicationCount: 3, failureCodes: ['AccessDenied']}});
  t.is(found?.failedImages.length, 2);
  t.like(found?.failedImages[0], {repositoryName: 'shop/web', failureCode: 'AccessDenied'});
  t.is((await door.find(id, 10))?.failedImages.length, 3);
  t.is(await door.find('nothing', 10), undefined);
  await t.notThrowsAsync(door.stop(id));
  await t.notThrowsAsync(door.stop('nothing'));

  const many = [...regions, ...more].slice(0, 11);
  const answers = await Promise.all(many.slice(0, 10).map((region) => door.start({region, registryId: cloud.accountId})));
  t.true(answers.every(({value}) => typeof value === 'object'));
  t.is((await door.start({region: many[10] ?? '', registryId: cloud.accountId})).value, 'full');
  const all = await door.list();
  t.true(all.length >= 13);
  const page = await cloud.ecr.send(new ListReplicationBackfillsCommand({maxResults: 5}));
  t.is(page.backfills?.length, 5);
  t.truthy(page.nextToken);
});
