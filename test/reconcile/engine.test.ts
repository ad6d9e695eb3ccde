import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {pino} from 'pino';
import {createCache} from '../../src/engine/cache.ts';
import {systemClock} from '../../src/engine/clock.ts';
import {runEngine} from '../../src/engine/engine.ts';
import {createMetrics} from '../../src/engine/metrics.ts';
import {sourceOf} from '../../src/kinds/sources.ts';
import {createKube} from '../../src/kube/client.ts';
import {loadConfig} from '../../src/kube/config.ts';
import type {Kube} from '../../src/kube/kube.ts';
import {createTransport} from '../../src/kube/transport.ts';
import {customResourceDefinition} from '../../src/schema/crd.ts';
import {events, leases} from '../../src/schema/types.ts';
import {type Cluster, startCluster} from '../cluster/start.ts';
import {counter, counterDefinition, counterKind, finalizer, noAws, World} from '../engine/counter-kind.ts';
import {realDoors} from '../support/kube-clients.ts';

const ref = (name: string) => ({type: counterDefinition, name, namespace: 'default'});
const object = (name: string, spec: Record<string, unknown>) => ({...counter(name, spec), metadata: {name, namespace: 'default'}});

interface Replica {
  readonly kube: Kube;
  readonly lines: string[];
  readonly stop: () => void;
  readonly ended: Promise<'stopped' | 'lost'>;
}

/** The whole engine on the real doors to the API server, with the toy kind. */
function startReplica(cluster: Cluster, world: World, identity: string): Replica {
  const lines: string[] = [];
  const log = pino({level: 'info'}, {write: (line) => lines.push(line)});
  const config = loadConfig({env: {}, kubeconfig: cluster.kubeconfig});
  const kube = createKube(createTransport({version: 'test', config, doors: realDoors}));
  const stop = new AbortController();
  const cache = createCache([sourceOf(counterDefinition)], {kube, log, signal: stop.signal, doors: realDoors});
  const ended = runEngine({
    kinds: [counterKind(world)],
    doors: {aws: noAws(), kube, cache, clusterId: 'test', now: systemClock.now},
    lease: {namespace: 'default', name: 'drayage'},
    identity,
    log,
    metrics: createMetrics({processMetrics: false}),
    signal: stop.signal,
  });
  return {kube, lines, ended, stop: () => stop.abort()};
}

async function eventually(check: () => Promise<boolean>, what: string, seconds = 30): Promise<number> {
  const start = performance.now();
  while (!(await check().catch(() => false))) {
    if (performance.now() - start > seconds * 1000) throw new Error(`not in ${seconds} seconds: ${what}`);
    await delay(20);
  }
  return performance.now() - start;
}

interface Status {
  readonly observedGeneration: number;
  readonly conditions: readonly {readonly type: string; readonly status: string; readonly reason: string}[];
}

async function readyOf(kube: Kube, name: string): Promise<string> {
  const found = await kube.get(ref(name));
  const {conditions = [], observedGeneration} = (found?.['status'] ?? {}) as Partial<Status>;
  const ready = conditions.find(({type}) => type === 'Ready');
  return ready === undefined || observedGeneration !== found?.metadata.generation ? '' : `${ready.status} ${ready.reason}`;
}

test('two replicas on a real API server: kept, told, handed over, and none the worse for its restart', async (t) => {
  t.timeout(300_000);
  await using cluster = await startCluster();
  const world = new World();
  await cluster.apply(JSON.stringify(customResourceDefinition(counterDefinition)));
  await cluster.kubectl(['wait', '--for=condition=Established', 'crd/counters.test.drayage.dev', '--timeout=30s']);
  const first = startReplica(cluster, world, 'first');
  const {kube} = first;
  await eventually(async () => (await kube.get({type: leases, name: 'drayage', namespace: 'default'})) !== undefined, 'a leader');
  const second = startReplica(cluster, world, 'second');

  await kube.create(counterDefinition, object('a', {value: 3}));
  await eventually(async () => (await readyOf(kube, 'a')) === 'True Counted', 'a is ready');
  const a = await kube.get(ref('a'));
  t.deepEqual(a?.metadata.finalizers, [finalizer]);
  t.deepEqual(world.calls, ['Get default/a', 'Create default/a', 'Limit default/a']);
  await eventually(async () => (await kube.list(events, {namespace: 'default'})).items.filter(isAbout('a')).length === 2, 'two Events');
  const described = await cluster.kubectl(['describe', 'counter', 'a']);
  t.regex(described.stdout, /Create\s+\S+\s+drayage\S*\s+it does not exist \(request request-2\)/);
  t.is((await cluster.kubectl(['wait', '--for=condition=Ready', 'counter/a', '--timeout=5s'])).code, 0);

  first.stop();
  t.is(await first.ended, 'stopped');
  await kube.create(counterDefinition, object('b', {value: 1}));
  const handOver = await eventually(async () => (await readyOf(kube, 'b')) === 'True Counted', 'b is ready');
  t.true(handOver < 2000, `the other replica took ${handOver} ms`);
  t.like((await kube.get({type: leases, name: 'drayage', namespace: 'default'}))?.['spec'], {
    holderIdentity: 'second',
    leaseTransitions: 1,
  });

  await cluster.restartApiServer();
  await eventually(() => kube.merge(ref('b'), {spec: {value: 2}}).then(() => true), 'the API server is back');
  await eventually(async () => (await readyOf(kube, 'b')) === 'True Counted' && world.counters.get('default/b')?.value === 2, 'b follows');
  await kube.delete(ref('a'));
  await eventually(async () => (await kube.get(ref('a'))) === undefined, 'a is gone');
  t.deepEqual([...world.counters.keys()], ['default/b']);
  t.true([...world.creations.values()].every((count) => count === 1));

  second.stop();
  t.is(await second.ended, 'stopped');
  t.deepEqual(
    [...first.lines, ...second.lines].filter((line) => line.includes('cannot write')),
    [],
  );
  t.log(`the other replica had made a new object ready ${Math.round(handOver)} ms after the first had stopped`);
});

function isAbout(name: string): (event: {readonly [field: string]: unknown}) => boolean {
  return (event) => (event['regarding'] as {readonly name?: string}).name === name;
}
