import test from 'ava';
import * as fc from 'fast-check';
import {type Clock, sleep} from '../../src/engine/clock.ts';
import type {LeaseOptions} from '../../src/engine/lease.ts';
import {type Candidate, run} from './candidate.ts';
import {FakeClock, quiet} from './fake-clock.ts';
import {MemoryKube} from './memory-kube.ts';

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
  t.true(terms > 150, `only ${terms} terms in ${moments} moments`);
  t.log(`${terms} terms in ${moments} moments`);
});
