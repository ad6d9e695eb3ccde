import test from 'ava';
import {conditions, newBench, ref, start} from './bench.ts';
import {counter, counterDefinition} from './counter-kind.ts';
import {createMetrics} from '../../src/engine/metrics.ts';

test('walks, queue and outcomes are counted under the names that dashboards know', async (t) => {
  const bench = newBench();
  const {metrics, stop} = start(bench);
  await bench.kube.create(counterDefinition, counter('good'));
  await bench.kube.create(counterDefinition, counter('bad', {value: 'x'}));
  await bench.clock.advance(1);
  const text = await metrics.registry.metrics();
  for (const line of [
    'controller_runtime_reconcile_total{controller="counter",result="success"} 1',
    'controller_runtime_reconcile_total{controller="counter",result="error"} 1',
    'controller_runtime_reconcile_errors_total{controller="counter"} 1',
    'controller_runtime_terminal_reconcile_errors_total{controller="counter"} 1',
    'controller_runtime_reconcile_time_seconds_count{controller="counter"} 2',
    'controller_runtime_active_workers{controller="counter"} 0',
    'controller_runtime_max_concurrent_reconciles{controller="counter"} 8',
    'workqueue_depth{name="counter",controller="counter"} 0',
    'workqueue_adds_total{name="counter",controller="counter"} 2',
    'workqueue_queue_duration_seconds_count{name="counter",controller="counter"} 2',
    'workqueue_work_duration_seconds_count{name="counter",controller="counter"} 2',
    'workqueue_retries_total{name="counter",controller="counter"} 0',
    'workqueue_unfinished_work_seconds{name="counter",controller="counter"} 0',
    'workqueue_longest_running_processor_seconds{name="counter",controller="counter"} 0',
    'drayage_outcome{kind="Counter",is="settled"} 1',
    'drayage_outcome{kind="Counter",is="stalled"} 1',
  ]) {
    t.true(text.includes(`${line}\n`), line);
  }
  t.is(conditions(bench, 'bad')[0]?.status, 'False');
  await bench.kube.delete(ref('bad'));
  await bench.clock.advance(1);
  t.regex(await metrics.registry.metrics(), /drayage_outcome\{kind="Counter",is="stalled"\} 0/);
  stop();
  await bench.clock.advance(1);
  t.regex(await metrics.registry.metrics(), /drayage_outcome\{kind="Counter",is="settled"\} 0/);
});

test('a walk under way shows as unfinished work that grows', async (t) => {
  const bench = newBench();
  bench.world.around = () => new Promise(() => undefined);
  const {metrics} = start(bench, {walkSeconds: 1000});
  await bench.kube.create(counterDefinition, counter('a'));
  await bench.kube.create(counterDefinition, counter('b'));
  await bench.clock.advance(30);
  const text = await metrics.registry.metrics();
  t.true(text.includes('workqueue_unfinished_work_seconds{name="counter",controller="counter"} 60\n'));
  t.true(text.includes('workqueue_longest_running_processor_seconds{name="counter",controller="counter"} 30\n'));
  t.true(text.includes('controller_runtime_active_workers{controller="counter"} 2\n'));
});

test('requests and the process itself are counted too', async (t) => {
  const metrics = createMetrics();
  metrics.request('200', 'GET', 'kubernetes.default.svc');
  metrics.awsRequest({service: 'ecr', operation: 'CreateRepository', region: 'us-east-1', seconds: 0.1, error: 'ThrottlingException'});
  const text = await metrics.registry.metrics();
  t.regex(
    text,
    /^drayage_aws_requests_total\{service="ecr",operation="CreateRepository",region="us-east-1",error="ThrottlingException"\} 1$/m,
  );
  t.true(text.includes('rest_client_requests_total{code="200",method="GET",host="kubernetes.default.svc"} 1\n'));
  t.regex(text, /^process_resident_memory_bytes \d+$/m);
  t.regex(text, /^nodejs_eventloop_lag_p99_seconds /m);
});
