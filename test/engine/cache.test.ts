import test from 'ava';
import type {ExecutionContext} from 'ava';
import {createCache} from '../../src/engine/cache.ts';
import type {Source} from '../../src/kinds/kind.ts';
import {Interruption} from '../../src/kinds/outcome.ts';
import {namespaces, secrets} from '../../src/schema/types.ts';
import {until} from '../support/kube-clients.ts';
import {failing, page, quickClock, quietLog, scriptedKube, secret, sending, throwing} from '../support/scripted-kube.ts';
import type {PageStep, WatchStep} from '../support/scripted-kube.ts';

const source: Source = {name: 'secrets', type: secrets};

function open(t: ExecutionContext, sources: readonly Source[], pages: readonly PageStep[], watches: readonly WatchStep[] = []) {
  const script = scriptedKube(pages, watches);
  const stop = new AbortController();
  const logged: unknown[] = [];
  const log = {...quietLog, error: (fields: unknown) => void logged.push(fields)};
  const clock = quickClock();
  const cache = createCache(sources, {kube: script.kube, log, signal: stop.signal, doors: clock.doors});
  t.teardown(async () => {
    stop.abort();
    await cache.done;
  });
  return {...script, cache, logged, stop, clock};
}

const forever = new AbortController().signal;

test('after the sync, objects are read by name and by namespace', async (t) => {
  const {cache} = open(t, [source], [page('7', secret('one', '1'), secret('two', '2'))]);
  await cache.waitForSync(forever);
  t.true(cache.isSynced());
  t.is(cache.get(source, 'one', 'a')?.metadata.resourceVersion, '1');
  t.is(cache.get(source, 'one', 'b'), undefined);
  t.is(cache.list(source, 'a').length, 2);
  t.is(cache.list(source), cache.list(source));
});

test('before the sync, reading asks to be waited for: unknown is not missing', (t) => {
  const {cache} = open(t, [source], [throwing(failing(500))]);
  const error = t.throws(() => cache.get(source, 'one', 'a'), {instanceOf: Interruption});
  t.like(error?.outcome, {is: 'waiting', reason: 'CacheNotSynced', seconds: 1});
  t.throws(() => cache.list(source), {instanceOf: Interruption});
});

test('a source that nobody watches is a mistake', (t) => {
  const {cache} = open(t, [source], [page('7')]);
  t.throws(() => cache.list({name: 'pods', type: secrets}), {message: /no kind watches the source pods/});
  t.throws(() => cache.subscribe({name: 'pods', type: secrets}, () => {}), {message: /pods/});
});

test('sources of one name share one reflector', async (t) => {
  const {cache, listed} = open(t, [source, {...source}], [page('7')]);
  await cache.waitForSync(forever);
  t.is(listed.length, 1);
});

test('sources of one name that select differently are refused', (t) => {
  const signal = AbortSignal.abort();
  const options = {kube: scriptedKube([page('7')], []).kube, log: quietLog, signal, doors: quickClock().doors};
  t.throws(() => createCache([source, {...source, labelSelector: 'a=b'}], options), {message: /two sources are named secrets/});
  t.throws(() => createCache([source, {...source, type: namespaces}], options), {message: /two sources are named secrets/});
});

test('a handler hears of what is there when it comes, and of every change after', async (t) => {
  const gone: WatchStep = sending([
    {type: 'MODIFIED', object: secret('one', '8')},
    {type: 'DELETED', object: secret('one', '9')},
  ]);
  const subscribed = Promise.withResolvers<void>();
  const late = async function* (...args: Parameters<WatchStep>) {
    await subscribed.promise;
    yield* gone(...args);
  };
  const {cache} = open(t, [source], [page('7', secret('one', '1'))], [late]);
  await cache.waitForSync(forever);
  const heard: string[] = [];
  cache.subscribe(source, ({type, object}) => heard.push(`${type} ${object.metadata.resourceVersion}`));
  t.deepEqual(heard, ['added 1']);
  subscribed.resolve();
  await until(() => heard.length === 3, 'all is heard');
  t.deepEqual(heard, ['added 1', 'modified 8', 'deleted 9']);
});

test('a handler that throws hinders no other, and one that leaves hears no more', async (t) => {
  const {cache, logged} = open(t, [source], [page('7', secret('one', '1'), secret('two', '2'))]);
  const heard: string[] = [];
  cache.subscribe(source, () => {
    throw new Error('a bug');
  });
  cache.subscribe(source, ({object}) => heard.push(object.metadata.name));
  const leave = cache.subscribe(source, () => t.fail('it has left'));
  leave();
  await cache.waitForSync(forever);
  t.deepEqual(heard, ['one', 'two']);
  t.is(logged.length, 2);
});

test('waiting for the sync ends when either signal aborts', async (t) => {
  const {cache, stop} = open(t, [source], [throwing(failing(500))]);
  await t.throwsAsync(cache.waitForSync(AbortSignal.abort(new Error('enough'))), {message: 'enough'});
  const waiting = cache.waitForSync(forever);
  stop.abort(new Error('shutting down'));
  await t.throwsAsync(waiting, {message: 'shutting down'});
});

test('its health tells of each source how long ago the API server answered', async (t) => {
  const {cache, clock} = open(t, [source], [page('7', secret('one', '1'))]);
  t.deepEqual(cache.health(), [{source: 'secrets', synced: false, objects: 0}]);
  await cache.waitForSync(forever);
  clock.pass(42_000);
  t.deepEqual(cache.health(), [{source: 'secrets', synced: true, objects: 1, contactAgeSeconds: 42}]);
});
