import {KubeError} from '../../../src/kube/errors.ts';
import type {Kube} from '../../../src/kube/kube.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {revisionManifest} from '../../../src/translate/revision.ts';
import {cacheOf} from '../../support/walk.ts';
import {exited, now, pod, revision, running, task} from './objects.ts';

type Json = Record<string, unknown>;

/** An API server, the Job controller and a kubelet for one Task, in memory. The synced copies are as old as `sync` lets them be. */
export class MemoryCluster {
  readonly created: string[] = [];
  time = now.getTime();
  #objects = new Map<string, KubeObject>();
  #copies: readonly KubeObject[] = [];

  constructor() {
    const definition = {...task(), apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'TaskDefinition'};
    this.put(revisionManifest(revision().definition, 3, definition));
    this.sync();
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
      merge: async ({type, name}, patch) => {
        const object = this.#objects.get(`${type.kind} ${name}`);
        if (object === undefined) throw new KubeError({verb: 'patch', type}, {status: 404, reason: 'NotFound', message: 'gone'});
        return this.put(merged(object, patch) as KubeObject);
      },
      delete: async ({type, name}) => this.#objects.delete(`${type.kind} ${name}`),
    } satisfies Partial<Kube>;
    const doors = {kube: kube as unknown as Kube, cache: cacheOf(() => this.#copies), clusterId: 'c', now: () => new Date(this.time)};
    return doors as unknown as Doors;
  }

  put(object: KubeObject): KubeObject {
    this.#objects.set(keyOf(object), object);
    return object;
  }

  sync(): void {
    this.#copies = [...this.#objects.values()];
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

function keyOf({kind, metadata}: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

function merged(one: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = (typeof one === 'object' && one !== null ? one : {}) as Json;
  return {...base, ...Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, merged(base[key], value)]))};
}
