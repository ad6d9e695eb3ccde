import test from 'ava';
import type {ExecutionContext} from 'ava';
import type {Change} from '../../src/engine/change.ts';
import {startReflector} from '../../src/engine/reflector.ts';
import type {ReflectorOptions} from '../../src/engine/reflector.ts';
import {createStore} from '../../src/engine/store.ts';
import type {WatchEvent} from '../../src/kube/kube.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {secrets} from '../../src/schema/types.ts';
import {until} from '../support/kube-clients.ts';
import {failing, hang, page, quickClock, quietLog, scriptedKube, secret, sending, throwing} from '../support/scripted-kube.ts';
import type {PageStep, WatchStep} from '../support/scripted-kube.ts';

const source = {name: 'secrets', type: secrets};

function run(t: ExecutionContext, pages: readonly PageStep[], watches: readonly WatchStep[], options: Partial<ReflectorOptions> = {}) {
  const script = scriptedKube(pages, watches);
  const clock = quickClock();
  const stop = new AbortController();
  const store = createStore();
  const changes: Change[] = [];
  let synced = 0;
  const reflector = startReflector({
    kube: script.kube,
    source,
    store,
    log: quietLog,
    signal: stop.signal,
    doors: clock.doors,
    onChange: (change) => changes.push(change),
    onSynced: () => (synced += 1),
    ...options,
  });
  t.teardown(async () => {
    stop.abort();
    await reflector.done;
  });
  const told = () => changes.map(({type, object}) => `${type} ${object.metadata.name} ${object.metadata.resourceVersion}`);
  return {...script, clock, stop, store, reflector, told, changes, synced: () => synced};
}

const firstPage: PageStep = () => ({items: [secret('one', '1')], resourceVersion: '7', continue: 'more'});

function aBug(): never {
  throw new Error('a bug');
}

function withoutData({apiVersion, kind, metadata}: KubeObject): KubeObject {
  return {apiVersion, kind, metadata};
}

function event(type: WatchEvent['type'], name: string, version: string): WatchEvent {
  return {type, object: secret(name, version)};
}

test('it lists, then watches from there, asking for an end in 5 to 10 minutes', async (t) => {
  const it = run(
    t,
    [page('7', secret('one', '3'))],
    [sending([event('ADDED', 'two', '8'), event('MODIFIED', 'one', '9'), event('DELETED', 'two', '10')])],
  );
  t.false(it.reflector.isSynced());
  await until(() => it.told().length === 4, 'all is told');
  t.deepEqual(it.told(), ['added one 3', 'added two 8', 'modified one 9', 'deleted two 10']);
  t.like(it.watched[0], {resourceVersion: '7', timeoutSeconds: 300});
  t.is(it.changes[2]?.previous?.metadata.resourceVersion, '3');
  t.deepEqual(
    it.store.list().map((object) => object.metadata.name),
    ['one'],
  );
});

test('it lists page by page without a resourceVersion', async (t) => {
  const it = run(t, [firstPage, page('7', secret('two', '2'))], []);
  await until(() => it.reflector.isSynced(), 'it is synced');
  t.deepEqual(
    it.listed.map((options) => [options.resourceVersion, options.continue]),
    [
      [undefined, undefined],
      [undefined, 'more'],
    ],
  );
  t.is(it.store.size, 2);
});

test('it is synced once, after a whole list and not before', async (t) => {
  const broken: PageStep = () => {
    t.false(it.reflector.isSynced());
    t.is(it.store.size, 0);
    throw failing(500);
  };
  const it = run(t, [firstPage, broken, page('8', secret('one', '1'))], [sending([], failing(410))]);
  await until(() => it.watched.length === 2, 'it was listed twice more');
  t.true(it.reflector.isSynced());
  t.is(it.listed.length, 4);
  t.is(it.synced(), 1);
});

test('a watch goes on from the last bookmark', async (t) => {
  const it = run(t, [page('7')], [sending([event('BOOKMARK', '', '50')], failing(0))]);
  await until(() => it.watched.length === 2, 'a second watch');
  t.is(it.watched[1]?.resourceVersion, '50');
  t.is(it.listed.length, 1);
  t.deepEqual(it.told(), []);
});

for (const error of [failing(410), failing(400), failing(403), failing(504, {causes: [{reason: 'ResourceVersionTooLarge'}]})]) {
  test(`a watch refused with ${error.status} ${JSON.stringify(error.causes)} leads to a list`, async (t) => {
    const it = run(t, [page('7', secret('one', '3')), page('9', secret('two', '9'))], [sending([], error)]);
    await until(() => it.watched.length === 2, 'a second watch');
    t.deepEqual(it.told(), ['added one 3', 'deleted one 3', 'added two 9']);
    t.is(it.watched[1]?.resourceVersion, '9');
  });
}

for (const error of [failing(0), failing(429), failing(500), failing(503), new Error('anything')]) {
  test(`a watch that breaks with «${error.message}» is begun again where it broke`, async (t) => {
    const it = run(t, [page('7')], [sending([event('ADDED', 'one', '8')], error), sending([event('ADDED', 'two', '9')])]);
    await until(() => it.told().length === 2, 'both are told');
    t.is(it.watched[1]?.resourceVersion, '8');
    t.is(it.listed.length, 1);
  });
}

test('a list tells only what changed: nothing for what is as it was', async (t) => {
  const before = [secret('same', '1'), secret('changed', '2'), secret('gone', '3')];
  const after = [secret('same', '1'), secret('changed', '5'), secret('new', '6')];
  const it = run(t, [page('3', ...before), page('9', ...after)], [sending([], failing(410))]);
  await until(() => it.watched.length === 2, 'a second watch');
  t.deepEqual(it.told().slice(3).toSorted(), ['added new 6', 'deleted gone 3', 'modified changed 5']);
});

test('an event that says nothing new is not told', async (t) => {
  const it = run(
    t,
    [page('7', secret('one', '3'))],
    [sending([event('ADDED', 'one', '3'), event('DELETED', 'none', '8'), event('ADDED', 'two', '9')])],
  );
  await until(() => it.store.size === 2, 'the last event is there');
  t.deepEqual(it.told(), ['added one 3', 'added two 9']);
});

test('errors in a row are spaced by 0.8 s and more, up to 30 s', async (t) => {
  const it = run(t, [throwing(failing(500))], []);
  await until(() => it.clock.slept.length >= 8, 'eight errors');
  t.deepEqual(it.clock.slept.slice(0, 8), [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
});

test('Retry-After is honoured by list and watch', async (t) => {
  const it = run(t, [throwing(failing(429, {retryAfter: 77})), page('7')], [sending([], failing(429, {retryAfter: 88}))]);
  await until(() => it.watched.length === 2, 'a second watch');
  t.deepEqual(it.clock.slept, [77_000, 88_000]);
});

test('a watch that ends at once is not begun again at once, though nothing is wrong', async (t) => {
  const it = run(t, [page('7')], [sending([event('BOOKMARK', '', '8')], 'end'), sending([], 'end')]);
  await until(() => it.watched.length === 3, 'a third watch');
  t.deepEqual(it.clock.slept, [800, 1600]);
});

test('a watch that ends in its time is begun again at once', async (t) => {
  const lived: WatchStep = async function* () {
    it.clock.pass(310_000);
    yield* [];
  };
  const it = run(t, [page('7')], [lived, lived]);
  await until(() => it.watched.length === 3, 'a third watch');
  t.deepEqual(it.clock.slept, []);
});

test('a watch that fails again and again is given up for a list', async (t) => {
  const it = run(
    t,
    [page('7'), page('9')],
    Array.from({length: 5}, () => sending([], failing(500))),
  );
  await until(() => it.watched.length === 6, 'a sixth watch');
  t.is(it.listed.length, 2);
  t.is(it.watched[5]?.resourceVersion, '9');
});

test('a watch that outlives its time-out is cut, and begun again where it was', async (t) => {
  const stop = new AbortController();
  const third: WatchStep = async function* () {
    stop.abort();
    yield* [];
  };
  const script = scriptedKube([page('7')], [hang, hang, third]);
  const clock = quickClock(1e9);
  const common = {source, store: createStore(), log: quietLog, onChange: () => {}};
  await startReflector({...common, kube: script.kube, signal: stop.signal, doors: clock.doors}).done;
  t.deepEqual(clock.slept.slice(0, 4), [330_000, 800, 330_000, 800]);
  t.deepEqual(
    script.watched.map((options) => options.resourceVersion),
    ['7', '7', '7'],
  );
  t.is(script.listed.length, 1);
});

test('a handler that throws is logged and hinders nothing', async (t) => {
  const logged: unknown[] = [];
  const names: string[] = [];
  const it = run(t, [page('7', secret('one', '3'))], [sending([event('ADDED', 'two', '8')])], {
    log: {...quietLog, error: (fields: unknown) => void logged.push(fields)},
    onChange: ({object}) => {
      names.push(object.metadata.name);
      throw new Error('a bug');
    },
  });
  await until(() => names.length === 2, 'both are told');
  t.is(it.store.size, 2);
  t.is(logged.length, 2);
  t.like(logged[0], {source: 'secrets', err: {message: 'a bug'}});
});

test('a projection that throws is an error, not an object that is missing', async (t) => {
  const it = run(t, [page('7', secret('one', '3'))], [], {source: {...source, project: aBug}});
  await until(() => it.clock.slept.length >= 2, 'it has tried twice');
  t.false(it.reflector.isSynced());
});

test('what the projection leaves out is neither kept nor told', async (t) => {
  const one = secret('one', '3', {data: {password: 'hunter2'}});
  const two = {type: 'ADDED' as const, object: secret('two', '8', {data: {password: 'hunter2'}})};
  const it = run(t, [page('7', one)], [sending([two])], {source: {...source, project: withoutData, labelSelector: 'a=b'}});
  await until(() => it.store.size === 2, 'both are there');
  t.false(JSON.stringify([it.store.list(), it.changes]).includes('hunter2'));
  t.is(it.listed[0]?.labelSelector, 'a=b');
  t.is(it.watched[0]?.labelSelector, 'a=b');
});

test('the signal stops it, in a watch as in a pause, and nothing is asked after', async (t) => {
  for (const pages of [[page('7')], [throwing(failing(500))]]) {
    const script = scriptedKube(pages, []);
    const stop = new AbortController();
    const doors = quickClock(1).doors;
    const common = {source, store: createStore(), log: quietLog, onChange: () => {}};
    const reflector = startReflector({...common, kube: script.kube, signal: stop.signal, doors});
    await until(() => script.listed.length === 1, 'it has listed');
    await new Promise(setImmediate);
    stop.abort();
    await reflector.done;
    t.is(script.listed.length, 1);
  }
});

test('it tells when the API server last answered, and its hooks what was asked', async (t) => {
  const seen: string[] = [];
  const it = run(t, [throwing(failing(500)), page('7')], [sending([event('BOOKMARK', '', '8')], failing(0))], {
    hooks: {
      onList: (_source, result) => seen.push(`list ${result}`),
      onWatchEnd: (_source, result) => seen.push(`watch ${result}`),
      onEvent: (_source, type) => seen.push(type),
    },
  });
  t.is(it.reflector.lastContact(), undefined);
  await until(() => it.watched.length === 2, 'a second watch');
  t.is(it.reflector.lastContact(), 800);
  t.deepEqual(seen, ['list error', 'list ok', 'BOOKMARK', 'watch error']);
});
