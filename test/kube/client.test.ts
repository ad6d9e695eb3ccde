import test from 'ava';
import type {ExecutionContext} from 'ava';
import {isConflict, isGone, KubeError} from '../../src/kube/errors.ts';
import type {WatchEvent} from '../../src/kube/kube.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {deployments, namespaces, repositories, secrets} from '../../src/schema/types.ts';
import {answering, startFakeServer} from '../support/fake-api-server.ts';
import {connect, until} from '../support/kube-clients.ts';

const path = '/api/v1/secrets';

async function start(t: ExecutionContext) {
  const server = await startFakeServer();
  const {kube, transport} = connect(server);
  t.teardown(async () => {
    await transport.close();
    await server.kill();
  });
  return {server, kube};
}

function secret(name: string, namespace = 'a'): KubeObject {
  return {apiVersion: 'v1', kind: 'Secret', metadata: {name, namespace}};
}

test('a list is read in pages of 500, and says of each item what it is', async (t) => {
  const {server, kube} = await start(t);
  for (let i = 0; i < 1201; i++) server.objects.put(path, secret(`s${i}`));
  const {items, resourceVersion} = await kube.list(secrets);
  t.is(items.length, 1201);
  t.is(new Set(items.map((item) => item.metadata.name)).size, 1201);
  t.like(items[0], {apiVersion: 'v1', kind: 'Secret'});
  t.is(resourceVersion, '1301');
  t.deepEqual(
    server.arrivals.map(({url}) => url.searchParams.get('limit')),
    ['500', '500', '500'],
  );
});

test('a continue token that expires leads to the whole list in one page', async (t) => {
  const {server, kube} = await start(t);
  for (let i = 0; i < 700; i++) server.objects.put(path, secret(`s${i}`));
  server.faults.add(({url}) => {
    if (url.searchParams.has('continue')) server.objects.compact();
    return false;
  });
  const {items} = await kube.list(secrets);
  t.is(items.length, 700);
  t.is(server.arrivals.length, 3);
  t.is(server.arrivals[2]?.url.searchParams.get('limit'), null);
  t.is(server.arrivals[2]?.url.searchParams.get('continue'), null);
});

test('a list that is Gone even as a whole is an error', async (t) => {
  const {server, kube} = await start(t);
  server.faults.add(answering(410, {status: {reason: 'Expired'}}));
  const error = await t.throwsAsync(kube.list(secrets), {instanceOf: KubeError});
  t.true(isGone(error));
  t.is(server.arrivals.length, 2);
});

test('paths name group, version, namespace, type, name and subresource', async (t) => {
  const {server, kube} = await start(t);
  await kube.get({type: namespaces, name: 'a'});
  await kube.get({type: deployments, namespace: 'a', name: 'web'});
  await kube.apply(
    repositories,
    {apiVersion: 'ecr.drayage.dev/v1alpha1', kind: 'Repository', metadata: {name: 'r', namespace: 'a'}},
    {subresource: 'status'},
  );
  await kube.page(secrets, {namespace: 'b', labelSelector: 'a=b,c', fieldSelector: 'metadata.name=x'});
  t.deepEqual(
    server.arrivals.map(({url}) => url.pathname + url.search),
    [
      '/api/v1/namespaces/a',
      '/apis/apps/v1/namespaces/a/deployments/web',
      '/apis/ecr.drayage.dev/v1alpha1/namespaces/a/repositories/r/status?fieldManager=drayage&force=true',
      '/api/v1/namespaces/b/secrets?labelSelector=a%3Db%2Cc&fieldSelector=metadata.name%3Dx&limit=500',
    ],
  );
});

for (const name of ['..', '.', '', 'a/b', 'a%2Fb']) {
  test(`a name that would change the path is refused before anything is sent: ${JSON.stringify(name)}`, async (t) => {
    const {server, kube} = await start(t);
    const error = await t.throwsAsync<KubeError>(kube.get({type: secrets, namespace: 'a', name}), {instanceOf: KubeError});
    t.like(error?.outcome, {is: 'stalled', reason: 'InvalidRequest'});
    await t.throwsAsync(kube.get({type: secrets, namespace: name, name: 'a'}), {instanceOf: KubeError});
    t.is(server.arrivals.length, 0);
  });
}

test('odd but lawful names are encoded', async (t) => {
  const {server, kube} = await start(t);
  await kube.get({type: namespaces, name: 'a b?c#d:é'});
  t.is(server.arrivals[0]?.url.pathname, '/api/v1/namespaces/a%20b%3Fc%23d%3A%C3%A9');
});

test('a namespaced object needs its namespace, and a cluster-scoped one has none', async (t) => {
  const {kube} = await start(t);
  await t.throwsAsync(kube.get({type: secrets, name: 'a'}), {message: /secrets need a namespace/});
  await t.throwsAsync(kube.get({type: namespaces, name: 'a', namespace: 'b'}), {message: /namespaces have no namespace/});
});

test('what is not there is undefined to get, and false to delete', async (t) => {
  const {server, kube} = await start(t);
  const ref = {type: secrets, namespace: 'a', name: 'one'};
  t.is(await kube.get(ref), undefined);
  t.false(await kube.delete(ref));
  server.objects.put(path, secret('one'));
  t.true(await kube.delete(ref, {uid: 'u', propagationPolicy: 'Foreground'}));
  t.deepEqual(JSON.parse(server.arrivals.at(-1)?.body ?? ''), {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: {uid: 'u'},
    propagationPolicy: 'Foreground',
  });
});

test('each write says what it is and who writes', async (t) => {
  const {server, kube} = await start(t);
  await kube.create(secrets, secret('one'));
  await kube.apply(secrets, secret('one'), {fieldManager: 'other', force: false});
  await kube.merge({type: secrets, namespace: 'a', name: 'one'}, {metadata: {labels: {a: 'b'}}});
  t.deepEqual(
    server.arrivals.map(({method, url, headers}) => [method, headers['content-type'], url.search]),
    [
      ['POST', 'application/json', '?fieldManager=drayage'],
      ['PATCH', 'application/apply-patch+yaml', '?fieldManager=other&force=false'],
      ['PATCH', 'application/merge-patch+json', '?fieldManager=drayage'],
    ],
  );
});

test('a merge with an old resourceVersion is a conflict', async (t) => {
  const {kube} = await start(t);
  await kube.create(secrets, secret('one'));
  const old = kube.merge({type: secrets, namespace: 'a', name: 'one'}, {metadata: {resourceVersion: '1'}});
  t.true(isConflict(await t.throwsAsync(old)));
});

async function watchTexts(
  t: ExecutionContext,
  pieces: readonly Uint8Array[],
): Promise<{events: WatchEvent[]; error: unknown; search: string}> {
  const {server, kube} = await start(t);
  server.faults.add((_arrival, response) => {
    response.writeHead(200);
    void (async () => {
      for (const piece of pieces) {
        response.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      response.end();
    })();
    return true;
  });
  const events: WatchEvent[] = [];
  let error: unknown;
  try {
    const options = {resourceVersion: '7', labelSelector: 'a=b', timeoutSeconds: 9, signal: new AbortController().signal};
    for await (const event of kube.watch(secrets, options)) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  return {events, error, search: server.arrivals[0]?.url.search ?? ''};
}

test('a watch asks for bookmarks and an end', async (t) => {
  const {search, error} = await watchTexts(t, []);
  t.is(search, '?labelSelector=a%3Db&resourceVersion=7&watch=true&allowWatchBookmarks=true&timeoutSeconds=9');
  t.is(error, undefined);
});

test('a watch reads events whatever the chunks are cut like', async (t) => {
  const objects = [secret('grün'), secret('🚢'), {...secret('large'), data: 'x'.repeat(300_000)}];
  const text = objects.map((object) => `${JSON.stringify({type: 'ADDED', object})}\n\n`).join('');
  const bytes = Buffer.from(`\n${text}`);
  const cuts = [0, 1, 60, ...[...bytes.keys()].filter((i) => (bytes[i] ?? 0) > 0x7f), 50_000, 250_000, bytes.length].toSorted(
    (a, b) => a - b,
  );
  const pieces = cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
  const {events, error} = await watchTexts(t, pieces);
  t.is(error, undefined);
  t.deepEqual(events.map((event) => event.object) as unknown[], objects);
});

test('a watch torn within a line is an error, after the events that were whole', async (t) => {
  const whole = JSON.stringify({type: 'ADDED', object: secret('one')});
  const {events, error} = await watchTexts(t, [Buffer.from(`${whole}\n${whole.slice(0, 40)}`)]);
  t.is(events.length, 1);
  t.like((error as KubeError).outcome, {is: 'failed', reason: 'ApiServerUnavailable'});
});

test('an ERROR event is an error by its code', async (t) => {
  const {error} = await watchTexts(t, [
    Buffer.from('{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}\n'),
  ]);
  t.true(isGone(error));
  const too = await watchTexts(t, [
    Buffer.from('{"type":"ERROR","object":{"kind":"Status","code":429,"details":{"retryAfterSeconds":3}}}\n'),
  ]);
  t.is((too.error as KubeError).retryAfter, 3);
});

test('lines that are no events are errors, and are not quoted', async (t) => {
  for (const line of ['{"data":"hunter2', '[]', 'null', '{"type":"NEWS","object":{"data":"hunter2"}}', '17']) {
    const {error} = await watchTexts(t, [Buffer.from(`${line}\n`)]);
    t.true(error instanceof KubeError, line);
    t.false(String((error as KubeError).stack).includes('hunter2'));
  }
});

test('an aborted watch ends quietly, before and after it has begun', async (t) => {
  const {server, kube} = await start(t);
  const stop = new AbortController();
  const read = async (signal: AbortSignal) => {
    for await (const _ of kube.watch(secrets, {resourceVersion: '100', timeoutSeconds: 60, signal}));
  };
  await read(AbortSignal.abort());
  t.is(server.watches(), 0);
  const watching = read(stop.signal);
  await until(() => server.watches() === 1, 'the watch is open');
  stop.abort();
  await watching;
  await until(() => server.watches() === 0, 'the server sees that the watch is gone');
  t.pass();
});

test('a watch that is left early is ended on the wire', async (t) => {
  const {server, kube} = await start(t);
  server.objects.put(path, secret('one'));
  const {signal} = new AbortController();
  for await (const event of kube.watch(secrets, {resourceVersion: '100', timeoutSeconds: 60, signal})) {
    t.is(event.object.metadata.name, 'one');
    break;
  }
  await until(() => server.watches() === 0, 'the server sees that the watch is gone');
});

test('a list that is aborted throws the reason', async (t) => {
  const {server, kube} = await start(t);
  server.faults.add(() => true);
  const stop = new AbortController();
  const listing = kube.list(secrets, {signal: stop.signal});
  await until(() => server.arrivals.length === 1, 'the list is asked for');
  stop.abort(new Error('shutting down'));
  await t.throwsAsync(listing, {message: 'shutting down'});
});
