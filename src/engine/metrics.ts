import {collectDefaultMetrics, Counter, Gauge, Histogram, Registry} from 'prom-client';
import type {Outcome} from '../kinds/outcome.ts';
import {objectGauges, type Shown} from './object-gauges.ts';
import type {QueueObserver, Workqueue} from './workqueue.ts';

export type WalkResult = 'success' | 'error' | 'requeue_after' | 'requeue';

/** The numbers of one controller. */
export interface ControllerMetrics {
  readonly queue: QueueObserver;
  /** Reads depth and ages from the queue whenever metrics are asked for; the answer ends that. */
  readonly watchQueue: (queue: Workqueue) => () => void;
  readonly workers: (count: number) => void;
  readonly walkStarted: () => void;
  readonly walkEnded: (result: WalkResult, seconds: number) => void;
  /** A walk that was stalled (`terminal`), ended in an error that no door threw (`panic`), or took too long (`timeout`). */
  readonly walkFailed: (how: 'retried' | 'terminal' | 'panic' | 'timeout') => void;
  /** How many objects of the kind are in an outcome. */
  readonly outcomes: (kind: string, is: Outcome['is'], count: number) => void;
}

export interface AwsRequest {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly seconds: number;
  readonly error?: string;
}

export interface Metrics {
  readonly registry: Registry;
  readonly controller: (name: string) => ControllerMetrics;
  /** Shows numbers of objects whenever metrics are asked for; the answer ends that, and with it every series of them. */
  readonly objects: (shown: Shown) => () => void;
  readonly leading: (lease: string, leading: boolean) => void;
  /** For the transport to the API server; `code` is the HTTP status, or `<error>`, as client-go has it. */
  readonly request: (code: string, method: string, host: string) => void;
  /** For the door to AWS: one request, a retry counts too; `error` is the type of AWS's error, where it was one. */
  readonly awsRequest: (call: AwsRequest) => void;
}

/** The buckets of controller-runtime, so that dashboards made for it fit. */
const walkBuckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5,
  5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const queueBuckets = Array.from({length: 12}, (_, index) => Number(`1e${index - 8}`));
const allQueues = ['name', 'controller'] as const;

/**
 * Metrics under controller-runtime's and client-go's names, with their labels; our own begin with `drayage_`.
 * `processMetrics` adds prom-client's (memory, CPU, event loop, garbage collection).
 */
export function createMetrics(options: {readonly processMetrics?: boolean} = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics ?? true) collectDefaultMetrics({register: registry});
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: readonly string[]) => new Counter({name, help, labelNames, registers});
  const gauge = (name: string, help: string, labelNames: readonly string[]) => new Gauge({name, help, labelNames, registers});
  const histogram = (name: string, help: string, labelNames: readonly string[], buckets: number[]) =>
    new Histogram({name, help, labelNames, buckets, registers});

  const reconciles = counter('controller_runtime_reconcile_total', 'Walks per controller and result', ['controller', 'result']);
  const errors = counter('controller_runtime_reconcile_errors_total', 'Walks that ended failed or stalled', ['controller']);
  const terminal = counter('controller_runtime_terminal_reconcile_errors_total', 'Walks that ended stalled', ['controller']);
  const panics = counter('controller_runtime_reconcile_panics_total', 'Walks that ended in an unexpected error', ['controller']);
  const timeouts = counter('controller_runtime_reconcile_timeouts_total', 'Walks that took too long', ['controller']);
  const seconds = histogram('controller_runtime_reconcile_time_seconds', 'Seconds a walk took', ['controller'], walkBuckets);
  const active = gauge('controller_runtime_active_workers', 'Walks under way', ['controller']);
  const workers = gauge('controller_runtime_max_concurrent_reconciles', 'Walks that may be under way at once', ['controller']);
  const adds = counter('workqueue_adds_total', 'Keys added', allQueues);
  const retries = counter('workqueue_retries_total', 'Keys added again after a failure', allQueues);
  const waited = histogram('workqueue_queue_duration_seconds', 'Seconds a key waited', allQueues, queueBuckets);
  const worked = histogram('workqueue_work_duration_seconds', 'Seconds a key was in hand', allQueues, queueBuckets);
  const leader = gauge('leader_election_master_status', '1 while this process leads, else 0', ['name']);
  const aws = ['service', 'operation', 'region'] as const;
  const awsRequests = counter('drayage_aws_requests_total', 'Requests to AWS; error is the type of the error, or empty', [...aws, 'error']);
  const awsSeconds = histogram('drayage_aws_request_duration_seconds', 'Seconds a request to AWS took', aws, walkBuckets);
  const requests = counter('rest_client_requests_total', 'Requests to the API server', ['code', 'method', 'host']);
  const outcomes = gauge('drayage_outcome', 'Objects per kind and outcome of their last walk', ['kind', 'is']);

  const queues = new Map<string, Workqueue>();
  collected('workqueue_depth', 'Keys ready to be taken', (queue) => queue.length);
  collected('workqueue_unfinished_work_seconds', 'Seconds of work in hand, over all keys', (queue) =>
    queue.ages().reduce((sum, age) => sum + age, 0),
  );
  collected('workqueue_longest_running_processor_seconds', 'Seconds that the oldest key has been in hand', (queue) =>
    Math.max(0, ...queue.ages()),
  );

  return {
    registry,
    controller(name) {
      const labels = {controller: name};
      const queueLabels = {name, controller: name};
      for (const result of ['success', 'error', 'requeue_after', 'requeue']) reconciles.inc({...labels, result}, 0);
      for (const each of [adds, retries]) each.inc(queueLabels, 0);
      for (const each of [errors, terminal, panics, timeouts]) each.inc(labels, 0);
      return {
        queue: {
          added: () => adds.inc(queueLabels),
          taken: (value) => waited.observe(queueLabels, value),
          finished: (value) => worked.observe(queueLabels, value),
          retried: () => retries.inc(queueLabels),
        },
        watchQueue(queue) {
          queues.set(name, queue);
          return () => {
            if (queues.get(name) === queue) queues.delete(name);
          };
        },
        workers: (count) => workers.set(labels, count),
        walkStarted: () => active.inc(labels),
        walkEnded(result, value) {
          active.dec(labels);
          reconciles.inc({...labels, result});
          seconds.observe(labels, value);
        },
        walkFailed(how) {
          errors.inc(labels);
          if (how === 'terminal') terminal.inc(labels);
          if (how === 'panic') panics.inc(labels);
          if (how === 'timeout') timeouts.inc(labels);
        },
        outcomes: (kind, is, count) => outcomes.set({kind, is}, count),
      };
    },
    objects: objectGauges(registry),
    leading: (name, leading) => leader.set({name}, leading ? 1 : 0),
    request: (code, method, host) => requests.inc({code, method, host}),
    awsRequest({seconds, error = '', ...labels}) {
      awsRequests.inc({...labels, error});
      awsSeconds.observe(labels, seconds);
    },
  };

  function collected(name: string, help: string, value: (queue: Workqueue) => number): Gauge {
    return new Gauge({
      name,
      help,
      labelNames: allQueues,
      registers,
      collect() {
        this.reset();
        for (const [queueName, queue] of queues) this.set({name: queueName, controller: queueName}, value(queue));
      },
    });
  }
}
