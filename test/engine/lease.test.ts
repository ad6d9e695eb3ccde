import test from 'ava';
import * as fc from 'fast-check';
import {pino} from 'pino';
import {type Clock, sleep} from '../../src/engine/clock.ts';
import {Lease, type LeaseOptions} from '../../src/engine/lease.ts';
import {leases} from '../../src/schema/types.ts';
import {FakeClock, quiet} from './fake-clock.ts';
import {MemoryKube, Refused} from './memory-kube.ts';

const log = pino({level: 'silent'});
const where = {namespace: 'drayage', name: 'drayage'};

interface Candidate {
  readonly lease: Lease;
  readonly stop: AbortController;
  readonly ended: Promise<'never' | 'released' | 'lost'>;
  leads: boolean;
}

/** A process that leads until it is told to stop, then works on for `restSeconds`. */
function run(kube: LeaseOptions['kube'], clock: Clock, identity: string, restSeconds = 0, random = () => 0.5): Candidate {
  const stop = new AbortController();
  const lease = new Lease({...where, kube, identity, clock, random, log});
  const candidate: Candidate = {
    lease,
    stop,
    leads: false,
    ended: lease.run(async (lost) => {
      candidate.leads = true;
      const end = AbortSignal.any([lost, stop.signal]);
      await sleep(clock, Infinity, end);
      if (!lost.aborted) await sleep(clock, restSeconds, lost);
      candidate.leads = false;
    }, stop.signal),
  };
  return candidate;
}

function spec(kube: MemoryKube): Record<string, unknown> {
  return kube.objects('leases')[0]?.['spec'] as Record<string, unknown>;
}

test('the first takes the lease, renews it every two seconds, and writes what client-go writes', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const a = run(kube, clock, 'a');
  await clock.advance(7);
  t.true(a.lease.leading);
  t.like(spec(kube), {
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
    acquireTime: '2026-01-01T00:00:00.000000Z',
    renewTime: '2026-01-01T00:00:06.000000Z',
  });
  t.deepEqual(kube.calls, ['get leases', 'create leases', 'merge leases', 'merge leases', 'merge leases']);
});

test('a released lease is taken over in less than two seconds', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const a = run(kube, clock, 'a');
  await clock.advance(1);
  const b = run(kube, clock, 'b');
  await clock.advance(30.5);
  t.false(b.lease.leading);
  a.stop.abort();
  await clock.advance(0.1);
  t.is(await a.ended, 'released');
  t.true(b.lease.leading);
  t.like(spec(kube), {holderIdentity: 'b', leaseTransitions: 1});
});

test('the lease is kept while the leader finishes its work, and only then released', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const a = run(kube, clock, 'a', 18);
  await clock.advance(1);
  const b = run(kube, clock, 'b');
  a.stop.abort();
  await clock.advance(17);
  t.true(a.lease.leading);
  t.false(b.lease.leading);
  await clock.advance(1.5);
  t.is(await a.ended, 'released');
  t.true(b.lease.leading);
});

test('a leader that dies is followed after the lease time', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const dead = {...bound(kube), merge: () => new Promise<never>(() => undefined)};
  run(dead, clock, 'a');
  await clock.advance(0.5);
  const b = run(kube, clock, 'b');
  await clock.advance(14.4);
  t.false(b.lease.leading);
  await clock.advance(5);
  t.true(b.lease.leading);
});

test('a leader that cannot renew stops before anyone may follow it', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  let isDown = false;
  const shaky = {
    ...bound(kube),
    merge: (...args: Parameters<MemoryKube['merge']>) => (isDown ? Promise.reject(new Refused(503)) : kube.merge(...args)),
    get: (...args: Parameters<MemoryKube['get']>) => (isDown ? Promise.reject(new Refused(503)) : kube.get(...args)),
  };
  const a = run(shaky, clock, 'a');
  await clock.advance(2);
  isDown = true;
  await clock.advance(9.9);
  t.true(a.leads);
  await clock.advance(0.2);
  t.false(a.leads);
  t.is(await a.ended, 'lost');
  t.false(a.lease.leading);
});

/** Renewals take effect at once; their answers come after the seconds given for each, and where none is given, never. */
function slowToAnswer(kube: MemoryKube, clock: Clock, answers: number[]): LeaseOptions['kube'] {
  return {
    ...bound(kube),
    get: () => Promise.reject(new Refused(503)),
    async merge(ref, patch) {
      const answer = await kube.merge(ref, patch);
      await sleep(clock, answers.shift() ?? Infinity);
      return answer;
    },
  };
}

test('an answer that took long does not stretch the term past what the others saw', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  await kube.create(leases, {apiVersion: leases.apiVersion, kind: leases.kind, metadata: where, spec: {}});
  const lease = slowToAnswer(kube, clock, [0, 4]);
  const a = run({...lease, get: (ref) => (clock.seconds() < 1 ? kube.get(ref) : lease.get(ref))}, clock, 'a');
  await clock.advance(11.9);
  t.true(a.lease.leading);
  await clock.advance(0.2);
  t.false(a.lease.leading);
  t.is(await a.ended, 'lost');
});

test('an answer that comes after the term does not bring it back', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  await kube.create(leases, {apiVersion: leases.apiVersion, kind: leases.kind, metadata: where, spec: {}});
  const lease = slowToAnswer(kube, clock, [0, 9.5]);
  const a = run({...lease, get: (ref) => (clock.seconds() < 1 ? kube.get(ref) : lease.get(ref))}, clock, 'a');
  await clock.advance(10.1);
  t.is(await a.ended, 'lost');
  await clock.advance(1.5);
  t.false(a.lease.leading);
});

test('who waits and is told to stop never leads', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  run(kube, clock, 'a');
  await clock.advance(1);
  const b = run(kube, clock, 'b');
  await clock.advance(1);
  b.stop.abort();
  await clock.advance(0);
  t.is(await b.ended, 'never');
});

test('of two that take a free lease at the same moment one leads', async (t) => {
  const clock = new FakeClock();
  const kube = new MemoryKube(clock.now);
  const both = [run(kube, clock, 'a'), run(kube, clock, 'b')];
  await clock.advance(10);
  t.is(both.filter(({leads}) => leads).length, 1);
});

test('timings that would let two lead are refused', (t) => {
  const clock = new FakeClock();
  const options = {...where, kube: new MemoryKube(clock.now), identity: 'a', clock, random: () => 0, log};
  t.throws(() => new Lease({...options, leaseSeconds: 10, renewSeconds: 10}), {message: /leaseSeconds/});
  t.throws(() => new Lease({...options, renewSeconds: 2}), {message: /renewSeconds/});
});

/** A process of its own: its clock is behind or ahead, and runs a little faster or slower. */
class SkewedClock implements Clock {
  readonly #base: FakeClock;
  readonly #rate: number;
  readonly #offset: number;
  readonly #pending = new Set<() => void>();
  isPaused = false;

  constructor(base: FakeClock, rate: number, offset: number) {
    this.#base = base;
    this.#rate = rate;
    this.#offset = offset;
  }

  now = (): Date => new Date(this.#base.now().getTime() + this.#offset * 1000);
  seconds = (): number => this.#base.seconds() * this.#rate + this.#offset;
  after = (seconds: number, callback: () => void): (() => void) => {
    const run = (): void => {
      if (this.isPaused) this.#pending.add(callback);
      else callback();
    };
    const cancel = this.#base.after(seconds / this.#rate, run);
    return () => {
      cancel();
      this.#pending.delete(callback);
    };
  };

  resume(): void {
    this.isPaused = false;
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const callback of pending) callback();
  }
}

interface Fault {
  /** Before the server acts, and before its answer arrives. */
  readonly there: number;
  readonly back: number;
  /** lostThere: the server never hears of it. lostBack: it acts, and nobody is told. */
  readonly how: 'well' | 'well ' | 'well  ' | 'lostThere' | 'lostBack';
}

const fault: fc.Arbitrary<Fault> = fc.record({
  there: fc.oneof(
    fc.constant(0),
    fc.integer({min: 0, max: 120}).map((tenths) => tenths / 10),
  ),
  back: fc.oneof(
    fc.constant(0),
    fc.integer({min: 0, max: 120}).map((tenths) => tenths / 10),
  ),
  how: fc.constantFrom('well', 'well ', 'well  ', 'lostThere', 'lostBack'),
});

/** A connection that is slow and breaks. A call may take effect long after its caller has given up. */
function unreliable(kube: MemoryKube, clock: FakeClock, faults: readonly Fault[], stats: {calls: number}): LeaseOptions['kube'] {
  async function send<T>(call: () => Promise<T>): Promise<T> {
    const {there, back, how} = faults[stats.calls++ % faults.length] ?? {there: 0, back: 0, how: 'well'};
    if (there > 0) await sleep(clock, there);
    if (how === 'lostThere') throw new Error('connection reset');
    const answer = await call().then(
      (value) => ({value}),
      (error: unknown) => ({error}),
    );
    if (back > 0) await sleep(clock, back);
    if (how === 'lostBack') throw new Error('connection reset');
    if ('error' in answer) throw answer.error;
    return answer.value;
  }

  return {
    get: (ref) => send(() => kube.get(ref)),
    create: (type, object) => send(() => kube.create(type, object)),
    merge: (ref, patch) => send(() => kube.merge(ref, patch)),
    watch: (type, options) => kube.watch(type, options),
  };
}

function bound(kube: MemoryKube): LeaseOptions['kube'] {
  return {
    get: (ref) => kube.get(ref),
    create: (type, object) => kube.create(type, object),
    merge: (ref, patch) => kube.merge(ref, patch),
    watch: (type, options) => kube.watch(type, options),
  };
}

test('never do two lead at once, whatever the network, the clocks and the processes do', async (t) => {
  let terms = 0;
  let moments = 0;
  const process = fc.record({
    rate: fc.double({min: 0.9, max: 1.1, noNaN: true}),
    offset: fc.integer({min: 0, max: 100_000}),
    rest: fc.constantFrom(0, 5),
    random: fc.double({min: 0, max: 0.99, noNaN: true}),
    faults: fc.array(fault, {minLength: 1, maxLength: 12}),
  });
  const action = fc.record({
    after: fc.integer({min: 1, max: 60}).map((tenths) => tenths / 2),
    who: fc.nat(2),
    what: fc.constantFrom('pause', 'resume', 'stop', 'nothing'),
  });
  await fc.assert(
    fc.asyncProperty(fc.tuple(process, process, process), fc.array(action, {maxLength: 12}), async (processes, actions) => {
      const base = new FakeClock();
      const kube = new MemoryKube(base.now);
      const clocks = processes.map(({rate, offset}) => new SkewedClock(base, rate, offset));
      const start = (index: number): Candidate => {
        const {faults, rest, random} = processes[index]!;
        const identity = `${index} ${base.seconds()}`;
        return run(unreliable(kube, base, faults, {calls: 0}), clocks[index]!, identity, rest, () => random);
      };
      const running = processes.map((_, index) => start(index));
      const restart = (index: number): void => {
        void running[index]!.ended.finally(() => {
          running[index] = start(index);
          restart(index);
        });
      };
      for (const index of running.keys()) restart(index);
      let leader = '';
      const look = (): void => {
        moments += 1;
        const leading = running.map(({lease}, index) => (lease.leading ? `${index}` : '')).filter((text) => text !== '');
        if (leading.length > 1) throw new Error(`${leading.join(' and ')} lead at ${base.seconds()}`);
        if (leading[0] !== undefined && leading[0] !== leader) terms += 1;
        leader = leading[0] ?? '';
      };
      for (const {after, who, what} of [...actions, {after: 40, who: 0, what: 'nothing'}]) {
        for (let passed = 0; passed < after; passed += 0.5) {
          await base.advance(0.5);
          look();
        }
        if (what === 'pause') clocks[who]!.isPaused = true;
        if (what === 'resume') clocks[who]!.resume();
        if (what === 'stop') running[who]!.stop.abort();
        await quiet();
        look();
      }
    }),
    {numRuns: 200},
  );
  t.true(terms > 200, `only ${terms} terms in ${moments} moments`);
  t.log(`${terms} terms in ${moments} moments`);
});
