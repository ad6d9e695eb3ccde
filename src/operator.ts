import {randomBytes} from 'node:crypto';
import {hostname} from 'node:os';
import {createAws} from './aws/clients.ts';
import {createCache} from './engine/cache.ts';
import {runEngine} from './engine/engine.ts';
import {createLog} from './engine/log.ts';
import {createMetrics} from './engine/metrics.ts';
import {kinds} from './kinds/registry.ts';
import {sourceOf} from './kinds/sources.ts';
import {createKube} from './kube/client.ts';
import {loadConfig} from './kube/config.ts';
import {createTransport} from './kube/transport.ts';
import type {Kube} from './kube/kube.ts';
import type {OperatorOptions} from './options.ts';
import {namespaces} from './schema/types.ts';
import {addressOf} from './address.ts';
import {timeAndChance} from './time-and-chance.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What only the process knows. */
export interface Surroundings {
  readonly environment: Environment;
  readonly version: string;
  /** Aborts: stop. */
  readonly signal: AbortSignal;
}

/** Opens the doors and runs the engine until `signal` aborts. The exit status: 0 stopped, 1 leadership lost. */
export async function runOperator(options: OperatorOptions, {environment, version, signal}: Surroundings): Promise<number> {
  const log = createLog({level: options.logLevel});
  const metrics = createMetrics();
  const config = loadConfig({env: environment, ...(options.kubeconfig !== undefined && {kubeconfig: options.kubeconfig})});
  const transport = createTransport({version, config, doors: timeAndChance, onAnswer: metrics.request});
  const kube = createKube(transport);
  const aws = createAws({environment, now: () => new Date(), onCall: metrics.awsRequest, resyncSeconds: options.resyncSeconds});
  const cut = new AbortController();
  const health = addressOf(options.healthBindAddress);
  const metricsServer = addressOf(options.metricsBindAddress);
  log.info({version, server: config.cluster.server}, 'starting');
  try {
    const sources = kinds.flatMap((kind) => [sourceOf(kind.definition), ...kind.watches.map(({source}) => source)]);
    const cache = createCache(sources, {kube, log, signal: cut.signal, doors: timeAndChance});
    const clusterId = await clusterIdOf(kube);
    const identity = `${environment['POD_NAME'] ?? hostname()}_${randomBytes(4).toString('hex')}`;
    const ended = await runEngine({
      kinds,
      doors: {aws, kube, cache, clusterId, now: () => new Date()},
      identity,
      log,
      metrics,
      signal,
      workers: options.workers,
      resyncSeconds: options.resyncSeconds,
      ...(options.leaderElect && {lease: leaseOf(options)}),
      health,
      metricsServer,
    });
    log.info({ended}, 'stopped');
    return ended === 'stopped' ? 0 : 1;
  } finally {
    cut.abort();
    aws.close();
    await transport.close();
    await new Promise((resolve) => log.flush(resolve));
  }
}

/** Client-go's proportions: 15 s, 10 s and 2 s. */
function leaseOf({leaderElectionNamespace, leaseSeconds}: OperatorOptions) {
  return {
    namespace: leaderElectionNamespace,
    name: 'drayage',
    leaseSeconds,
    renewSeconds: (leaseSeconds * 2) / 3,
    retrySeconds: (leaseSeconds * 2) / 15,
  };
}

/** The uid of kube-system: it outlives every other name of a cluster. */
async function clusterIdOf(kube: Kube): Promise<string> {
  const system = await kube.get({type: namespaces, name: 'kube-system'});
  if (system?.metadata.uid === undefined) throw new Error('the namespace kube-system is missing: this is no Kubernetes cluster');
  return system.metadata.uid;
}
