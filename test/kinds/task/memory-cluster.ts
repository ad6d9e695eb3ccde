import {KubeError} from '../../../src/kube/errors.ts';
import type {Kube} from '../../../src/kube/kube.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import {withDigests} from '../../../src/kinds/sources.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import type {ClusterSettings} from '../../../src/translate/cluster-settings.ts';
import {revisionManifest} from '../../../src/translate/revision.ts';
import {cacheOf} from '../../support/walk.ts';
import {MemoryAws} from '../../support/memory-aws.ts';
import {exited, now, pod, revision, running} from './objects.ts';

type Json = Record<string, unknown>;

/** An API server, the Job controller and a kubelet for one Task, in memory. The synced copies are as old as `sync` lets them be. */
export class MemoryCluster {
  readonly created: string[] = [];
  /** Kinds, in the order in which they were applied. */
  readonly applied: string[] = [];
  time = now.getTime();
  #objects = new Map<string, KubeObject>();
  #copies: readonly KubeObject[] = [];

  readonly account = new MemoryAws();
  /** What the Cluster `default` says. */
  settings: ClusterSettings = {};

  constructor() {
    this.register();
  }

  /** Another revision of the family `web`. */
  register(over: Json = {}, number = 3): void {
    this.put(revisionManifest(revision(over).definition, number, family));
    this.sync();
  }

  find(kind: string, name?: string): KubeObject | undefined {
    return [...this.#objects.values()].find((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  }

  remove(kind: string, name: string): void {
    this.#objects.delete(`${kind} ${name}`);
  }

  get doors(): Doors {
    const kube = {
      get: async ({type, name}) => this.#objects.get(`${type.kind} ${name}`),
      create: async (type, object) => {
        if (this.#objects.has(keyOf(object)))
          throw new KubeError({verb: 'create', type}, {status: 409, reason: 'AlreadyExists', message: 'exists'});
        this.created.push(keyOf(object));
        return this.put({...object, metadata: {...object.metadata, uid: 'job-1', creationTimestamp: new Date(this.time).toISOString()}});
      },
      apply: async (_type, object) => {
        const {uid = `uid of ${keyOf(object)}`} = this.#objects.get(keyOf(object))?.metadata ?? {};
        this.applied.push(object.kind);
        return this.put({...object, metadata: {...object.metadata, uid}});
      },
      merge: async ({type, name}, patch) => {
        const object = this.#objects.get(`${type.kind} ${name}`);
        if (object === undefined) throw new KubeError({verb: 'patch', type}, {status: 404, reason: 'NotFound', message: 'gone'});
        return this.put(merged(object, patch) as KubeObject);
      },
      delete: async ({type, name}, {uid} = {}) => {
        if (this.find(type.kind, name)?.metadata.uid !== uid) throw new Error(`deleted ${name} without its uid`);
        return this.#objects.delete(`${type.kind} ${name}`);
      },
    } satisfies Partial<Kube>;
    const copies = () => [clusterObject(this.settings), ...this.#copies];
    return {
      aws: this.account.aws(),
      kube: kube as unknown as Kube,
      cache: cacheOf(copies),
      clusterId: 'c',
      now: () => new Date(this.time),
    };
  }

  put(object: KubeObject): KubeObject {
    this.#objects.set(keyOf(object), object);
    return object;
  }

  sync(): void {
    this.#copies = [...this.#objects.values()].map((object) => (object.kind === 'Secret' ? withDigests(object) : object));
  }

  /** The Job controller and the kubelet do their next thing; `exits` is the exit code of the first container, once it ends. */
  tick(exits: number | undefined): void {
    const job = this.#objects.get('Job report');
    const one = this.#objects.get('Pod report-0-abcde');
    if (job === undefined || (job['status'] as Json)?.['failedIndexes'] !== undefined) return;
    if (one === undefined) return void this.put(pod(job, {phase: 'Pending', startTime: new Date(this.time).toISOString()}));
    const {spec, status} = one as unknown as {spec: Json & {containers: readonly {name: string}[]}; status: Json};
    const [first = '', second = ''] = spec.containers.map(({name}) => name);
    if (status['phase'] === 'Failed' || status['phase'] === 'Succeeded') return;
    if (spec['activeDeadlineSeconds'] === 1) {
      const ended = exits === undefined ? exited(first, 143) : exited(first, exits);
      this.put({...one, status: {...status, phase: 'Failed', containerStatuses: [ended, exited(second, 143)]}});
      this.put({...job, status: {failedIndexes: '0'}});
    } else {
      const containerStatuses = [exits === undefined ? running(first) : exited(first, exits), running(second)];
      this.put({...one, status: {...status, phase: 'Running', containerStatuses}});
    }
  }
}

const family = {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'TaskDefinition', metadata: {name: 'web', namespace: 'ns', uid: 'family-1'}};

function clusterObject(spec: ClusterSettings): KubeObject {
  return {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Cluster', metadata: {name: 'default'}, spec};
}

function keyOf({kind, metadata}: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

function merged(one: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = (typeof one === 'object' && one !== null ? one : {}) as Json;
  return {...base, ...Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, merged(base[key], value)]))};
}
