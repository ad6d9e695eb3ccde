import {pino} from 'pino';
import {runEngine} from '../../src/engine/engine.ts';
import type {EngineOptions} from '../../src/engine/engine.ts';
import {createMetrics, type Metrics} from '../../src/engine/metrics.ts';
import type {Condition} from '../../src/kinds/conditions.ts';
import type {Kind} from '../../src/kinds/kind.ts';
import type {Kube} from '../../src/kube/kube.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {counterDefinition, counterKind, noAws, World} from './counter-kind.ts';
import {FakeClock} from './fake-clock.ts';
import {MemoryCache, MemoryKube} from './memory-kube.ts';

export interface Bench {
  readonly clock: FakeClock;
  readonly kube: MemoryKube;
  readonly world: World;
}

export interface Process {
  readonly cache: MemoryCache;
  readonly metrics: Metrics;
  readonly stop: () => void;
  readonly ended: Promise<'stopped' | 'lost'>;
}

export function newBench(): Bench {
  const clock = new FakeClock();
  return {clock, kube: new MemoryKube(clock.now), world: new World()};
}

/** Starts an engine with the counter kind (or `kinds`) on the bench's API server and outside. */
export function start(
  {clock, kube, world}: Bench,
  {
    kinds = [counterKind(world)],
    door = kube,
    ...options
  }: Partial<EngineOptions> & {readonly kinds?: readonly Kind[]; readonly door?: Kube} = {},
): Process {
  const cache = new MemoryCache(kube, ['counters', 'gauges']);
  const stop = new AbortController();
  const metrics = createMetrics({processMetrics: false});
  const ended = runEngine({
    kinds,
    doors: {aws: noAws(), kube: door, cache, clusterId: 'cluster', now: clock.now},
    identity: 'pod-1',
    log: pino({level: 'silent'}),
    metrics,
    signal: stop.signal,
    clock,
    random: () => 0.5,
    ...options,
  });
  return {cache, metrics, ended, stop: () => stop.abort()};
}

export function found({kube}: Bench, name: string): KubeObject | undefined {
  return kube.objects('counters').find((object) => object.metadata.name === name);
}

export function conditions(bench: Bench, name: string): readonly Condition[] {
  const status = found(bench, name)?.['status'] as {readonly conditions?: readonly Condition[]} | undefined;
  return status?.conditions ?? [];
}

/** `Ready=True:Counted`, and so on. */
export function summary(bench: Bench, name: string): string {
  return conditions(bench, name)
    .map(({type, status, reason}) => `${type}=${status}:${reason}`)
    .join(' ');
}

/** `Normal Create: it does not exist (request …)`, in the order in which they were written. */
export function told({kube}: Bench): readonly string[] {
  return kube.objects('events').map((event) => `${String(event['type'])} ${String(event['reason'])}: ${String(event['note'])}`);
}

export function statusWrites({kube}: Bench): number {
  return kube.calls.filter((call) => call === 'apply counters status').length;
}

export const ref = (name: string) => ({type: counterDefinition, name, namespace: 'team'});
