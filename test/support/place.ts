import {createKube} from '../../src/kube/client.ts';
import {loadConfig} from '../../src/kube/config.ts';
import type {Kube} from '../../src/kube/kube.ts';
import {createTransport, type Transport} from '../../src/kube/transport.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import type {ResourceType} from '../../src/schema/resource-type.ts';
import * as types from '../../src/schema/types.ts';
import type {Cluster} from '../cluster/start.ts';
import {eventually} from './eventually.ts';
import {realDoors} from './kube-clients.ts';
import type {SeenCondition} from './stage.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a person with every right sees of a cluster, without starting kubectl for each look. */
export interface Person {
  readonly kube: Kube;
  /** Standard output; throws where the exit status is not 0. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** A new namespace with nothing in it. */
  place(namespace: string): Promise<Place>;
  close(): Promise<void>;
}

/** One namespace. Each test has its own, so that all tests of a file can run at once. */
export interface Place {
  readonly namespace: string;
  /** `metadata` beside name and namespace. */
  apply(type: ResourceType, name: string, spec: unknown, metadata?: Json): Promise<KubeObject>;
  get(type: ResourceType, name: string): Promise<KubeObject | undefined>;
  list(type: ResourceType, labelSelector?: string): Promise<readonly KubeObject[]>;
  /** Merge patch. */
  change(type: ResourceType, name: string, patch: Json): Promise<KubeObject>;
  delete(type: ResourceType, name: string): Promise<void>;
  /** Waits until the newest generation of the object has been looked at and its Ready condition has that reason. */
  until(type: ResourceType, name: string, reason: string, seconds?: number): Promise<KubeObject>;
  gone(type: ResourceType, name: string): Promise<unknown>;
  /** The Events about an object, the oldest first. */
  events(kind: string, name: string): Promise<readonly Happened[]>;
}

export interface Happened {
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  /** How often it was counted. */
  readonly times: number;
}

export function personOf(cluster: Cluster): Person {
  const config = loadConfig({env: {}, kubeconfig: cluster.kubeconfig});
  const transport: Transport = createTransport({version: 'test', config, doors: realDoors});
  const kube = createKube(transport);
  return {
    kube,
    async kubectl(...args) {
      const {code, stdout, stderr} = await cluster.kubectl(args);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
      return stdout;
    },
    async place(namespace) {
      await kube.create(types.namespaces, {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace}});
      return placeIn(namespace, kube);
    },
    close: () => transport.close(),
  };
}

function placeIn(namespace: string, kube: Kube): Place {
  const ref = (type: ResourceType, name: string) => ({type, name, namespace});
  const get: Place['get'] = (type, name) => kube.get(ref(type, name));
  return {
    namespace,
    get,
    apply(type, name, spec, metadata = {}) {
      const {apiVersion, kind} = type;
      return kube.apply(type, {apiVersion, kind, metadata: {...metadata, name, namespace}, spec}, {fieldManager: 'a-person'});
    },
    list: async (type, labelSelector) => (await kube.list(type, {namespace, ...(labelSelector !== undefined && {labelSelector})})).items,
    change: (type, name, patch) => kube.merge(ref(type, name), patch),
    async delete(type, name) {
      await kube.delete(ref(type, name), {propagationPolicy: 'Background'});
    },
    async until(type, name, reason, seconds = 60) {
      let seen: KubeObject | undefined;
      const isSo = async (): Promise<KubeObject | false> => {
        seen = await get(type, name);
        const ready = conditionIn(seen, 'Ready');
        return seen !== undefined && ready?.reason === reason && ready.observedGeneration === seen.metadata.generation && seen;
      };
      try {
        return await eventually(`${type.kind} ${namespace}/${name} is ${reason}`, isSo, {seconds});
      } catch (error) {
        throw new Error(`${String(error)}; it is ${JSON.stringify(seen?.['status'] ?? seen)}`, {cause: error});
      }
    },
    gone: (type, name) => eventually(`${type.kind} ${namespace}/${name} is gone`, async () => (await get(type, name)) === undefined),
    async events(kind, name) {
      const {items} = await kube.list(types.events, {namespace});
      return items
        .map((event) => event as KubeObject & Omit<Happened, 'times'> & {regarding: Json; series?: {count: number}; eventTime: string})
        .filter(({regarding}) => regarding['kind'] === kind && regarding['name'] === name)
        .toSorted((a, b) => (a.eventTime < b.eventTime ? -1 : 1))
        .map(({type, reason, note, series}) => ({type, reason, note, times: series?.count ?? 1}));
    },
  };
}

/** A condition in an object's status. */
export function conditionIn(
  object: KubeObject | undefined,
  type: string,
): (SeenCondition & {readonly observedGeneration: number}) | undefined {
  const {conditions = []} = (object?.['status'] ?? {}) as {
    conditions?: readonly (SeenCondition & {readonly observedGeneration: number})[];
  };
  return conditions.find((condition) => condition.type === type);
}
