import test from 'ava';
import type {Outcome} from '../../src/kinds/outcome.ts';
import {conditions, found, newBench, ref, start, statusWrites, summary, told} from './bench.ts';
import {counter, counterDefinition, counterKind, interrupt} from './counter-kind.ts';
import {Refused} from './memory-kube.ts';

const throttled: Outcome = {is: 'failed', reason: 'Throttled', message: 'rate exceeded'};

test('a failure keeps what was done, is retried with back-off, and is told once', async (t) => {
  const bench = newBench();
  let failures = 5;
  bench.world.around = async (call, when) => {
    if (call === 'Limit' && when === 'before' && failures-- > 0) interrupt(throttled);
  };
  start(bench);
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(0.1);
  t.is(summary(bench, 'a'), 'Ready=Unknown:Throttled Reconciling=True:ProgressingWithRetry');
  t.like(found(bench, 'a'), {status: {value: 1}});
  await bench.clock.advance(20);
  t.is(summary(bench, 'a'), 'Ready=True:Counted');
  t.is(bench.world.creations.get('team/a'), 1);
  t.is(told(bench).filter((text) => text.startsWith('Warning')).length, 1);
  t.is(bench.world.calls.filter((call) => call.startsWith('Get')).length, 6);
});

test('a failure that names a time is not retried before', async (t) => {
  const bench = newBench();
  bench.world.around = async (call) => {
    if (call === 'Get') interrupt({...throttled, seconds: 60});
  };
  const {metrics} = start(bench);
  let gets = 0;
  const around = bench.world.around;
  bench.world.around = (call, when, name) => {
    gets += 1;
    return around(call, when, name);
  };
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(59);
  t.is(gets, 1);
  await bench.clock.advance(2);
  t.is(gets, 2);
  t.regex(await metrics.registry.metrics(), /controller_runtime_reconcile_errors_total\{controller="counter"\} 2/);
});

test('a failure whose message is new each time does not become a hot loop', async (t) => {
  const bench = newBench();
  let gets = 0;
  bench.world.around = async () => interrupt({...throttled, message: `rate exceeded (request ${(gets += 1)})`});
  start(bench);
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(60);
  t.true(gets <= 10, `${gets} walks in a minute`);
  t.true(statusWrites(bench) <= gets);
});

test('waiting is looked at again after its seconds, and never at once', async (t) => {
  const bench = newBench();
  let walks = 0;
  const plan = () => {
    walks += 1;
    return {steps: [], then: {is: 'waiting', reason: 'Busy', message: 'busy', seconds: 0} as const};
  };
  start(bench, {kinds: [counterKind(bench.world, {plan, finalizer: false})]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(10);
  t.true(walks >= 9 && walks <= 12, `${walks} walks in ten seconds`);
  t.is(summary(bench, 'a'), 'Ready=False:Busy Reconciling=True:Progressing');
  t.is(statusWrites(bench), 1);
});

test('a plan that never comes to rest ends, and names its steps', async (t) => {
  const bench = newBench();
  const steps = [{call: 'Set', why: 'again', name: 'team/a', value: 1}];
  start(bench, {kinds: [counterKind(bench.world, {plan: () => ({steps, then: {is: 'settled', reason: 'Never', message: ''}})})]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(0.1);
  t.is(conditions(bench, 'a')[1]?.message, 'NotConverging: still to be done after 3 rounds: Set (again)');
  t.is(bench.world.calls.filter((call) => call.startsWith('Set')).length, 3);
});

test('a cache that lags behind our own writes leads to no second creation, no flapping time and no second Event', async (t) => {
  const bench = newBench();
  await bench.kube.create(counterDefinition, counter('a'));
  const {cache} = start(bench, {resyncSeconds: 100});
  cache.hold();
  await bench.clock.advance(500);
  t.is(bench.world.creations.get('team/a'), 1);
  t.is(statusWrites(bench), 1);
  t.is(told(bench).length, 2);
  cache.release();
  await bench.clock.advance(500);
  t.is(statusWrites(bench), 1);
  t.is(told(bench).length, 2);
});

test('an object that another took the name of does not get the status of the first', async (t) => {
  const bench = newBench();
  const {cache} = start(bench);
  await bench.kube.create(counterDefinition, counter('a', {value: 1, deletionPolicy: 'Retain'}));
  await bench.clock.advance(1);
  cache.hold();
  await bench.kube.merge(ref('a'), {metadata: {finalizers: []}});
  await bench.kube.delete(ref('a'));
  await bench.kube.create(counterDefinition, counter('a', {value: 7}));
  await bench.clock.advance(36_000 * 1.2);
  t.is(found(bench, 'a')?.['status'], undefined);
  cache.release();
  await bench.clock.advance(400);
  t.like(found(bench, 'a'), {status: {value: 7}});
});

test('a walk that takes too long fails, frees its worker, and its key is not walked again before the call has ended', async (t) => {
  const bench = newBench();
  const hang = Promise.withResolvers<void>();
  let gets = 0;
  bench.world.around = (call, when, name) => {
    if (call !== 'Get' || when !== 'before' || name !== 'team/slow') return Promise.resolve();
    gets += 1;
    return gets === 1 ? hang.promise : Promise.resolve();
  };
  start(bench, {workers: 1, walkSeconds: 120});
  await bench.kube.create(counterDefinition, counter('slow'));
  await bench.clock.advance(0);
  await bench.kube.create(counterDefinition, counter('quick'));
  await bench.clock.advance(121);
  t.is(summary(bench, 'slow'), 'Ready=Unknown:Timeout Reconciling=True:ProgressingWithRetry');
  t.is(summary(bench, 'quick'), 'Ready=True:Counted');
  await bench.clock.advance(60);
  t.is(gets, 1);
  hang.resolve();
  await bench.clock.advance(60);
  t.is(summary(bench, 'slow'), 'Ready=True:Counted');
  t.is(bench.world.creations.get('team/slow'), 1);
});

test('steps run at once where the kind allows it; after a failure those under way are kept and no other is started', async (t) => {
  const bench = newBench();
  let running = 0;
  let most = 0;
  const started: string[] = [];
  const steps = ['one', 'two', 'three', 'four'].map((call) => ({call, why: 'asked', name: 'a'}));
  let advanced = 0;
  const kind = counterKind(bench.world, {
    parallel: 2,
    plan: () => ({steps, then: {is: 'settled', reason: 'Done', message: ''}}),
    async apply({call}) {
      started.push(call);
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
      if (call === 'one') interrupt(throttled);
      return {
        advance(observed) {
          advanced += 1;
          return observed;
        },
      };
    },
  });
  start(bench, {kinds: [kind]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(0.1);
  t.deepEqual(started, ['one', 'two']);
  t.is(most, 2);
  t.is(advanced, 1);
  t.is(summary(bench, 'a'), 'Ready=Unknown:Throttled Reconciling=True:ProgressingWithRetry');
});

test('an unexpected error is a failure like others, also from what should be pure', async (t) => {
  const bench = newBench();
  const kind = counterKind(bench.world, {
    plan() {
      throw new TypeError('undefined is not a plan');
    },
    status() {
      throw new TypeError('undefined is not a status');
    },
  });
  const {metrics} = start(bench, {kinds: [kind]});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(0.1);
  t.is(summary(bench, 'a'), 'Ready=Unknown:InternalError Reconciling=True:ProgressingWithRetry');
  t.regex(await metrics.registry.metrics(), /controller_runtime_reconcile_panics_total\{controller="counter"\} 1/);
});

test('a status that cannot be written is tried again', async (t) => {
  const bench = newBench();
  const apply = bench.kube.apply.bind(bench.kube);
  let refusals = 3;
  bench.kube.apply = (...args) => (refusals-- > 0 ? Promise.reject(new Refused(500)) : apply(...args));
  start(bench);
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(10);
  t.is(summary(bench, 'a'), 'Ready=True:Counted');
});
