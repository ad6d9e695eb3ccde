import test from 'ava';
import {conditionsOf} from '../../../src/kinds/conditions.ts';
import {replicationBackfill} from '../../../src/kinds/replication-backfill/index.ts';
import {registries} from '../../../src/schema/types.ts';
import {accountId} from '../repository/memory-ecr.ts';
import {MemoryBackfills} from './memory-backfills.ts';
import {changed, resourceOf, started, statusIn, walk, west} from './resource.ts';

const deletionTimestamp = '2026-01-01T01:00:00Z';
const own = {...west, registryId: accountId};

test('a start is announced, made, followed, and at its end nothing is asked any more', async (t) => {
  const aws = new MemoryBackfills();
  const first = await walk(resourceOf(), aws);
  t.deepEqual(aws.take(), ['List']);
  t.like(first.outcome, {is: 'waiting', reason: 'Starting', seconds: 1});
  t.deepEqual(statusIn(first.resource).starting, {});

  const second = await walk(first.resource, aws);
  t.deepEqual(aws.take(), ['List', 'Start']);
  t.like(second.outcome, {is: 'waiting', reason: 'Preparing', seconds: 2});
  t.like(statusIn(second.resource), {replicationBackfillId: 'b-1', status: 'PREPARING', starting: undefined, region: 'us-east-1'});
  t.deepEqual(aws.backfills.get('b-1')?.destination, own, 'to the account of the registry itself');

  aws.now += 300_000;
  const progress = {totalReplicationCount: 3, completedReplicationCount: 1, failedReplicationCount: 0, failureCodes: []};
  aws.change('b-1', {status: 'IN_PROGRESS', progress});
  const third = await walk(second.resource, aws);
  t.deepEqual(aws.take(), ['Describe']);
  t.like(third.outcome, {is: 'waiting', reason: 'InProgress', seconds: 30});
  t.deepEqual(statusIn(third.resource).progress, progress);

  aws.finish('COMPLETE', {progress: {...progress, completedReplicationCount: 3}});
  const fourth = await walk(third.resource, aws);
  t.deepEqual(aws.take(), ['Describe']);
  t.like(fourth.outcome, {is: 'settled', reason: 'Complete'});
  t.deepEqual(
    fourth.report.conditions.map(({type, status}) => `${type} ${status}`),
    ['Complete True', 'AllReplicated True'],
  );

  const fifth = await walk(fourth.resource, aws);
  t.deepEqual(aws.take(), []);
  t.deepEqual(fifth.report, fourth.report);
  t.deepEqual({...fifth.outcome, seconds: 1}, fourth.outcome);
});

test('images that failed are named, ten of them, and stand beside Ready', async (t) => {
  const aws = new MemoryBackfills();
  const {resource} = await started(aws);
  const failedImages = Array.from({length: 14}, (_, index) => ({
    repositoryName: 'shop',
    imageId: {imageTag: `v${index}`},
    failureCode: 'KmsError',
  }));
  const progress = {totalReplicationCount: 20, completedReplicationCount: 6, failedReplicationCount: 14, failureCodes: ['KmsError']};
  aws.finish('COMPLETE', {progress, failedImages});
  const {outcome, report} = await walk(resource, aws);
  t.is((report.fields['failedImages'] as readonly unknown[]).length, 10);
  const conditions = conditionsOf({previous: [], outcome, claims: report.conditions, generation: 1, now: new Date(aws.now)});
  t.like(conditions[0], {type: 'Ready', status: 'True', reason: 'Complete'});
  t.like(
    conditions.find(({type}) => type === 'AllReplicated'),
    {status: 'False', reason: 'ImagesFailed', message: '6 of 20 replications made, 14 failed: KmsError'},
  );
});

test('a backfill that fails stalls, and is not started again', async (t) => {
  const aws = new MemoryBackfills();
  const {resource} = await started(aws);
  aws.finish('FAILED', {failureCode: 'AccessDenied'});
  const failed = await walk(resource, aws);
  t.like(failed.outcome, {is: 'stalled', reason: 'Failed'});
  t.regex(failed.outcome.message, /AccessDenied.*delete the object, and create it again/);
  t.like(failed.report.conditions[0], {type: 'Failed', status: 'True', message: 'AccessDenied'});
  aws.take();
  const again = await walk(failed.resource, aws);
  t.deepEqual({...again.outcome, seconds: 1}, failed.outcome);
  t.deepEqual(aws.take(), []);
});

test('a backfill that ECR does not know any more is not started again', async (t) => {
  const aws = new MemoryBackfills();
  const {resource} = await started(aws);
  aws.backfills.clear();
  const lost = await walk(resource, aws);
  t.like(lost.outcome, {is: 'stalled', reason: 'BackfillLost'});
  t.is(statusIn(lost.resource).replicationBackfillId, 'b-1');
  t.is(lost.steps.length, 0);
});

test('a foreign backfill to the region is waited for, and left alone', async (t) => {
  const aws = new MemoryBackfills();
  aws.put({...west, registryId: '999999999999'});
  const first = await walk(resourceOf(), aws);
  t.like(first.outcome, {is: 'waiting', reason: 'DestinationBusy', seconds: 30});
  t.regex(first.outcome.message, /b-1/);
  const gone = await walk(changed(first.resource, {}, {deletionTimestamp}), aws);
  t.is(gone.outcome.is, 'settled');
  aws.finish();
  const second = await started(aws, first.resource);
  t.is(statusIn(second.resource).replicationBackfillId, 'b-2');
  t.false(aws.calls.includes('Stop'));
});

test('one to another region is in nobody’s way', async (t) => {
  const aws = new MemoryBackfills();
  aws.put({region: 'eu-central-1', registryId: accountId});
  t.is(statusIn((await started(aws)).resource).replicationBackfillId, 'b-2');
});

test('a foreign backfill that comes before the start and makes AWS refuse it is not taken for our own', async (t) => {
  const aws = new MemoryBackfills();
  const first = await walk(resourceOf(), aws);
  aws.afterList = () => void aws.put(own);
  const refused = await walk(first.resource, aws);
  t.like(refused.outcome, {is: 'waiting', reason: 'DestinationBusy'});
  t.is(statusIn(refused.resource).starting, undefined);
  t.is((await walk(refused.resource, aws)).outcome.reason, 'DestinationBusy');
  aws.finish();
  t.is(statusIn((await started(aws, refused.resource)).resource).replicationBackfillId, 'b-2');
});

test('of two objects for one region the older comes first, and the other follows', async (t) => {
  const aws = new MemoryBackfills();
  let old = resourceOf();
  let young = resourceOf({}, {name: 'later', creationTimestamp: '2026-01-02T00:00:00Z'});
  const first = await walk(young, aws, [old, young]);
  t.like(first.outcome, {is: 'waiting', reason: 'DestinationBusy'});
  t.regex(first.outcome.message, /the ReplicationBackfill move comes first/);
  t.deepEqual(aws.take(), [], 'without a call');
  old = (await started(aws, old, [old, young])).resource;
  young = (await walk(young, aws, [old, young])).resource;
  aws.finish();
  old = (await walk(old, aws, [old, young])).resource;
  young = (await started(aws, young, [old, young])).resource;
  t.deepEqual([statusIn(old).replicationBackfillId, statusIn(young).replicationBackfillId], ['b-1', 'b-2']);
});

test('suspend stops it; taken back, another one is started', async (t) => {
  const aws = new MemoryBackfills();
  const {resource} = await started(aws);
  const stopping = await walk(changed(resource, {suspend: true}), aws);
  t.deepEqual(
    stopping.steps.map(({call}) => call),
    ['StopReplicationBackfill'],
  );
  t.like(stopping.outcome, {is: 'waiting', reason: 'Stopping', seconds: 2});
  aws.finish();
  const stopped = await walk(stopping.resource, aws);
  t.like(stopped.outcome, {is: 'settled', reason: 'Suspended'});
  const conditions = conditionsOf({
    previous: [],
    outcome: stopped.outcome,
    claims: stopped.report.conditions,
    generation: 2,
    now: new Date(aws.now),
  });
  t.deepEqual(
    conditions.map(({type, status, reason}) => `${type} ${status} ${reason}`),
    ['Ready False Suspended', 'Complete False Suspended', 'Suspended True Suspended'],
  );
  aws.take();
  const still = await walk(stopped.resource, aws);
  t.deepEqual(still.report, stopped.report);
  t.deepEqual(aws.take(), []);
  const again = await started(aws, changed(stopped.resource, {suspend: false}));
  t.is(statusIn(again.resource).replicationBackfillId, 'b-2');
  t.is(statusIn(again.resource).suspendedAt, undefined);
});

test('taken back while it is still being stopped, another one is started after that', async (t) => {
  const aws = new MemoryBackfills();
  const {resource} = await started(aws);
  const stopping = await walk(changed(resource, {suspend: true}), aws);
  aws.finish();
  const resumed = await walk(changed(stopping.resource, {suspend: false}), aws);
  t.like(resumed.outcome, {is: 'waiting', reason: 'Starting'});
  t.is(statusIn((await started(aws, resumed.resource)).resource).replicationBackfillId, 'b-2');
});

test('one that is suspended from the beginning is not started, and one that is complete stays so', async (t) => {
  const aws = new MemoryBackfills();
  const suspended = await walk(resourceOf({suspend: true}), aws);
  t.like(suspended.outcome, {is: 'settled', reason: 'Suspended'});
  t.deepEqual(aws.take(), []);
  const announced = await walk(resourceOf(), aws);
  const before = await walk(changed(announced.resource, {suspend: true}), aws);
  t.like(before.outcome, {is: 'settled', reason: 'Suspended'});
  t.is(statusIn(before.resource).starting, undefined);
  t.is(aws.backfills.size, 0);
  const {resource} = await started(aws);
  aws.finish();
  const complete = await walk(resource, aws);
  t.is((await walk(changed(complete.resource, {suspend: true}), aws)).outcome.reason, 'Complete');
});

test('one that somebody else stopped stalls; suspending and resuming starts another', async (t) => {
  const aws = new MemoryBackfills();
  const {resource} = await started(aws);
  aws.finish('STOPPED');
  const stopped = await walk(resource, aws);
  t.like(stopped.outcome, {is: 'stalled', reason: 'Stopped'});
  t.like(stopped.report.conditions[0], {type: 'Failed', status: 'True', reason: 'Stopped'});
  const suspended = await walk(changed(stopped.resource, {suspend: true}), aws);
  t.is(suspended.outcome.reason, 'Suspended');
  const again = await started(aws, changed(suspended.resource, {suspend: false}));
  t.is(statusIn(again.resource).replicationBackfillId, 'b-2');
});

test('a start that AWS refuses is tried again, and what is shown does not flicker', async (t) => {
  const aws = new MemoryBackfills();
  aws.fault = 'denied';
  const refused = await started(aws);
  t.like(refused.outcome, {is: 'stalled', reason: 'AccessDenied'});
  t.is(statusIn(refused.resource).starting, undefined, 'nothing was started, so nothing is to be looked for');
  const announced = await walk(refused.resource, aws);
  t.like(announced.outcome, {is: 'stalled', reason: 'AccessDenied', seconds: 1});
  const again = await walk(announced.resource, aws);
  t.is(statusIn(again.resource).replicationBackfillId, 'b-1');
  t.is(statusIn(again.resource).refusal, undefined);
});

test('where the registry has as many as it may, the end of one is waited for', async (t) => {
  const aws = new MemoryBackfills();
  aws.fault = 'full';
  const full = await started(aws);
  t.like(full.outcome, {is: 'waiting', reason: 'TooManyBackfills'});
  t.is(statusIn(full.resource).starting, undefined);
});

for (const fault of ['lost after', 'unclear after', 'lost before'] as const) {
  test(`where the answer to a start is ${fault}, one backfill is started in all`, async (t) => {
    const aws = new MemoryBackfills();
    aws.fault = fault;
    const lost = await started(aws);
    t.is(statusIn(lost.resource).replicationBackfillId, undefined);
    const found = await walk(lost.resource, aws);
    t.is(statusIn(found.resource).replicationBackfillId, 'b-1');
    t.is(aws.backfills.size, 1);
  });
}

test('deletion stops what goes on, and only that', async (t) => {
  const aws = new MemoryBackfills();
  const {resource} = await started(aws);
  const deleted = await walk(changed(resource, {}, {deletionTimestamp}), aws);
  t.like(deleted.outcome, {is: 'settled', reason: 'Deleted'});
  t.is(aws.backfills.get('b-1')?.status, 'STOPPING');
  aws.finish();
  const complete = await started(aws);
  aws.finish();
  const ended = await walk(complete.resource, aws);
  t.false(replicationBackfill.isHeld(ended.resource));
  t.true(replicationBackfill.isHeld(complete.resource));
  aws.take();
  t.is((await walk(changed(ended.resource, {}, {deletionTimestamp}), aws)).outcome.is, 'settled');
  t.deepEqual(aws.take(), []);
});

test('a Registry that is missing, or another account now, is said', async (t) => {
  const aws = new MemoryBackfills();
  t.is((await walk(resourceOf({registryRef: {name: 'nowhere'}}), aws)).outcome.reason, 'RegistryNotFound');
  const {resource} = await started(aws);
  aws.account = '222222222222';
  const moved = await walk(resource, aws);
  t.like(moved.outcome, {is: 'stalled', reason: 'RegistryMoved'});
  t.is(statusIn(moved.resource).replicationBackfillId, 'b-1');
  t.is((await walk(changed(resource, {}, {deletionTimestamp}), aws)).outcome.reason, 'RegistryMoved');
});

test('drayage plan shows the start at once', async (t) => {
  const aws = new MemoryBackfills();
  const doors = {...aws.doors(), isRehearsal: true} as const;
  const observed = await replicationBackfill.observe(resourceOf(), doors);
  const {steps} = replicationBackfill.plan(resourceOf(), observed, new Date(aws.now));
  t.like(steps, {0: {call: 'StartReplicationBackfill', destination: own}, length: 1});
});

test('the end of one wakes those that wait for its region', (t) => {
  const [byRegistry, byRival] = replicationBackfill.watches;
  const waiting = resourceOf({}, {name: 'waiting'});
  const own = [waiting, resourceOf({destination: {region: 'eu-central-1'}}, {name: 'elsewhere'})];
  const keys = (status: object) => byRival?.keys(resourceOf({}, {}, status), own);
  t.deepEqual(keys({replicationBackfillId: 'b-1', status: 'IN_PROGRESS'}), []);
  t.deepEqual(keys({replicationBackfillId: 'b-1', status: 'COMPLETE'}), [{name: 'waiting'}]);
  const registry = {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name: 'default'}};
  t.is(byRegistry?.keys(registry, own).length, 2);
});
