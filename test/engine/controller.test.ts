import test from 'ava';
import type {Watch} from '../../src/kinds/kind.ts';
import {keyOf} from '../../src/schema/object.ts';
import {conditions, found, newBench, ref, start, summary, told} from './bench.ts';
import {counter, counterDefinition, counterKind, finalizer} from './counter-kind.ts';

test('an object is kept: finalizer first, then its steps, its status, and what was done as Events, but not that it worked', async (t) => {
  const bench = newBench();
  start(bench);
  await bench.clock.advance(0);
  bench.world.around = async (call) => {
    if (call === 'Create') t.deepEqual(found(bench, 'a')?.metadata.finalizers, [finalizer]);
  };
  await bench.kube.create(counterDefinition, counter('a', {value: 3}));
  await bench.clock.advance(1);
  t.deepEqual(bench.world.counters.get('team/a'), {value: 3, limit: 30});
  t.is(summary(bench, 'a'), 'Ready=True:Counted');
  t.like(found(bench, 'a'), {status: {observedGeneration: 1, value: 3}});
  t.deepEqual(told(bench), [
    'Normal Create: it does not exist (request request-2)',
    'Normal Limit: the limit follows the value (request request-3)',
  ]);
  t.deepEqual(bench.world.calls, ['Get team/a', 'Create team/a', 'Limit team/a']);
});

test('a settled object is left alone until its resync, and then only read', async (t) => {
  const bench = newBench();
  start(bench, {resyncSeconds: 1000});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(10);
  const calls = bench.world.calls.length;
  const writes = bench.kube.calls.length;
  await bench.clock.advance(980);
  t.is(bench.world.calls.length, calls);
  await bench.clock.advance(20);
  t.deepEqual(bench.world.calls.slice(calls), ['Get team/a']);
  t.is(bench.kube.calls.length, writes);
});

test('drift is corrected at the resync, and a changed spec at once', async (t) => {
  const bench = newBench();
  start(bench, {resyncSeconds: 1000});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(10);
  bench.world.counters.set('team/a', {value: 99, limit: 10});
  await bench.clock.advance(1100);
  t.is(bench.world.counters.get('team/a')?.value, 1);
  await bench.kube.merge(ref('a'), {spec: {value: 2}});
  await bench.clock.advance(0);
  t.deepEqual(bench.world.counters.get('team/a'), {value: 2, limit: 20});
  t.like(found(bench, 'a'), {status: {observedGeneration: 2}});
});

test('deletion undoes, then lets go; Retain only lets go', async (t) => {
  const bench = newBench();
  start(bench);
  await bench.kube.create(counterDefinition, counter('gone'));
  await bench.kube.create(counterDefinition, counter('kept', {value: 1, deletionPolicy: 'Retain'}));
  await bench.clock.advance(1);
  await bench.kube.delete(ref('gone'));
  await bench.kube.delete(ref('kept'));
  await bench.clock.advance(1);
  t.is(found(bench, 'gone'), undefined);
  t.is(found(bench, 'kept'), undefined);
  t.deepEqual([...bench.world.counters.keys()], ['team/kept']);
  t.true(told(bench).includes('Normal Released: the counter is as declared'));
});

test('an object that is found as it should be gets the finalizer where its deletion would have something to do', async (t) => {
  const bench = newBench();
  bench.world.counters.set('team/a', {value: 1, limit: 10});
  bench.world.counters.set('team/b', {value: 1, limit: 10});
  start(bench);
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.kube.create(counterDefinition, counter('b', {value: 1, deletionPolicy: 'Retain'}));
  await bench.clock.advance(1);
  t.deepEqual(found(bench, 'a')?.metadata.finalizers, [finalizer]);
  t.is(found(bench, 'b')?.metadata.finalizers, undefined);
});

const isHeld = ({spec}: {readonly spec: unknown}) => (spec as {readonly deletionPolicy: string}).deletionPolicy === 'Delete';

test('an object that is not held any more loses the finalizer, stays, and goes at once when it is deleted', async (t) => {
  const bench = newBench();
  const {stop, ended} = start(bench, {kinds: [{...counterKind(bench.world), isHeld}]});
  await bench.kube.create(counterDefinition, {...counter('a'), metadata: {name: 'a', namespace: 'team', finalizers: ['other/one']}});
  await bench.clock.advance(1);
  t.deepEqual(found(bench, 'a')?.metadata.finalizers, ['other/one', finalizer]);
  await bench.kube.merge(ref('a'), {spec: {deletionPolicy: 'Retain'}});
  await bench.clock.advance(1);
  t.deepEqual(found(bench, 'a')?.metadata.finalizers, ['other/one']);
  await bench.kube.merge(ref('a'), {metadata: {finalizers: []}});
  stop();
  await ended;
  await bench.kube.delete(ref('a'));
  t.is(found(bench, 'a'), undefined);
});

test('an object that is being deleted and is not ours is not touched', async (t) => {
  const bench = newBench();
  await bench.kube.create(counterDefinition, {...counter('a'), metadata: {name: 'a', namespace: 'team', finalizers: ['other/one']}});
  await bench.kube.delete(ref('a'));
  const writes = bench.kube.calls.length;
  start(bench);
  await bench.clock.advance(100);
  t.deepEqual(bench.world.calls, []);
  t.is(bench.kube.calls.length, writes);
});

test('the finalizers of others are kept, whenever they were added', async (t) => {
  const bench = newBench();
  start(bench);
  await bench.kube.create(counterDefinition, {...counter('a'), metadata: {name: 'a', namespace: 'team', finalizers: ['other/one']}});
  await bench.clock.advance(1);
  t.deepEqual(found(bench, 'a')?.metadata.finalizers, ['other/one', finalizer]);
  await bench.kube.merge(ref('a'), {metadata: {finalizers: ['other/one', finalizer, 'other/two']}});
  await bench.kube.delete(ref('a'));
  await bench.clock.advance(1);
  t.deepEqual(found(bench, 'a')?.metadata.finalizers, ['other/one', 'other/two']);
});

test('a spec that cannot be read stalls with each field, and is walked again when it is mended', async (t) => {
  const bench = newBench();
  start(bench);
  await bench.kube.create(counterDefinition, counter('a', {value: 'three', labels: {'a.b': 1}}));
  await bench.clock.advance(1);
  t.is(summary(bench, 'a'), 'Ready=False:InvalidSpec Stalled=True:InvalidSpec');
  const message = conditions(bench, 'a')[0]?.message;
  t.is(
    message,
    'spec.value: Invalid input: expected number, received string; spec.labels["a.b"]: Invalid input: expected string, received number',
  );
  t.deepEqual(told(bench), [`Warning InvalidSpec: ${message}`]);
  await bench.kube.merge(ref('a'), {spec: {value: 3, labels: null}});
  await bench.clock.advance(0);
  t.is(summary(bench, 'a'), 'Ready=True:Counted');
});

test('deletion with a spec that cannot be read deletes nothing and says both ways out', async (t) => {
  const bench = newBench();
  start(bench);
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  await bench.kube.merge(ref('a'), {spec: {value: 'x'}});
  await bench.kube.delete(ref('a'));
  await bench.clock.advance(1);
  t.is(summary(bench, 'a'), 'Ready=False:InvalidSpec Stalled=True:InvalidSpec');
  t.regex(conditions(bench, 'a')[0]?.message ?? '', /mend the spec, or remove the finalizer test\.drayage\.dev\/finalizer/);
  t.true(bench.world.counters.has('team/a'));
  await bench.kube.merge(ref('a'), {spec: {value: 1}});
  await bench.clock.advance(1);
  t.is(found(bench, 'a'), undefined);
  t.false(bench.world.counters.has('team/a'));
});

const gauges = {apiVersion: 'v1', kind: 'Gauge', plural: 'gauges', namespaced: true};

test('what a watch names is looked at again, and a watch that throws harms nobody', async (t) => {
  const bench = newBench();
  let isBroken = true;
  const keys: Watch['keys'] = (_changed, own) => {
    if (isBroken) throw new Error('broken');
    return own.map(keyOf);
  };
  start(bench, {kinds: [counterKind(bench.world, {watches: [{source: {name: 'gauges', type: gauges}, keys}]})]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  const calls = bench.world.calls.length;
  await bench.kube.create(gauges, {apiVersion: 'v1', kind: 'Gauge', metadata: {name: 'g', namespace: 'team'}});
  await bench.clock.advance(1);
  t.is(bench.world.calls.length, calls);
  isBroken = false;
  await bench.kube.merge({type: gauges, name: 'g', namespace: 'team'}, {spec: {}});
  await bench.clock.advance(1);
  t.deepEqual(bench.world.calls.slice(calls), ['Get team/a']);
});

const namedCounter: Watch['keys'] = ({spec}) => [{namespace: 'team', name: (spec as {counter: string}).counter}];

test('whom a change concerns no longer is looked at too', async (t) => {
  const bench = newBench();
  for (const name of ['a', 'b', 'c']) await bench.kube.create(counterDefinition, counter(name));
  await bench.kube.create(gauges, {apiVersion: 'v1', kind: 'Gauge', metadata: {name: 'g', namespace: 'team'}, spec: {counter: 'a'}});
  start(bench, {kinds: [counterKind(bench.world, {watches: [{source: {name: 'gauges', type: gauges}, keys: namedCounter}]})]});
  await bench.clock.advance(1);
  t.is(bench.world.calls.filter((call) => call.startsWith('Get')).length, 3);
  const calls = bench.world.calls.length;
  await bench.kube.merge({type: gauges, name: 'g', namespace: 'team'}, {spec: {counter: 'b'}});
  await bench.clock.advance(1);
  t.deepEqual(bench.world.calls.slice(calls), ['Get team/a', 'Get team/b']);
});
