import test from 'ava';
import {request} from 'undici';
import {found, newBench, ref, start, summary, told} from './bench.ts';
import {counter, counterDefinition, counterKind} from './counter-kind.ts';
import {Refused} from './memory-kube.ts';

const lease = {namespace: 'drayage', name: 'drayage'};

test('of two replicas one works; when it stops the other goes on in less than two seconds', async (t) => {
  const bench = newBench();
  const first = start(bench, {lease, identity: 'one'});
  await bench.clock.advance(1);
  const second = start(bench, {lease, identity: 'two'});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(20);
  t.is(summary(bench, 'a'), 'Ready=True:Counted');
  t.is(bench.world.calls.filter((call) => call === 'Get team/a').length, 1);
  first.stop();
  await bench.kube.create(counterDefinition, counter('b'));
  await bench.clock.advance(1.9);
  t.is(await first.ended, 'stopped');
  t.is(summary(bench, 'b'), 'Ready=True:Counted');
  second.stop();
  await bench.clock.advance(0);
  t.is(await second.ended, 'stopped');
});

test('a stop lets the walk under way end, writes its Events, starts no other, and only then releases the lease', async (t) => {
  const bench = newBench();
  const slow = Promise.withResolvers<void>();
  bench.world.around = (call, when) => (call === 'Create' && when === 'before' ? slow.promise : Promise.resolve());
  const {ended, stop} = start(bench, {lease, workers: 1});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.kube.create(counterDefinition, counter('b'));
  await bench.clock.advance(1);
  stop();
  await bench.clock.advance(12);
  t.like(bench.kube.objects('leases')[0], {spec: {holderIdentity: 'pod-1'}});
  slow.resolve();
  await bench.clock.advance(1);
  t.is(await ended, 'stopped');
  t.is(summary(bench, 'a'), 'Ready=True:Counted');
  t.is(told(bench).length, 2);
  t.is(found(bench, 'b')?.['status'], undefined);
  t.like(bench.kube.objects('leases')[0], {spec: {holderIdentity: ''}});
});

test('a stop does not wait for ever: what hangs is left, and may write nothing after', async (t) => {
  const bench = newBench();
  const hang = Promise.withResolvers<void>();
  bench.world.around = (call, when) => (call === 'Create' && when === 'before' ? hang.promise : Promise.resolve());
  const {ended, stop} = start(bench, {lease, stopSeconds: 20});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  stop();
  await bench.clock.advance(21);
  t.is(await ended, 'stopped');
  hang.resolve();
  await bench.clock.advance(10);
  t.deepEqual(bench.world.calls, ['Get team/a', 'Create team/a']);
  t.is(found(bench, 'a')?.['status'], undefined);
});

test('a leader that loses the lease stops before its next write, and says so', async (t) => {
  const bench = newBench();
  const hang = Promise.withResolvers<void>();
  bench.world.around = (call, when) => (call === 'Create' && when === 'after' ? hang.promise : Promise.resolve());
  const {ended, metrics} = start(bench, {lease});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.clock.advance(1);
  t.regex(await metrics.registry.metrics(), /leader_election_master_status\{name="drayage"\} 1/);
  const merge = bench.kube.merge.bind(bench.kube);
  bench.kube.merge = (where, patch) => (where.type.plural === 'leases' ? Promise.reject(new Refused(503)) : merge(where, patch));
  bench.kube.get = () => Promise.reject(new Refused(503));
  await bench.clock.advance(12);
  t.is(await ended, 'lost');
  hang.resolve();
  await bench.clock.advance(10);
  t.deepEqual(bench.world.calls, ['Get team/a', 'Create team/a']);
  t.is(found(bench, 'a')?.['status'], undefined);
  t.regex(await metrics.registry.metrics(), /leader_election_master_status\{name="drayage"\} 0/);
});

test('a seed is created where it is missing, is tried until it is there, and is left alone where it is', async (t) => {
  const bench = newBench();
  const create = bench.kube.create.bind(bench.kube);
  let refusals = 2;
  bench.kube.create = (type, object) =>
    type.plural === 'counters' && refusals-- > 0 ? Promise.reject(new Refused(500)) : create(type, object);
  const kinds = [{...counterKind(bench.world), seed: counter('default', {value: 4})}];
  const first = start(bench, {kinds});
  await bench.clock.advance(10);
  t.is(summary(bench, 'default'), 'Ready=True:Counted');
  first.stop();
  await bench.clock.advance(1);
  await bench.kube.merge(ref('default'), {spec: {value: 9}});
  start(bench, {kinds});
  await bench.clock.advance(10);
  t.like(found(bench, 'default'), {spec: {value: 9}, status: {value: 9}});
});

test('a replica that is told to stop before its caches are synced just ends', async (t) => {
  const bench = newBench();
  const process = start(bench);
  process.stop();
  t.is(await process.ended, 'stopped');
  t.deepEqual(bench.kube.calls, []);
});

test('ready once the caches are synced, whether it leads or not; metrics are served beside', async (t) => {
  const bench = newBench();
  const listening = Promise.withResolvers<number>();
  const {ended, stop} = start(bench, {
    lease,
    health: {address: '127.0.0.1', port: 0, ready: [{name: 'webhook', check: () => undefined}], onListening: listening.resolve},
  });
  const port = await listening.promise;
  await bench.clock.advance(0);
  const answer = await request(`http://127.0.0.1:${port}/readyz?verbose`);
  t.is(await answer.body.text(), '[+]caches ok\n[+]webhook ok\nreadyz check passed\n');
  const metrics = await request(`http://127.0.0.1:${port}/metrics`);
  t.regex(await metrics.body.text(), /workqueue_depth\{name="counter",controller="counter"\} 0/);
  stop();
  await bench.clock.advance(1);
  t.is(await ended, 'stopped');
  await t.throwsAsync(request(`http://127.0.0.1:${port}/healthz`));
});

test('metrics can be served on a port of their own', async (t) => {
  const bench = newBench();
  const ports = [Promise.withResolvers<number>(), Promise.withResolvers<number>()] as const;
  const at = (index: 0 | 1) => ({address: '127.0.0.1', port: 0, onListening: ports[index].resolve});
  const {ended, stop} = start(bench, {health: at(0), metricsServer: at(1)});
  const [health, metrics] = await Promise.all(ports.map(({promise}) => promise));
  t.is((await request(`http://127.0.0.1:${health}/metrics`)).statusCode, 404);
  t.is((await request(`http://127.0.0.1:${metrics}/metrics`)).statusCode, 200);
  stop();
  await bench.clock.advance(1);
  t.is(await ended, 'stopped');
});
