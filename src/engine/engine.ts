import type {Doors} from '../kinds/doors.ts';
import type {Kind} from '../kinds/kind.ts';
import {sourceOf} from '../kinds/sources.ts';
import {walksCheck, watchesCheck} from './checks.ts';
import {type Clock, systemClock, within} from './clock.ts';
import {Controller, stopAll} from './controller.ts';
import type {ControllerOptions} from './controller-options.ts';
import {createRecorder} from './events.ts';
import {type Check, type HealthOptions, type HealthServer, serveHealth} from './health.ts';
import {Lease, type LeaseOptions} from './lease.ts';
import type {Logger} from './log.ts';
import type {Metrics} from './metrics.ts';
import type {ObservableCache} from './observable-cache.ts';
import {plantSeeds} from './seed.ts';

export interface Where {
  /** Default `0.0.0.0`. */
  readonly address?: string;
  /** Default 8081; 0 takes a free one. */
  readonly port?: number;
  readonly onListening?: (port: number) => void;
}

export interface EngineOptions {
  readonly kinds: readonly Kind[];
  readonly doors: Doors & {readonly cache: ObservableCache};
  /** Where the Lease is. Left out, this process leads without asking: only right where it is the only one. */
  readonly lease?: Pick<LeaseOptions, 'namespace' | 'name' | 'leaseSeconds' | 'renewSeconds' | 'retrySeconds'>;
  /** Who this process is, in the Lease and in Events: the pod's name and something random. */
  readonly identity: string;
  /** Where /healthz and /readyz are served; left out, nowhere. Its checks are asked beside the engine's own. */
  readonly health?: (Where & {readonly live?: readonly Check[]; readonly ready?: readonly Check[]}) | undefined;
  /** Where /metrics is served; left out, beside /healthz. */
  readonly metricsServer?: Where | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Aborts: finish what is under way, release the lease, return. */
  readonly signal: AbortSignal;
  /** Walks at once of one kind. Default 8: a walk mostly waits for AWS. */
  readonly workers?: number;
  /** Default 36,000 (10 hours), as controller-runtime. */
  readonly resyncSeconds?: number;
  /** Default 120. */
  readonly walkSeconds?: number;
  readonly backoff?: ControllerOptions['backoff'];
  /** How long a stop waits for the walks under way. Default 20. */
  readonly stopSeconds?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
}

const flushSeconds = 3;

/**
 * Runs until `signal` aborts (`stopped`) or leadership is lost (`lost`: the process should exit with an error, and start anew).
 *
 * Every replica keeps its cache warm and answers as ready once it is synced; only the leader walks and writes. A stop takes
 * no more keys, lets the walks under way end, writes the Events that wait, and only then releases the lease.
 */
export async function runEngine(options: EngineOptions): Promise<'stopped' | 'lost'> {
  const {clock = systemClock, doors, log, signal, stopSeconds = 20} = options;
  const engine: {isSynced: boolean; controllers: readonly Controller[]} = {isSynced: false, controllers: []};
  const servers = await serve(options, engine);
  try {
    await synced(doors.cache, signal);
    if (signal.aborted) return 'stopped';
    engine.isSynced = true;
    log.info('caches are synced');
    return await elect();
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }

  async function elect(): Promise<'stopped' | 'lost'> {
    if (options.lease === undefined) {
      await lead(new AbortController().signal, () => true);
      return 'stopped';
    }
    const {identity, metrics, random = Math.random} = options;
    const {name} = options.lease;
    metrics.leading(name, false);
    const onChange = (leading: boolean): void => metrics.leading(name, leading);
    const lease = new Lease({...options.lease, kube: doors.kube, identity, clock, random, log, onChange});
    const ended = await lease.run((lost) => lead(lost, () => lease.leading), signal);
    return ended === 'lost' ? 'lost' : 'stopped';
  }

  async function lead(lost: AbortSignal, leads: () => boolean): Promise<void> {
    const halt = new AbortController();
    const recorder = createRecorder({kube: doors.kube, clock, instance: options.identity, log});
    const end = AbortSignal.any([signal, lost]);
    const planted = plantSeeds({kinds: options.kinds, kube: doors.kube, cache: doors.cache, clock, log, signal: end});
    const mayWrite = (): boolean => !halt.signal.aborted && !lost.aborted && leads();
    engine.controllers = options.kinds.map((kind) => new Controller(controllerOptions(kind, recorder, mayWrite)));
    for (const controller of engine.controllers) controller.start();
    log.info({kinds: options.kinds.map((kind) => kind.definition.kind)}, 'controllers are started');
    await aborted(end);
    const haveStopped = await stopAll(engine.controllers, lost.aborted ? 0 : stopSeconds, clock);
    halt.abort();
    if (lost.aborted) return;
    if (!haveStopped) log.warn('walks were still under way when the time to stop was over');
    await recorder.flush(flushSeconds);
    await within(clock, 1, planted);
  }

  function controllerOptions(kind: Kind, recorder: ControllerOptions['recorder'], mayWrite: () => boolean): ControllerOptions {
    const {backoff, metrics, random = Math.random, resyncSeconds = 36_000, walkSeconds = 120, workers = 8} = options;
    const source = sourceOf(kind.definition);
    const given = {kind, source, doors, cache: doors.cache, recorder, metrics, log, clock, random, mayWrite, workers};
    return {...given, resyncSeconds, walkSeconds, ...(backoff !== undefined && {backoff})};
  }
}

/** Opens what is to be served, or nothing where one of the ports cannot be had. */
async function serve(
  {doors, health, metrics, metricsServer}: EngineOptions,
  engine: {readonly isSynced: boolean; readonly controllers: readonly Controller[]},
): Promise<readonly HealthServer[]> {
  const live: readonly Check[] = [
    {name: 'ping', check: () => undefined},
    walksCheck(() => engine.controllers),
    watchesCheck(() => doors.cache.health?.() ?? []),
    ...(health?.live ?? []),
  ];
  const ready: readonly Check[] = [
    {name: 'caches', check: () => (engine.isSynced ? undefined : 'not synced yet')},
    ...(health?.ready ?? []),
  ];
  const {registry} = metrics;
  const servers: HealthServer[] = [];
  try {
    if (health !== undefined) servers.push(await listen(health, {live, ready, ...(metricsServer === undefined && {registry})}));
    if (metricsServer !== undefined) servers.push(await listen(metricsServer, {live: [], ready: [], registry}));
    return servers;
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()));
    throw error;
  }
}

async function listen({address, port, onListening}: Where, served: Omit<HealthOptions, 'address' | 'port'>): Promise<HealthServer> {
  const server = await serveHealth({...served, ...(address !== undefined && {address}), ...(port !== undefined && {port})});
  onListening?.(server.port);
  return server;
}

async function synced(cache: ObservableCache, signal: AbortSignal): Promise<void> {
  try {
    await cache.waitForSync(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), {once: true});
  });
}
