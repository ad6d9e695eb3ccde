import test from 'ava';
import * as fc from 'fast-check';
import {type Bench, newBench, ref} from './bench.ts';
import {counter, counterDefinition} from './counter-kind.ts';
import {startMortal} from './mortal.ts';

/** What a user does, one after the other. */
const script: readonly ((bench: Bench) => Promise<unknown>)[] = [
  ({kube}) => kube.create(counterDefinition, counter('a')),
  ({kube}) => kube.create(counterDefinition, counter('b')),
  ({kube}) => kube.create(counterDefinition, counter('kept', {value: 5, deletionPolicy: 'Retain'})),
  ({kube}) => kube.merge(ref('a'), {spec: {value: 2}}),
  ({kube}) => kube.delete(ref('b')),
  ({kube}) => kube.delete(ref('kept')),
  ({kube}) => kube.create(counterDefinition, counter('c', {value: 'wrong'})),
];

/** Runs the script with a process that dies at the first of `kills`; its successor dies at the next, and so on. */
async function run(
  kills: readonly number[],
): Promise<{readonly state: unknown; readonly bench: Bench; readonly checkpoints: number; readonly deaths: number}> {
  const bench = newBench();
  let deaths = 0;
  let process = startMortal(bench, kills[0] ?? Infinity);
  const waitAndRevive = async (seconds: number): Promise<void> => {
    await bench.clock.advance(seconds);
    if (!process.isDead()) return;
    deaths += 1;
    process = startMortal(bench, kills[deaths] ?? Infinity);
    await waitAndRevive(seconds);
  };
  for (const act of script) {
    await act(bench);
    await waitAndRevive(2);
  }
  await waitAndRevive(400);
  return {state: stateOf(bench), bench, checkpoints: process.checkpoints(), deaths};
}

/** All that counts at the end; not when, nor how often it was said. */
function stateOf({kube, world}: Bench): unknown {
  const objects = kube.objects('counters').map(({metadata: {name, finalizers}, spec, status}) => {
    const {conditions, ...rest} = status as {conditions: object[]};
    return {name, finalizers, spec, ...rest, conditions: conditions.map((condition) => ({...condition, lastTransitionTime: undefined}))};
  });
  return {objects, counters: byName(world.counters), creations: byName(world.creations)};
}

function byName<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...map].toSorted(([a], [b]) => a.localeCompare(b)));
}

test('killed at any call, before or after it took effect, the next process ends in the same state and creates nothing twice', async (t) => {
  const whole = await run([]);
  t.deepEqual(whole.state, {
    objects: [
      {
        name: 'a',
        finalizers: ['test.drayage.dev/finalizer'],
        spec: {value: 2},
        value: 2,
        observedGeneration: 2,
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            observedGeneration: 2,
            reason: 'Counted',
            message: 'the counter is as declared',
            lastTransitionTime: undefined,
          },
        ],
      },
      {
        name: 'c',
        finalizers: undefined,
        spec: {value: 'wrong'},
        observedGeneration: 1,
        conditions: ['Ready', 'Stalled'].map((type) => ({
          type,
          status: type === 'Ready' ? 'False' : 'True',
          observedGeneration: 1,
          reason: 'InvalidSpec',
          message: 'spec.value: Invalid input: expected number, received string',
          lastTransitionTime: undefined,
        })),
      },
    ],
    counters: new Map([
      ['team/a', {value: 2, limit: 20}],
      ['team/kept', {value: 5, limit: 50}],
    ]),
    creations: new Map([
      ['team/a', 1],
      ['team/b', 1],
      ['team/kept', 1],
    ]),
  });
  t.true(whole.checkpoints > 40, `only ${whole.checkpoints} calls`);
  for (let killAt = 0; killAt < whole.checkpoints; killAt += 1) {
    const {state, deaths} = await run([killAt]);
    t.is(deaths, 1);
    t.deepEqual(state, whole.state, `killed at ${killAt}`);
  }
  t.log(`${whole.checkpoints} places to be killed at`);
});

test('killed again and again, it still ends in the same state', async (t) => {
  const whole = await run([]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(25), {minLength: 2, maxLength: 6}), async (kills) => {
      t.deepEqual((await run(kills)).state, whole.state, `killed at ${kills.join(', ')}`);
    }),
    {numRuns: 40},
  );
});
