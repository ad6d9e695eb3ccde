import {setTimeout as sleep} from 'node:timers/promises';
import type {Kube} from '../../../src/kube/kube.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import type {ResourceType} from '../../../src/schema/resource-type.ts';
import {follow} from './follow.ts';

export const pods: ResourceType = {apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true};

/** What became of a pod. Times are milliseconds since 1970, when it was seen. */
export interface PodLife {
  readonly namespace: string;
  readonly name: string;
  readonly created: number;
  /** When it said that a pull had failed: up to some seconds afterwards. */
  readonly failed: number[];
  ran?: number;
}

/** Pods that start all the time, each of which does nothing but be pulled, run, and go. */
export interface PodStream {
  /** Every pod that the API server has had. */
  readonly lives: ReadonlyMap<string, PodLife>;
  /** From now on this namespace has its turn too. */
  add(namespace: string): void;
  /** Starts no more. */
  drain(): Promise<void>;
  /** Those that have not run yet. */
  waiting(): readonly PodLife[];
  stop(): Promise<void>;
}

export interface PodStreamSettings {
  readonly kube: Kube;
  readonly imageOf: (namespace: string) => string;
  /** Between two pods, in milliseconds. */
  readonly everyMs: number;
  /** While so many have not run yet, no more are started. */
  readonly most: number;
}

const label = {soak: 'yes'};

export function podStream({kube, imageOf, everyMs, most}: PodStreamSettings): PodStream {
  const lives = new Map<string, PodLife>();
  const turns: string[] = [];
  const draining = new AbortController();
  const stopping = new AbortController();
  const waiting = () => [...lives.values()].filter(({ran}) => ran === undefined);
  const watching = follow(kube, pods, {labelSelector: 'soak=yes', signal: stopping.signal}, see);
  const starting = start();

  function see(pod: KubeObject): void {
    const {namespace = '', name, uid = ''} = pod.metadata;
    const life: PodLife = lives.get(uid) ?? {namespace, name, created: Date.now(), failed: []};
    lives.set(uid, life);
    const {phase, containerStatuses: [container] = []} = (pod['status'] ?? {}) as PodStatus;
    if (container?.state.waiting?.reason === 'ErrImagePull') life.failed.push(Date.now());
    if (phase !== 'Succeeded') return;
    life.ran ??= Date.now();
    if (pod.metadata.deletionTimestamp === undefined) kube.delete({type: pods, namespace, name}, {uid}).catch(() => undefined);
  }

  async function start(): Promise<void> {
    for (let number = 0; !draining.signal.aborted; number += 1) {
      const namespace = turns[number % Math.max(1, turns.length)];
      if (namespace !== undefined && waiting().length < most) {
        // One that is not answered may exist all the same: what exists is told by the watch.
        await kube.create(pods, podOf(namespace, `p${number}`, imageOf(namespace))).catch(() => undefined);
      }
      await sleep(everyMs);
    }
  }

  return {
    lives,
    waiting,
    add: (namespace) => void turns.push(namespace),
    async drain() {
      draining.abort();
      await starting;
    },
    async stop() {
      draining.abort();
      stopping.abort();
      await Promise.all([starting, watching]);
    },
  };
}

interface PodStatus {
  readonly phase?: string;
  readonly containerStatuses?: readonly {readonly state: {readonly waiting?: {readonly reason: string}}}[];
}

function podOf(namespace: string, name: string, image: string): KubeObject {
  return {
    apiVersion: pods.apiVersion,
    kind: pods.kind,
    metadata: {name, namespace, labels: label},
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // Always: the kubelet asks the registry for each pod.
      containers: [{name: 'main', image, imagePullPolicy: 'Always', command: ['true']}],
    },
  };
}
