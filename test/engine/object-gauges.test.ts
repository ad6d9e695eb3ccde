import test from 'ava';
import {createMetrics} from '../../src/engine/metrics.ts';
import {Samples} from '../../src/engine/samples.ts';
import type {Gauge, Kind} from '../../src/kinds/kind.ts';
import {type Bench, conditions, newBench, type Process, ref, start} from './bench.ts';
import {counter, counterDefinition, counterKind, interrupt} from './counter-kind.ts';
import {Refused} from './memory-kube.ts';

const lease = {namespace: 'drayage', name: 'drayage'};

/** What the counter shows, by whether it is large. */
const shown: Gauge<'size'> = {
  name: 'test_counter_value',
  help: 'What the counter shows',
  labels: ['size'],
  samples({status}) {
    const value = (status as {readonly value?: number} | undefined)?.value;
    return value === undefined ? [] : [{labels: {size: value > 9 ? 'large' : 'small'}, value}];
  },
};

function kindsOf({world}: Bench, parts: Partial<Kind> = {}): readonly Kind[] {
  return [{...counterKind(world), gauges: [shown], ...parts}];
}

/** The lines of a metric, without its name. */
async function series({metrics}: Pick<Process, 'metrics'>, name = shown.name): Promise<readonly string[]> {
  const text = await metrics.registry.metrics();
  return text.split('\n').flatMap((line) => (line.startsWith(`${name}{`) ? [line.slice(name.length)] : []));
}

test('an object’s numbers appear with its first walk, follow it, and go with it', async (t) => {
  const bench = newBench();
  const process = start(bench, {kinds: kindsOf(bench)});
  t.deepEqual(await series(process), []);
  await bench.kube.create(counterDefinition, counter('a', {value: 3}));
  await bench.kube.create(counterDefinition, counter('b', {value: 5}));
  await bench.clock.advance(1);
  const b = '{kind="Counter",namespace="team",name="b",size="small"} 5';
  t.deepEqual(await series(process), ['{kind="Counter",namespace="team",name="a",size="small"} 3', b]);
  await bench.kube.merge(ref('a'), {spec: {value: 30}});
  await bench.clock.advance(1);
  t.deepEqual(await series(process), ['{kind="Counter",namespace="team",name="a",size="large"} 30', b]);
  await bench.kube.delete(ref('a'));
  await bench.clock.advance(1);
  t.deepEqual(await series(process), [b]);
});

test('an object that went without the operator’s doing leaves no number', async (t) => {
  const bench = newBench();
  const process = start(bench, {kinds: kindsOf(bench, {finalizer: false})});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  t.is((await series(process)).length, 1);
  await bench.kube.delete(ref('a'));
  await bench.clock.advance(1);
  t.deepEqual(await series(process), []);
});

test('numbers are those of the walk, also while the status cannot be written', async (t) => {
  const bench = newBench();
  const process = start(bench, {kinds: kindsOf(bench)});
  bench.kube.apply = () => Promise.reject(new Refused(503));
  await bench.kube.create(counterDefinition, counter('a', {value: 3}));
  await bench.clock.advance(1);
  t.deepEqual(conditions(bench, 'a'), []);
  t.deepEqual(await series(process), ['{kind="Counter",namespace="team",name="a",size="small"} 3']);
});

test('only the leader shows them: a standby shows none, and one that stops shows none from then on', async (t) => {
  const bench = newBench();
  const kinds = kindsOf(bench);
  const first = start(bench, {kinds, lease, identity: 'one'});
  await bench.clock.advance(1);
  const second = start(bench, {kinds, lease, identity: 'two'});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  t.is((await series(first)).length, 1);
  t.deepEqual(await series(second), []);
  first.stop();
  await bench.clock.advance(1);
  t.deepEqual(await series(first), []);
  await bench.clock.advance(10);
  t.is((await series(second)).length, 1);
});

test('one that lost the lease shows none, even while a walk of it hangs', async (t) => {
  const bench = newBench();
  const process = start(bench, {kinds: kindsOf(bench), lease});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  bench.world.around = () => new Promise(() => undefined);
  await bench.kube.merge(ref('a'), {spec: {value: 2}});
  await bench.clock.advance(1);
  t.is((await series(process)).length, 1);
  const merge = bench.kube.merge.bind(bench.kube);
  bench.kube.merge = (where, patch) => (where.type.plural === 'leases' ? Promise.reject(new Refused(503)) : merge(where, patch));
  bench.kube.get = () => Promise.reject(new Refused(503));
  await bench.clock.advance(12);
  t.is(await process.ended, 'lost');
  t.deepEqual(await series(process), []);
});

test('a gauge that throws costs neither the walk nor the other gauges', async (t) => {
  const bench = newBench();
  const broken: Gauge = {
    name: 'test_broken',
    help: 'Nothing',
    labels: [],
    samples() {
      throw new Error('no');
    },
  };
  const process = start(bench, {kinds: kindsOf(bench, {gauges: [broken, shown]})});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  t.is(conditions(bench, 'a')[0]?.status, 'True');
  t.is((await series(process)).length, 1);
  t.deepEqual(await series(process, 'test_broken'), []);
});

test('an object that is not ready has a series that says why; one that is has none', async (t) => {
  const bench = newBench();
  const process = start(bench, {kinds: kindsOf(bench)});
  await bench.kube.create(counterDefinition, counter('good'));
  await bench.kube.create(counterDefinition, counter('bad', {value: 'x'}));
  await bench.clock.advance(1);
  const whose = '{kind="Counter",namespace="team",name="bad",condition=';
  t.deepEqual(await series(process, 'drayage_status_condition'), [
    `${whose}"Ready",status="False",reason="InvalidSpec"} 1`,
    `${whose}"Stalled",status="True",reason="InvalidSpec"} 1`,
  ]);
  await bench.kube.merge(ref('bad'), {spec: {value: 2}});
  await bench.clock.advance(1);
  t.deepEqual(await series(process, 'drayage_status_condition'), []);
});

test('what fails and is tried again has a series only once it is not ready any more', async (t) => {
  const bench = newBench();
  const process = start(bench, {kinds: kindsOf(bench), resyncSeconds: 60});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  bench.world.around = async () => interrupt({is: 'failed', reason: 'Throttled', message: 'later'});
  await bench.clock.advance(300);
  t.deepEqual(await series(process, 'drayage_status_condition'), []);
  await bench.clock.advance(900);
  t.deepEqual(await series(process, 'drayage_status_condition'), [
    '{kind="Counter",namespace="team",name="a",condition="Ready",status="Unknown",reason="Throttled"} 1',
  ]);
});

const one = {...counterDefinition, kind: 'ClusterCounter'};
const silent = () => undefined;

test('two kinds may show one gauge, each under its own name, and one of them may go', async (t) => {
  const metrics = createMetrics({processMetrics: false});
  const cluster = new Samples({definition: one, gauges: [shown]}, silent);
  const namespaced = new Samples({definition: counterDefinition, gauges: [shown]}, silent);
  const unshow = metrics.objects(cluster);
  metrics.objects(namespaced);
  const object = {...counter('a'), status: {value: 3}};
  cluster.set('a', {...object, metadata: {name: 'a'}});
  namespaced.set('team/a', object);
  t.deepEqual(await series({metrics}), [
    '{kind="ClusterCounter",namespace="",name="a",size="small"} 3',
    '{kind="Counter",namespace="team",name="a",size="small"} 3',
  ]);
  unshow();
  t.deepEqual(await series({metrics}), ['{kind="Counter",namespace="team",name="a",size="small"} 3']);
});

test('two kinds that mean different things by one name are refused', (t) => {
  const metrics = createMetrics({processMetrics: false});
  metrics.objects(new Samples({definition: one, gauges: [shown]}, silent));
  for (const other of [
    {...shown, labels: []},
    {...shown, help: 'Something else'},
  ]) {
    t.throws(() => metrics.objects(new Samples({definition: counterDefinition, gauges: [other]}, silent)), {message: /declared twice/});
  }
});

test('scraping twenty thousand objects that are not ready is quick', async (t) => {
  const metrics = createMetrics({processMetrics: false});
  const samples = new Samples({definition: counterDefinition}, silent);
  metrics.objects(samples);
  const status = {conditions: [{type: 'Ready', status: 'Unknown', reason: 'Throttled'}]};
  for (let index = 0; index < 20_000; index += 1) samples.set(`team/${index}`, {...counter(`${index}`), status});
  const from = performance.now();
  const text = await metrics.registry.metrics();
  const took = performance.now() - from;
  t.log(`${Math.round(took)} ms, ${Math.round(text.length / 1024)} KiB`);
  t.true(took < 3000, `${took} ms`);
});
