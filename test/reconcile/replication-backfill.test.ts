import {
  CreateRepositoryCommand,
  ListReplicationBackfillsCommand,
  PutImageCommand,
  PutReplicationConfigurationCommand,
  StartReplicationBackfillCommand,
} from '@aws-sdk/client-ecr';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import type {Ref} from '../../src/kube/kube.ts';
import {registries, replicationBackfills} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {startScene, type Scene} from '../support/scene.ts';

const elsewhere = '222222222222';
const resync = 3;

let scene: Scene;

test.before(async () => {
  scene = await startScene();
  const {ecr, accountId} = scene.stage.cloud;
  const here = ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1'].map((region) => ({region, registryId: accountId}));
  const rules = [{destinations: [...here, {region: 'eu-central-1', registryId: elsewhere}]}];
  await ecr.send(new PutReplicationConfigurationCommand({replicationConfiguration: {rules}}));
  await ecr.send(new CreateRepositoryCommand({repositoryName: 'shop'}));
  for (let index = 0; index < 12; index += 1) {
    const imageManifest = JSON.stringify({schemaVersion: 2, index, config: {size: 1}, layers: []});
    const imageManifestMediaType = 'application/vnd.oci.image.manifest.v1+json';
    await ecr.send(new PutImageCommand({repositoryName: 'shop', imageManifest, imageManifestMediaType, imageTag: `v${index}`}));
  }
  await scene.stage.operator({flags: [`--resync-seconds=${resync}`]});
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(() => scene?.stop());

async function apply(name: string, spec: object): Promise<Ref> {
  const {apiVersion, kind} = replicationBackfills;
  await scene.kube.apply(replicationBackfills, {apiVersion, kind, metadata: {name}, spec}, {fieldManager: 'tests'});
  return {type: replicationBackfills, name};
}

async function to(region: string) {
  const {backfills = []} = await scene.stage.cloud.ecr.send(new ListReplicationBackfillsCommand({}));
  return backfills.filter(({destination}) => destination?.region === region);
}

test('a backfill is run once, and what is complete is left alone', async (t) => {
  const ref = await apply('west', {destination: {region: 'eu-west-1'}});
  await eventually('it is held while it runs', async () => ((await scene.get(ref))?.metadata.finalizers ?? []).length > 0);
  await scene.condition(ref, {type: 'Complete', status: 'True'});
  const progress = {totalReplicationCount: 12, completedReplicationCount: 12, failedReplicationCount: 0, failureCodes: []};
  const complete = await scene.ready(ref);
  t.like(complete.status, {status: 'COMPLETE', progress, starting: undefined});
  await eventually('it is not held any more', async () => (await scene.get(ref))?.metadata.finalizers === undefined);
  const before = await scene.get(ref);
  await sleep((resync + 1) * 1000);
  t.is((await scene.get(ref))?.metadata.resourceVersion, before?.metadata.resourceVersion);
  t.is((await to('eu-west-1')).length, 1);
  await t.throwsAsync(apply('west', {destination: {region: 'eu-west-2'}}), {message: /destination.*is immutable/s});
  await scene.kube.delete(ref);
  await scene.gone(ref);
});

test('one that fails says why, and names ten images', async (t) => {
  const ref = await apply('other-account', {destination: {region: 'eu-central-1', registryId: elsewhere}});
  const {status} = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'Failed'});
  t.like(status, {status: 'FAILED', failureCode: 'AccessDenied'});
  t.is((status?.['failedImages'] as readonly unknown[] | undefined)?.length, 10);
  await scene.condition(ref, {type: 'Failed', status: 'True'});
});

test('a destination that is not in the replication configuration is refused in the words of AWS', async (t) => {
  const ref = await apply('nowhere', {destination: {region: 'me-south-1'}});
  const {status} = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'InvalidParameter'});
  t.regex(status?.conditions?.[0]?.message ?? '', /StartReplicationBackfill.*replication configuration/);
  await scene.kube.delete(ref);
  await scene.gone(ref);
});

test('suspend stops it, taken back another is started, and deleting that stops it too', async (t) => {
  const destination = {region: 'eu-west-2'};
  const ref = await apply('paused', {destination});
  await eventually('it is started', async () => (await scene.get(ref))?.status?.['replicationBackfillId'] !== undefined, {everyMs: 50});
  await apply('paused', {destination, suspend: true});
  await scene.condition(ref, {type: 'Suspended', status: 'True'});
  t.deepEqual(
    (await to('eu-west-2')).map(({status}) => status),
    ['STOPPED'],
  );
  await apply('paused', {destination, suspend: false});
  await eventually('another is started', async () => (await to('eu-west-2')).length === 2, {everyMs: 50});
  await scene.kube.delete(ref);
  await scene.gone(ref);
  await eventually('it is stopped', async () => (await to('eu-west-2')).every(({status}) => status === 'STOPPED'));
});

test('a foreign backfill is waited for', async (t) => {
  const {ecr, accountId} = scene.stage.cloud;
  const destination = {region: 'eu-west-3', registryId: accountId};
  await ecr.send(new StartReplicationBackfillCommand({destination}));
  const ref = await apply('second', {destination});
  const {status} = await scene.condition(ref, {type: 'Ready', reason: 'DestinationBusy'});
  t.is(status?.['replicationBackfillId'], undefined);
  await scene.kube.delete(ref);
  await scene.gone(ref);
  await eventually('it ends by itself', async () => (await to('eu-west-3')).every((backfill) => backfill.status === 'COMPLETE'));
});
