import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import * as fc from 'fast-check';
import {createCache} from '../../src/engine/cache.ts';
import type {Change} from '../../src/engine/change.ts';
import {keyOf, keyText} from '../../src/schema/object.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {secrets} from '../../src/schema/types.ts';
import {makeCertificate} from '../support/certificate.ts';
import {answering, startFakeServer} from '../support/fake-api-server.ts';
import type {Arrival, FakeServer} from '../support/fake-api-server.ts';
import {configFor, connect, realDoors, until} from '../support/kube-clients.ts';
import {quietLog} from '../support/scripted-kube.ts';

// The client's time runs 100 times faster than the test's, so that back-off of seconds takes milliseconds.
const speed = 100;
const quick = {
  now: () => performance.now() * speed,
  random: Math.random,
  sleep: (milliseconds: number, signal?: AbortSignal) => realDoors.sleep(milliseconds / speed, signal),
};

const collection = '/api/v1/secrets';
const source = {name: 'secrets', type: secrets};
const certificate = makeCertificate();

type Action =
  | {readonly do: 'put' | 'remove'; readonly name: string}
  | {readonly do: 'tear' | 'end' | 'expire' | 'compact' | 'bookmark' | 'restart' | 'break'}
  | {readonly do: 'fail'; readonly code: number; readonly times: number; readonly of: 'list' | 'watch'}
  | {readonly do: 'silence'; readonly on: boolean}
  | {readonly do: 'wait'; readonly milliseconds: number};

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const actions: fc.Arbitrary<Action> = fc.oneof(
  {weight: 8, arbitrary: fc.record({do: fc.constant('put' as const), name: names})},
  {weight: 4, arbitrary: fc.record({do: fc.constant('remove' as const), name: names})},
  {weight: 4, arbitrary: fc.record({do: fc.constantFrom('tear' as const, 'end', 'expire', 'compact', 'bookmark', 'break', 'tear')})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('restart' as const)})},
  {weight: 2, arbitrary: fc.record({do: fc.constant('silence' as const), on: fc.boolean()})},
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      code: fc.constantFrom(410, 429, 500, 503, 403),
      times: fc.integer({min: 1, max: 30}),
      of: fc.constantFrom('list' as const, 'watch' as const),
    }),
  },
  {weight: 4, arbitrary: fc.record({do: fc.constant('wait' as const), milliseconds: fc.integer({min: 0, max: 25})})},
);

async function perform(server: FakeServer, action: Action): Promise<void> {
  switch (action.do) {
    case 'put':
      server.objects.put(collection, {apiVersion: 'v1', kind: 'Secret', metadata: {name: action.name, namespace: 'ns'}});
      return;
    case 'remove':
      return server.objects.remove(collection, action.name, 'ns');
    case 'tear':
      return server.endWatches('mid-line');
    case 'end':
      return server.endWatches('cleanly');
    case 'expire':
      return server.endWatches('expired');
    case 'compact':
      return server.objects.compact();
    case 'bookmark':
      return server.bookmark();
    case 'break':
      return server.breakConnections();
    case 'restart':
      await server.kill();
      return server.revive();
    case 'silence':
      return server.silence(action.on);
    case 'fail': {
      const where = ({url}: Arrival) => url.searchParams.has('watch') === (action.of === 'watch');
      server.faults.add(answering(action.code, {times: action.times, where, retryAfter: '1'}));
      return;
    }
    case 'wait':
      await delay(action.milliseconds);
  }
}

function texts(objects: Iterable<KubeObject>): readonly string[] {
  return [...objects].map((object) => `${keyText(keyOf(object))} ${object.metadata.uid} ${object.metadata.resourceVersion}`).toSorted();
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What one knows who only hears the changes. */
function listener() {
  const heard = new Map<string, KubeObject>();
  const problems: string[] = [];
  function hear({type, object}: Change): void {
    const key = keyText(keyOf(object));
    if (heard.has(key) === (type === 'added')) problems.push(`${type} ${key} out of turn`);
    if (type === 'deleted') heard.delete(key);
    else heard.set(key, object);
  }
  return {heard, problems, hear};
}

async function survive(warm: boolean, script: readonly Action[]): Promise<void> {
  const server = await startFakeServer({certificate});
  const start = performance.now();
  const {kube, transport} = connect(server, {config: configFor({url: server.url, certificate}), doors: quick, timeout: 2000});
  const stop = new AbortController();
  // Without the list after many failures, which would mend what a watch lost.
  const timings = {watchSeconds: 20, grace: 5000, watchFailures: Number.POSITIVE_INFINITY};
  const cache = createCache([source], {kube, log: quietLog, signal: stop.signal, doors: quick, timings});
  const {heard, problems, hear} = listener();
  cache.subscribe(source, hear);
  try {
    if (warm) await until(() => server.watches() === 1, 'the watch is open');
    for (const action of script) await perform(server, action);
    server.faults.clear();
    server.silence(false);
    // A change after the faults must arrive too: nothing is dead.
    server.objects.put(collection, {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'last', namespace: 'ns'}});
    const truth = () => texts(server.objects.list(collection));
    await until(() => cache.isSynced() && same(texts(cache.list(source)), truth()), 'the store equals the server', 5000);
    if (!same(texts(heard.values()), truth())) throw new Error(`heard ${texts(heard.values()).join()}, true is ${truth().join()}`);
    if (problems.length > 0) throw new Error(problems.join('; '));
    // No error is answered with another try at once: at least 0.8 s, here 8 ms, lie between two watches.
    const watches = server.arrivals.filter(({url}) => url.searchParams.has('watch')).map(({at}) => at);
    const hot = watches.some((at, i) => (watches[i + 5] ?? Number.POSITIVE_INFINITY) - at < 5 * 7);
    if (hot) throw new Error(`watches at ${watches.map((at) => at - (watches[0] ?? 0)).join()} ms`);
    // Between two watches, or instead of one, comes a list at most, asked for six times at most.
    const most = 10 + (6 * (performance.now() - start)) / 7;
    if (server.arrivals.length > most) throw new Error(`${server.arrivals.length} requests, where ${most} are the most`);
  } finally {
    stop.abort();
    await cache.done;
    await transport.close();
    await server.kill();
  }
}

test('whatever happens to the connection, the store ends as what the API server has, and so does who heard the changes', async (t) => {
  t.timeout(120_000);
  const runs = Number(process.env['FAULT_RUNS'] ?? 40);
  await fc.assert(fc.asyncProperty(fc.boolean(), fc.array(actions, {minLength: 5, maxLength: 40}), survive), {
    numRuns: runs,
    endOnFailure: true,
  });
  t.pass();
});

test('a reflector in real time is up to date soon after the API server is back', async (t) => {
  const server = await startFakeServer({certificate});
  const {kube, transport} = connect(server);
  const stop = new AbortController();
  const cache = createCache([source], {kube, log: quietLog, signal: stop.signal, doors: realDoors});
  t.teardown(async () => {
    stop.abort();
    await cache.done;
    await transport.close();
    await server.kill();
  });
  const put = (name: string) => server.objects.put(collection, {apiVersion: 'v1', kind: 'Secret', metadata: {name, namespace: 'ns'}});
  put('before');
  await cache.waitForSync(stop.signal);
  await until(() => server.watches() === 1, 'the watch is open');
  await server.kill();
  put('meanwhile');
  await server.revive();
  const revived = performance.now();
  await until(() => cache.get(source, 'meanwhile', 'ns') !== undefined, 'what happened meanwhile is known');
  const milliseconds = performance.now() - revived;
  t.log(`up to date ${Math.round(milliseconds)} ms after the API server was back`);
  t.true(milliseconds < 4000);
});

test('20,000 objects arrive in pages, and a change of one is heard soon', async (t) => {
  const server = await startFakeServer({certificate});
  for (let i = 0; i < 20_000; i++) {
    server.objects.put(collection, {apiVersion: 'v1', kind: 'Secret', metadata: {name: `s${i}`, namespace: `ns${i % 200}`}});
  }
  const {kube, transport} = connect(server);
  const stop = new AbortController();
  const start = performance.now();
  const cache = createCache([source], {kube, log: quietLog, signal: stop.signal, doors: realDoors});
  t.teardown(async () => {
    stop.abort();
    await cache.done;
    await transport.close();
    await server.kill();
  });
  await cache.waitForSync(stop.signal);
  t.log(`synced in ${Math.round(performance.now() - start)} ms, the server in the same process`);
  t.is(cache.list(source).length, 20_000);
  t.is(cache.list(source, 'ns7').length, 100);
  await until(() => server.watches() === 1, 'the watch is open');
  server.objects.put(collection, {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'new', namespace: 'ns7'}});
  await until(() => cache.get(source, 'new', 'ns7') !== undefined, 'the new one is known');
  t.is(cache.list(source, 'ns7').length, 101);
});
