import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {isUnavailable, KubeError} from '../../src/kube/errors.ts';
import {defaultRetry} from '../../src/kube/retry.ts';
import type {TransportOptions} from '../../src/kube/transport.ts';
import {secrets} from '../../src/schema/types.ts';
import {answering, startFakeServer} from '../support/fake-api-server.ts';
import {configFor, connect, realDoors, token, until} from '../support/kube-clients.ts';
import {startRelay} from '../support/tcp-relay.ts';

const ref = {type: secrets, name: 'one', namespace: 'a'};
const secret = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'one', namespace: 'a'}};
const noWaiting = {...realDoors, sleep: async () => {}};

async function start(t: ExecutionContext, options: Partial<TransportOptions> = {}) {
  const server = await startFakeServer();
  const clients = connect(server, options);
  t.teardown(async () => {
    await clients.transport.close();
    await server.kill();
  });
  return {server, ...clients};
}

async function failure(promise: Promise<unknown>): Promise<KubeError> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => {
      if (error instanceof KubeError) return error;
      throw error;
    },
  );
}

test('200 calls one after the other and 200 at once share one HTTP/2 connection', async (t) => {
  const {server, kube} = await start(t);
  server.objects.put('/api/v1/secrets', secret);
  const first = performance.now();
  for (let i = 0; i < 200; i++) await kube.get(ref);
  const second = performance.now();
  await Promise.all(Array.from({length: 200}, () => kube.get(ref)));
  t.log(`one after the other ${Math.round(second - first)} ms, at once ${Math.round(performance.now() - second)} ms`);
  t.true(server.connections().made <= 2, `${server.connections().made} connections`);
  t.true(server.arrivals.every((arrival) => arrival.httpVersion === '2.0'));
});

test('a first burst of 200 calls opens no more than two connections', async (t) => {
  const {server, kube} = await start(t);
  await Promise.all(Array.from({length: 200}, () => kube.get(ref)));
  t.true(server.connections().made <= 2, `${server.connections().made} connections`);
});

test('watches have a connection of their own, and share it', async (t) => {
  const {server, kube} = await start(t);
  const stop = new AbortController();
  await kube.get(ref);
  const watching = Array.from({length: 6}, async () => {
    for await (const _ of kube.watch(secrets, {resourceVersion: '100', timeoutSeconds: 60, signal: stop.signal}));
  });
  await until(() => server.watches() === 6, 'six watches are open');
  await kube.get(ref);
  const ofWatches = new Set(server.arrivals.filter(({url}) => url.searchParams.has('watch')).map(({connection}) => connection));
  const ofCalls = new Set(server.arrivals.filter(({url}) => !url.searchParams.has('watch')).map(({connection}) => connection));
  t.is(ofWatches.size, 1);
  t.is(ofCalls.size, 1);
  t.true(ofWatches.isDisjointFrom(ofCalls));
  stop.abort();
  await Promise.all(watching);
});

test('every call says who asks, and carries the token', async (t) => {
  const {server, kube} = await start(t);
  await kube.get(ref);
  t.is(server.arrivals[0]?.headers['user-agent'], 'drayage/1.2.3');
  t.is(server.arrivals[0]?.headers['authorization'], `Bearer ${token}`);
});

test('calls under way survive an API server that is killed and comes back on its port', async (t) => {
  const {server, kube} = await start(t);
  server.objects.put('/api/v1/secrets', secret);
  await kube.get(ref);
  server.faults.add(() => true);
  const waiting = [kube.get(ref), kube.list(secrets), kube.apply(secrets, secret)];
  await until(() => server.arrivals.length === 4, 'three calls hang');
  await server.kill();
  server.faults.clear();
  await delay(300);
  await server.revive();
  const revived = performance.now();
  await Promise.all(waiting);
  t.log(`answered ${Math.round(performance.now() - revived)} ms after the server was back`);
  t.true(performance.now() - revived < 8000);
});

test('a call after the API server was restarted while nobody asked succeeds at once', async (t) => {
  const {server, kube} = await start(t);
  await kube.get(ref);
  await server.kill();
  await server.revive();
  const revived = performance.now();
  await kube.get(ref);
  t.log(`answered after ${Math.round(performance.now() - revived)} ms`);
  t.true(performance.now() - revived < 5000);
});

test('a create that may have arrived is not sent again', async (t) => {
  const {server, kube} = await start(t);
  server.faults.add((arrival, response) => {
    if (arrival.method === 'POST') response.stream.session?.destroy();
    return true;
  });
  const error = await failure(kube.create(secrets, secret));
  t.is(error.outcome.reason, 'ApiServerUnavailable');
  t.is(server.arrivals.length, 1);
});

test('a create is sent again after 429 and after a refused connection, and not after 500', async (t) => {
  const {server, kube} = await start(t, {doors: noWaiting});
  server.faults.add(answering(429, {times: 2, retryAfter: '1'}));
  await kube.create(secrets, secret);
  t.is(server.arrivals.length, 3);
  server.faults.add(answering(500, {times: 1}));
  t.is((await failure(kube.create(secrets, {...secret, metadata: {...secret.metadata, name: 'two'}}))).status, 500);
  t.is(server.arrivals.length, 4);
});

test('a create waits for a server that is not there yet', async (t) => {
  const {server, kube} = await start(t);
  await server.kill();
  const created = kube.create(secrets, secret);
  await delay(100);
  await server.revive();
  t.is((await created).metadata.name, 'one');
  t.is(server.arrivals.length, 1);
});

for (const status of [429, 500, 502, 503, 504]) {
  test(`what is idempotent is asked again after ${status}, until attempts run out`, async (t) => {
    const {server, kube} = await start(t, {doors: noWaiting});
    server.objects.put('/api/v1/secrets', secret);
    server.faults.add(answering(status, {times: 2}));
    t.is((await kube.get(ref))?.metadata.name, 'one');
    t.is(server.arrivals.length, 3);
    server.faults.add(answering(status));
    const error = await failure(kube.get(ref));
    t.is(error.status, status);
    t.true(isUnavailable(error));
    t.is(server.arrivals.length, 3 + defaultRetry.attempts);
  });
}

test('a merge is asked again only with a resourceVersion', async (t) => {
  const {server, kube} = await start(t, {doors: noWaiting});
  const {metadata} = server.objects.put('/api/v1/secrets', secret);
  server.faults.add(answering(503, {times: 1}));
  t.is((await failure(kube.merge(ref, {metadata: {labels: {a: 'b'}}}))).status, 503);
  server.faults.add(answering(503, {times: 1}));
  const merged = await kube.merge(ref, {metadata: {labels: {a: 'b'}, resourceVersion: metadata.resourceVersion}});
  t.deepEqual(merged.metadata.labels, {a: 'b'});
});

test('Retry-After is waited for, with jitter on top', async (t) => {
  const pauses: number[] = [];
  const doors = {...realDoors, random: () => 0.5, sleep: async (milliseconds: number) => void pauses.push(milliseconds)};
  const {server, kube} = await start(t, {doors});
  server.faults.add(answering(429, {times: 1, retryAfter: '3'}));
  server.faults.add(answering(500, {times: 2}));
  await kube.get(ref);
  t.deepEqual(pauses, [3100, 200, 400]);
});

test('a Retry-After longer than a call may take is left to the caller, in the outcome', async (t) => {
  const {server, kube} = await start(t);
  server.faults.add(answering(429, {retryAfter: '120'}));
  const error = await failure(kube.get(ref));
  t.is(server.arrivals.length, 1);
  t.is(error.retryAfter, 120);
  t.like(error.outcome, {is: 'failed', reason: 'ApiServerUnavailable', seconds: 120});
});

test('a call that is never answered times out, and so does its second attempt', async (t) => {
  const {server, kube} = await start(t, {timeout: 200, retry: {...defaultRetry, attempts: 2, base: 1}});
  server.faults.add(() => true);
  const began = performance.now();
  const error = await failure(kube.get(ref));
  t.is(error.reason, 'Timeout');
  t.true(performance.now() - began >= 390);
});

test('an answer that breaks off is asked for again', async (t) => {
  const {server, kube} = await start(t, {doors: noWaiting});
  server.objects.put('/api/v1/secrets', secret);
  let torn = 0;
  server.faults.add((_arrival, response) => {
    if (torn++ > 0) return false;
    response.writeHead(200);
    response.write('{"metadata":{"name":"o');
    setTimeout(() => response.stream.session?.destroy(), 20);
    return true;
  });
  t.is((await kube.get(ref))?.metadata.name, 'one');
});

test('a refused token is asked for anew once', async (t) => {
  const {server, kube} = await start(t);
  server.objects.put('/api/v1/secrets', secret);
  server.faults.add(answering(401, {times: 1}));
  t.is((await kube.get(ref))?.metadata.name, 'one');
  server.faults.add(answering(401));
  t.like((await failure(kube.get(ref))).outcome, {is: 'failed', reason: 'Unauthorized'});
  t.is(server.arrivals.length, 4);
});

test('a page of a proxy instead of JSON is an error in words, without the page', async (t) => {
  const {server, kube} = await start(t, {doors: noWaiting});
  server.faults.add((_arrival, response) => {
    response.writeHead(200);
    response.end('<html>sso</html>');
    return true;
  });
  const error = await failure(kube.get(ref));
  t.is(error.message, 'get secrets a/one: the answer is not JSON');
});

test('a peer that vanishes without a word is noticed by its silence to PINGs, and left for a new connection', async (t) => {
  const {server} = await start(t);
  const relay = await startRelay(Number(new URL(server.url).port));
  const config = configFor({url: `https://127.0.0.1:${relay.port}`, certificate: server.certificate});
  const {kube, transport} = connect(server, {config, pingInterval: 100});
  t.teardown(async () => {
    await transport.close();
    await relay.close();
  });
  await kube.get(ref);
  relay.freeze();
  const began = performance.now();
  t.is(await kube.get(ref), undefined);
  t.log(`answered ${Math.round(performance.now() - began)} ms after the connection froze, with a PING each 100 ms`);
  t.true(performance.now() - began >= 250);
  t.true(relay.connections() >= 2);
});

test('a call that hangs does not hold up the end', async (t) => {
  const {server} = await start(t);
  const relay = await startRelay(Number(new URL(server.url).port));
  t.teardown(() => relay.close());
  const config = configFor({url: `https://127.0.0.1:${relay.port}`, certificate: server.certificate});
  const {kube, transport} = connect(server, {config, pingInterval: 60_000});
  await kube.get(ref);
  relay.freeze();
  const hanging = kube.get(ref).then(
    () => 'answered',
    () => 'broken off',
  );
  await delay(50);
  const began = performance.now();
  await transport.close();
  t.is(await hanging, 'broken off');
  t.true(performance.now() - began < 3000);
});

test('a quiet connection that still answers PINGs is left alone', async (t) => {
  const {server, kube} = await start(t, {pingInterval: 20});
  const stop = new AbortController();
  const watching = (async () => {
    for await (const _ of kube.watch(secrets, {resourceVersion: '100', timeoutSeconds: 60, signal: stop.signal}));
  })();
  await until(() => server.watches() === 1, 'the watch is open');
  await delay(500);
  t.is(server.watches(), 1);
  t.is(server.connections().made, 1);
  stop.abort();
  await watching;
});

test('no error text holds the token', async (t) => {
  const {server, kube, transport} = await start(t, {doors: noWaiting});
  const texts: string[] = [];
  const collect = async (promise: Promise<unknown>) => {
    const error = await failure(promise);
    texts.push(error.message, String(error.stack), JSON.stringify(error), String(error.cause));
  };
  server.faults.add((_arrival, response) => {
    response.writeHead(400);
    response.end(JSON.stringify({kind: 'Status', code: 400, message: `webhook got Authorization: Bearer ${token}`}));
    return true;
  });
  await collect(kube.get({type: {...secrets, plural: 'pods'}, name: 'a', namespace: 'b'}));
  server.faults.clear();
  server.faults.add(answering(503));
  await collect(kube.get(ref));
  await server.kill();
  await collect(kube.apply(secrets, {...secret, data: {password: token}}));
  await transport.close();
  t.is(texts.length, 12);
  for (const text of texts) t.false(text.includes(token));
  await server.revive();
});
