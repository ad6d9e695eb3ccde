import test from 'ava';
import * as fc from 'fast-check';
import {createLimiter} from '../../src/engine/limiter.ts';
import {Workqueue} from '../../src/engine/workqueue.ts';
import {FakeClock} from './fake-clock.ts';

/** Delays that a model can foretell: 1, 2, 4 … 8 seconds, no chance, no shared bucket. */
const plain = {baseSeconds: 1, capSeconds: 8, jitter: 0, perSecond: 1, burst: 1e9, random: () => 0};

/** What client-go's queue would do, in the plainest words. */
interface Model {
  ready: string[];
  dirty: Set<string>;
  inHand: Set<string>;
  delayed: Map<string, {due: number; order: number}>;
  failures: Map<string, number>;
  waiting: number;
  handed: (string | undefined)[];
  time: number;
  order: number;
  isShutDown: boolean;
}

interface Real {
  readonly clock: FakeClock;
  readonly queue: Workqueue;
  readonly handed: (string | undefined)[];
}

type Command = fc.AsyncCommand<Model, Real>;

function command(name: string, check: (model: Model) => boolean, run: (model: Model, real: Real) => void): Command {
  return {
    check,
    async run(model, real) {
      run(model, real);
      await Promise.resolve();
      await Promise.resolve();
      if (real.handed.join() !== model.handed.join()) throw new Error(`${name}: handed ${real.handed.join()}, not ${model.handed.join()}`);
      if (real.queue.length !== model.ready.length) throw new Error(`${name}: length ${real.queue.length}, not ${model.ready.length}`);
      if (real.queue.ages().length !== model.inHand.size) throw new Error(`${name}: another number in hand`);
      if (real.clock.timers > 1) throw new Error(`${name}: ${real.clock.timers} timers`);
    },
    toString: () => name,
  };
}

function modelAdd(model: Model, key: string): void {
  if (model.isShutDown || model.dirty.has(key)) return;
  model.dirty.add(key);
  if (!model.inHand.has(key)) modelReady(model, key);
}

function modelReady(model: Model, key: string): void {
  model.ready.push(key);
  if (model.waiting > 0) {
    model.waiting -= 1;
    modelHand(model);
  }
}

function modelHand(model: Model): void {
  const key = model.ready.shift();
  if (key === undefined) throw new Error('the model has nothing to hand out');
  model.dirty.delete(key);
  model.inHand.add(key);
  model.handed.push(key);
}

function modelDelay(model: Model, key: string, seconds: number): void {
  if (model.isShutDown) return;
  if (seconds <= 0) return modelAdd(model, key);
  const due = model.time + seconds;
  const known = model.delayed.get(key);
  if (known === undefined || known.due > due) model.delayed.set(key, {due, order: model.order++});
}

/** Whoever waits for nothing is let go. */
function modelSettle(model: Model): void {
  if (!model.isShutDown || model.ready.length > 0 || model.dirty.size > 0) return;
  for (; model.waiting > 0; model.waiting -= 1) model.handed.push(undefined);
}

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const seconds = fc.integer({min: 0, max: 9});
const commands = [
  keys.map((key) =>
    command(
      `add ${key}`,
      () => true,
      (model, real) => {
        real.queue.add(key);
        modelAdd(model, key);
      },
    ),
  ),
  fc.tuple(keys, seconds).map(([key, delay]) =>
    command(
      `addAfter ${key} ${delay}`,
      () => true,
      (model, real) => {
        real.queue.addAfter(key, delay);
        modelDelay(model, key, delay);
      },
    ),
  ),
  fc.tuple(keys, seconds).map(([key, least]) =>
    command(
      `addRateLimited ${key} ${least}`,
      () => true,
      (model, real) => {
        real.queue.addRateLimited(key, least);
        if (model.isShutDown) return;
        const failures = model.failures.get(key) ?? 0;
        model.failures.set(key, failures + 1);
        modelDelay(model, key, Math.max(least, Math.min(8, 2 ** failures)));
      },
    ),
  ),
  keys.map((key) =>
    command(
      `forget ${key}`,
      () => true,
      (model, real) => {
        real.queue.forget(key);
        model.failures.delete(key);
        if (real.queue.retries(key) !== 0) throw new Error('not forgotten');
      },
    ),
  ),
  fc.constant(
    command(
      'get',
      (model) => model.waiting < 4,
      (model, real) => {
        void real.queue.get().then((key) => real.handed.push(key));
        if (model.ready.length > 0) return modelHand(model);
        model.waiting += 1;
        modelSettle(model);
      },
    ),
  ),
  fc.nat().map((pick) =>
    command(
      `done ${pick}`,
      (model) => model.inHand.size > 0,
      (model, real) => {
        const key = [...model.inHand][pick % model.inHand.size] ?? '';
        real.queue.done(key);
        model.inHand.delete(key);
        if (model.dirty.has(key)) modelReady(model, key);
        modelSettle(model);
      },
    ),
  ),
  fc.integer({min: 1, max: 12}).map((step) =>
    command(
      `wait ${step}`,
      () => true,
      (model, real) => {
        real.clock.advanceAtOnce(step);
        model.time += step;
        const due = [...model.delayed].filter(([, entry]) => entry.due <= model.time);
        for (const [key] of due.toSorted(([, a], [, b]) => a.due - b.due || a.order - b.order)) {
          model.delayed.delete(key);
          modelAdd(model, key);
        }
      },
    ),
  ),
  fc.nat(9).map((luck) =>
    command(
      'shut down',
      () => luck === 0,
      (model, real) => {
        void real.queue.shutDown();
        model.isShutDown = true;
        model.delayed.clear();
        modelSettle(model);
      },
    ),
  ),
];

test('does what client-go does: nothing lost, nothing twice at a time, nothing that was not added, delays kept', async (t) => {
  let handed = 0;
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, {maxCommands: 120, size: 'max'}), async (sequence) => {
      const clock = new FakeClock();
      const queue = new Workqueue({clock, limiter: createLimiter({...plain, clock})});
      const model: Model = {
        ready: [],
        dirty: new Set(),
        inHand: new Set(),
        delayed: new Map(),
        failures: new Map(),
        waiting: 0,
        handed: [],
        time: 0,
        order: 0,
        isShutDown: false,
      };
      await fc.asyncModelRun(() => ({model, real: {clock, queue, handed: []}}), sequence);
      handed += model.handed.length;
    }),
    {numRuns: 1500},
  );
  t.true(handed > 5000, `only ${handed} keys were handed out`);
  t.log(`${handed} keys were handed out`);
});

function newQueue(): {readonly clock: FakeClock; readonly queue: Workqueue} {
  const clock = new FakeClock();
  return {clock, queue: new Workqueue({clock, limiter: createLimiter({...plain, clock})})};
}

test('a shut-down queue hands out what is ready, also what was added in hand, then lets its getters go', async (t) => {
  const {queue} = newQueue();
  queue.add('a');
  t.is(await queue.get(), 'a');
  queue.add('a');
  const drained = queue.shutDown();
  const next = queue.get();
  queue.done('a');
  t.is(await next, 'a');
  const last = queue.get();
  queue.done('a');
  t.is(await last, undefined);
  await drained;
  queue.add('b');
  t.is(queue.length, 0);
});

test('a queue that drops only waits for the keys in hand', async (t) => {
  const {queue} = newQueue();
  queue.add('a');
  queue.add('b');
  t.is(await queue.get(), 'a');
  let isDrained = false;
  const drained = queue.shutDown({drop: true}).finally(() => {
    isDrained = true;
  });
  t.is(await queue.get(), undefined);
  t.false(isDrained);
  queue.done('a');
  await drained;
  t.pass();
});

test('a getter that is told to leave takes no key with it', async (t) => {
  const {queue} = newQueue();
  const leaving = new AbortController();
  const left = queue.get(leaving.signal);
  const stays = queue.get();
  leaving.abort();
  t.is(await left, undefined);
  queue.add('a');
  t.is(await stays, 'a');
});

test('ten thousand delays share one timer and come out in order', async (t) => {
  const {clock, queue} = newQueue();
  const due = Array.from({length: 10_000}, (_, index) => (index * 7919) % 10_007);
  for (const [index, delay] of due.entries()) queue.addAfter(`${index}`, delay + 1);
  t.is(clock.timers, 1);
  clock.advanceAtOnce(20_000);
  const order: number[] = [];
  while (queue.length > 0) order.push(due[Number(await queue.get())] ?? -1);
  t.deepEqual(
    order,
    due.toSorted((a, b) => a - b),
  );
  t.is(clock.timers, 0);
});
