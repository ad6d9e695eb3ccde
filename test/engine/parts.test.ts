import test from 'ava';
import type {Outcome} from '../../src/kinds/outcome.ts';
import type {Kind} from '../../src/kinds/kind.ts';
import {type Bench, newBench, ref, start, statusWrites, summary} from './bench.ts';
import {counter, counterDefinition, counterKind, type CounterStep, done, interrupt} from './counter-kind.ts';

const most = 4;
const writing: Outcome = {is: 'waiting', reason: 'Writing', message: 'more is to be done', seconds: 60};

interface Seen {
  readonly todo: Set<number>;
  readonly refused: Set<number>;
}

/** Has `count` things to do, and does four in a walk. `todo` is the outside; what is refused is known to the walk alone. */
function patientKind(bench: Bench, count: number, isRefused: (thing: number) => boolean = () => false) {
  const todo = new Set(Array.from({length: count}, (_, index) => index));
  const tries: number[] = [];
  const walks: (number | undefined)[] = [];
  const parts = {
    observe(_resource: unknown, _doors: unknown, before?: Seen): Promise<Seen> {
      walks.push(before?.refused.size);
      return Promise.resolve({todo: new Set(todo), refused: new Set(before?.refused)});
    },
    plan(_resource: unknown, seen: Seen) {
      const all = [...seen.todo].filter((thing) => !seen.refused.has(thing));
      const steps = all.slice(0, most).map((value): CounterStep => ({call: 'Do', why: 'it is to be done', name: 'a', value}));
      if (all.length > most) return {steps, then: writing, isPart: true as const};
      const failed: Outcome = {is: 'failed', reason: 'Refused', message: `${seen.refused.size} were refused`};
      return {steps, then: seen.refused.size > 0 ? failed : done};
    },
    apply({value = 0}: CounterStep) {
      tries.push(value);
      const isDone = !isRefused(value);
      if (isDone) todo.delete(value);
      return Promise.resolve({
        advance(seen: Seen) {
          if (isDone) seen.todo.delete(value);
          else seen.refused.add(value);
          return seen;
        },
      });
    },
    status: () => ({fields: {value: count - todo.size}, conditions: []}),
  };
  const kind = counterKind(bench.world, {...(parts as object), finalizer: false});
  return {kind, todo, tries, walks};
}

test('a plan that is a part is followed by the next at once, and each tells how far it came', async (t) => {
  const bench = newBench();
  const {kind, todo, tries, walks} = patientKind(bench, 10);
  const {metrics} = start(bench, {kinds: [kind]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(0);
  t.deepEqual([...todo], []);
  t.is(tries.length, 10);
  t.deepEqual(walks, [undefined, 0, 0]);
  t.is(statusWrites(bench), 3);
  t.is(summary(bench, 'a'), 'Ready=True:Counted');
  t.regex(await metrics.registry.metrics(), /reconcile_total\{controller="counter",result="requeue"\} 2/);
  await bench.clock.advance(3600);
  t.is(walks.length, 3);
});

test('another object is not kept waiting by one that has many parts', async (t) => {
  const bench = newBench();
  const {kind, walks} = patientKind(bench, 1000);
  start(bench, {
    workers: 1,
    kinds: [
      {
        ...kind,
        observe: async (resource, doors, before) =>
          resource.metadata.name === 'quick' ? walks.push(-1) : kind.observe(resource, doors, before),
      },
    ],
  });
  await bench.kube.create(counterDefinition, counter('slow'));
  await bench.kube.create(counterDefinition, counter('quick'));
  await bench.clock.advance(0);
  t.true(walks.indexOf(-1) <= 2, walks.slice(0, 10).join());
});

test('what a part could not do is known to the next, and comes again only after a pause that grows', async (t) => {
  const bench = newBench();
  const {kind, todo, tries} = patientKind(bench, 10, (thing) => thing < 6);
  start(bench, {kinds: [kind]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(0.1);
  t.deepEqual([...todo], [0, 1, 2, 3, 4, 5]);
  t.deepEqual(tries, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  t.is(summary(bench, 'a'), 'Ready=Unknown:Refused Reconciling=True:ProgressingWithRetry');
  await bench.clock.advance(60);
  t.true(tries.length > 10 && tries.length <= 10 + 9 * 6, `${tries.length} tries in a minute`);
});

test('a step that fails ends the parts: the next walk comes after a pause, and begins anew', async (t) => {
  const bench = newBench();
  const {kind, walks, tries} = patientKind(bench, 10);
  let failures = 3;
  const broken: Kind = {
    ...kind,
    apply: (step, doors) =>
      tries.length === 6 && failures-- > 0 ? interrupt({is: 'failed', reason: 'Throttled', message: 'too many'}) : kind.apply(step, doors),
  };
  start(bench, {kinds: [broken]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(0.1);
  t.deepEqual(walks, [undefined, 0]);
  await bench.clock.advance(10);
  t.deepEqual(walks, [undefined, 0, undefined, undefined, undefined]);
  t.is(summary(bench, 'a'), 'Ready=True:Counted');
});

test('a changed spec begins anew', async (t) => {
  const bench = newBench();
  const {kind, walks, tries} = patientKind(bench, 10);
  const edited: Kind = {
    ...kind,
    async apply(step, doors) {
      if (tries.length === 2) await bench.kube.merge(ref('a'), {spec: {value: 5}});
      return kind.apply(step, doors);
    },
  };
  start(bench, {kinds: [edited]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  t.deepEqual(walks.slice(0, 3), [undefined, undefined, 0]);
});

test('nothing goes on at once where the status cannot be written', async (t) => {
  const bench = newBench();
  const {kind, walks} = patientKind(bench, 1000);
  bench.kube.apply = () => Promise.reject(new Error('no'));
  start(bench, {kinds: [kind]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(10);
  t.true(walks.length > 1 && walks.length < 10, `${walks.length}`);
});
