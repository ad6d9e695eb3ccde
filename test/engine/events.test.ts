import test from 'ava';
import {pino} from 'pino';
import {createRecorder, type Happening, type Recorder} from '../../src/engine/events.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {FakeClock} from './fake-clock.ts';
import {MemoryKube, Refused} from './memory-kube.ts';

const regarding: KubeObject = {
  apiVersion: 'ecr.drayage.dev/v1alpha1',
  kind: 'Repository',
  metadata: {name: 'app', namespace: 'team', uid: 'u1', resourceVersion: '7'},
};
const happening: Happening = {type: 'Normal', reason: 'CreateRepository', action: 'CreateRepository', note: 'it does not exist'};

function newRecorder(): {readonly clock: FakeClock; readonly kube: MemoryKube; readonly recorder: Recorder} {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  return {clock, kube, recorder: createRecorder({kube, clock, instance: 'pod-1', log: pino({level: 'silent'})})};
}

test('an Event is what the API server accepts and kubectl shows', async (t) => {
  const {clock, kube, recorder} = newRecorder();
  recorder.record(regarding, {...happening, requestId: 'r-1'});
  await clock.advance(0);
  const [event] = kube.objects('events');
  t.like(event, {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {namespace: 'team'},
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'drayage',
    reportingInstance: 'pod-1',
    type: 'Normal',
    reason: 'CreateRepository',
    action: 'CreateRepository',
    note: 'it does not exist (request r-1)',
    regarding: {
      apiVersion: 'ecr.drayage.dev/v1alpha1',
      kind: 'Repository',
      namespace: 'team',
      name: 'app',
      uid: 'u1',
      resourceVersion: '7',
    },
  });
  t.regex(event?.metadata.name ?? '', /^app\.[0-9a-f]{16}$/);
});

test('what concerns a cluster-scoped object is told in the namespace default', async (t) => {
  const {clock, kube, recorder} = newRecorder();
  recorder.record({...regarding, metadata: {name: 'eu', uid: 'u2'}}, happening);
  await clock.advance(0);
  t.is(kube.objects('events')[0]?.metadata.namespace, 'default');
  t.deepEqual(Object.keys(kube.objects('events')[0]?.['regarding'] ?? {}), ['apiVersion', 'kind', 'name', 'uid']);
});

test('what repeats becomes a series: the second is written at once, the rest when it ends', async (t) => {
  const {clock, kube, recorder} = newRecorder();
  for (let count = 0; count < 10; count += 1) {
    recorder.record(regarding, {...happening, requestId: `r-${count}`});
    await clock.advance(10);
  }
  t.is(kube.objects('events').length, 1);
  t.like(kube.objects('events')[0], {series: {count: 2, lastObservedTime: '2026-01-01T00:00:10.000000Z'}});
  await clock.advance(1000);
  t.like(kube.objects('events')[0], {series: {count: 10, lastObservedTime: '2026-01-01T00:01:30.000000Z'}});
  t.is(kube.calls.length, 3);
  recorder.record(regarding, happening);
  await clock.advance(0);
  t.is(kube.objects('events').length, 2);
  await clock.advance(2000);
  t.is(clock.timers, 0);
});

test('a flush writes what is still only counted', async (t) => {
  const {clock, kube, recorder} = newRecorder();
  for (let count = 0; count < 5; count += 1) recorder.record(regarding, happening);
  await clock.advance(0);
  recorder.record(regarding, happening);
  const flushed = recorder.flush(3);
  await clock.advance(3);
  await flushed;
  t.like(kube.objects('events')[0], {series: {count: 6}});
});

test('about one object at most 25 at once, then one every five minutes; others are not held back', async (t) => {
  const {clock, kube, recorder} = newRecorder();
  for (let count = 0; count < 100; count += 1) recorder.record(regarding, {...happening, note: `note ${count}`});
  recorder.record({...regarding, metadata: {name: 'other', namespace: 'team', uid: 'u3'}}, happening);
  await clock.advance(0);
  t.is(kube.objects('events').length, 26);
  await clock.advance(299);
  recorder.record(regarding, {...happening, note: 'too early'});
  await clock.advance(1);
  recorder.record(regarding, {...happening, note: 'in time'});
  await clock.advance(0);
  t.deepEqual(
    kube
      .objects('events')
      .slice(26)
      .map((event) => event['note']),
    ['in time'],
  );
});

test('a long note is cut at 1024 bytes, between characters, and keeps its request id', async (t) => {
  const {clock, kube, recorder} = newRecorder();
  recorder.record(regarding, {...happening, note: 'ü'.repeat(2000), requestId: 'r-1'});
  await clock.advance(0);
  const note = String(kube.objects('events')[0]?.['note']);
  t.true(Buffer.byteLength(note) <= 1024 && Buffer.byteLength(note) > 1000);
  t.regex(note, /^ü+… \(request r-1\)$/);
});

test('it never throws and never waits: not for a server that is down, nor for one that refuses', async (t) => {
  const {clock, kube, recorder} = newRecorder();
  let calls = 0;
  kube.create = () => {
    calls += 1;
    return Promise.reject(new Refused(503));
  };
  recorder.record(regarding, happening);
  await clock.advance(60);
  t.is(calls, 3);
  kube.create = () => {
    calls += 1;
    return Promise.reject(new Refused(403));
  };
  recorder.record(regarding, {...happening, note: 'another'});
  await clock.advance(60);
  t.is(calls, 4);
  recorder.record({apiVersion: 'v1', kind: 'Broken'} as unknown as KubeObject, happening);
  t.pass();
});

test('a burst is written by a few at a time, in full up to its limit, and the rest is counted in one line of the log', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const create = kube.create.bind(kube);
  let running = 0;
  let most = 0;
  kube.create = async (type, object) => {
    most = Math.max(most, (running += 1));
    await Promise.resolve();
    running -= 1;
    return create(type, object);
  };
  const lines: string[] = [];
  const recorder = createRecorder({kube, clock, instance: 'pod-1', log: pino({}, {write: (line) => lines.push(line)})});
  for (let index = 0; index < 6000; index += 1) {
    recorder.record({...regarding, metadata: {name: `app-${index}`, namespace: 'team', uid: `u${index}`}}, happening);
  }
  await recorder.flush(1000);
  t.is(most, 4);
  t.is(kube.objects('events').length, 5004);
  t.is(lines.length, 1);
  t.like(JSON.parse(lines[0] ?? ''), {dropped: 996});
});

test('the count of a series never overtakes its Event', async (t) => {
  const {clock, kube, recorder} = newRecorder();
  const create = kube.create.bind(kube);
  const slow = Promise.withResolvers<void>();
  kube.create = async (type, object) => {
    await slow.promise;
    return create(type, object);
  };
  recorder.record(regarding, happening);
  recorder.record(regarding, happening);
  await clock.advance(1);
  t.deepEqual(kube.calls, []);
  slow.resolve();
  await clock.advance(1);
  t.deepEqual(kube.calls, ['create events', 'merge events']);
  t.like(kube.objects('events')[0], {series: {count: 2}});
});
