import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {Agent, request} from 'undici';
import {KubeError} from '../../src/kube/errors.ts';
import type {TaskStatus} from '../../src/kinds/task/schema.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import type {ResourceType} from '../../src/schema/resource-type.ts';
import {services, taskDefinitions, tasks} from '../../src/schema/types.ts';
import type {Note} from '../../src/translate/note.ts';
import type {Cluster} from '../cluster/start.ts';
import {eventually} from '../support/eventually.ts';
import {conditionIn, type Person, type Place} from '../support/place.ts';
import {endMark, withDefaults, type Behaviour, type Given, type Task} from './behaviour.ts';
import type {Store} from './stored.ts';

export const pods: ResourceType = {apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true};

/** Nothing is made, for these reasons. */
export class Refused extends Error {
  readonly reasons: readonly string[];
  constructor(reasons: readonly string[]) {
    super(reasons.join(', '));
    this.reasons = reasons;
  }
}

export interface SeenContainer {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly containerID?: string;
  readonly imageID?: string;
  readonly state: {
    readonly waiting?: {readonly reason: string};
    readonly running?: {readonly startedAt: string};
    readonly terminated?: Ended;
  };
  readonly lastState: {readonly terminated?: Ended};
}

export interface Ended {
  readonly exitCode: number;
  readonly reason: string;
}

/** What an observer has: the task of one behaviour, alone in a namespace. */
export interface Scene extends Given {
  readonly place: Place;
  readonly cluster: Cluster;
  readonly given: Given;
  /** The image moves to a tag: an image whose variable CONTENT has that value. */
  readonly push: (tag: string, content: string) => Promise<void>;
  /** Adds to what AWS holds. */
  readonly store: Store['put'];
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  /** Registers another revision, or changes the service. */
  readonly apply: (task: Task, service?: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Sets the number of tasks. */
  readonly scale: (desiredCount: number) => Promise<void>;
  /** Pods that are not being stopped. Throws {@link Refused} where there will be none. */
  readonly living: () => Promise<readonly KubeObject[]>;
  /** All of them. */
  readonly pods: () => Promise<readonly KubeObject[]>;
  /** Waits for a pod that has an address and all of whose containers are there. */
  readonly running: () => Promise<KubeObject>;
  /** Waits for the service's steady state. */
  readonly steady: () => Promise<KubeObject>;
  readonly service: () => Promise<Readonly<Record<string, unknown>>>;
  /** What `describe-tasks` says of a task that was run by itself. */
  readonly described: () => Promise<TaskStatus>;
  /** The same, when it has stopped. */
  readonly ended: (seconds?: number) => Promise<TaskStatus>;
  readonly notes: () => Promise<readonly Note[]>;
  /** Waits for what a container prints before the end mark. */
  readonly printed: (container?: string, seconds?: number) => Promise<string>;
  readonly log: (pod: KubeObject, container: string) => Promise<string>;
  /** Lines of a file in the node's folder; none where it is not there. */
  readonly lines: (file: string) => Promise<readonly string[]>;
  readonly until: <T>(what: string, check: () => Promise<T | undefined | false>, seconds?: number) => Promise<T>;
  /** Whether it comes about in the time given. */
  readonly within: (seconds: number, check: () => Promise<boolean>) => Promise<boolean>;
}

const name = 'app';
const refusals = new Set(['InvalidTaskDefinition', 'NotTranslatable']);

interface SceneSettings {
  readonly behaviour: Behaviour;
  readonly place: Place;
  readonly person: Person;
  readonly cluster: Cluster;
  readonly given: Given;
  readonly push: Scene['push'];
  readonly store: Scene['store'];
}

/** Nothing is applied yet. */
export function sceneOf({behaviour, place, person, cluster, given, push, store}: SceneSettings): Scene {
  const agent = new Agent({connect: {ca: cluster.ca}});
  let applied: readonly [Task, Readonly<Record<string, unknown>>] = [{containerDefinitions: []}, {}];
  const every = {everyMs: 400};
  const {run} = behaviour;
  const written = run === undefined ? [taskDefinitions] : [taskDefinitions, tasks];
  // What a definition would be as a service is not what the task was run as.
  const noted = run === undefined ? [taskDefinitions, services] : [tasks];
  const notes = async (): Promise<readonly Note[]> =>
    (await Promise.all(noted.map(async (type) => place.get(type, name)))).flatMap(notesIn);
  const all = async () => place.list(pods, `ecs.drayage.dev/${run === undefined ? 'service' : 'task'}=${name}`);
  const living = async (): Promise<readonly KubeObject[]> => {
    for (const object of await Promise.all(written.map(async (type) => place.get(type, name)))) {
      const ready = conditionIn(object, 'Ready');
      if (ready === undefined || !refusals.has(ready.reason) || ready.observedGeneration !== object?.metadata.generation) continue;
      const refused = [...notesIn(object), ...(await notes())].filter(({level}) => level === 'refused');
      throw new Refused([...new Set(refused.map(({reason}) => reason))]);
    }
    return (await all()).filter(({metadata}) => metadata.deletionTimestamp === undefined);
  };
  const log = async (pod: KubeObject, container: string): Promise<string> => {
    const url = `${cluster.server}/api/v1/namespaces/${place.namespace}/pods/${pod.metadata.name}/log?container=${container}`;
    const {body, statusCode} = await request(url, {dispatcher: agent, headers: {authorization: `Bearer ${cluster.adminToken}`}});
    const text = await body.text();
    return statusCode === 200 ? text : '';
  };
  const until: Scene['until'] = async (what, check, seconds = 90) => {
    const looked = await eventually(what, async () => refusedOr(check), {...every, seconds});
    if (looked instanceof Refused) throw looked;
    return looked.value;
  };
  const apply: Scene['apply'] = async (task, service = {desiredCount: 1}) => {
    applied = [task, service];
    try {
      const definition = withDefaults(task, given.image('1'));
      await place.apply(taskDefinitions, name, run === undefined ? {...definition, service} : definition);
      if (run !== undefined) await place.apply(tasks, name, {...run, taskDefinition: name});
    } catch (error) {
      if (error instanceof KubeError && /^(400|422)$/.test(String(error.status))) throw new Refused(['Invalid']);
      throw error;
    }
  };
  const described = async (): Promise<TaskStatus> => (await place.get(tasks, name))?.status ?? {};
  return {
    ...given,
    given,
    place,
    cluster,
    push,
    store,
    described,
    notes,
    living,
    log,
    until,
    apply,
    pods: all,
    kubectl: (...args) => person.kubectl('-n', place.namespace, ...args),
    scale: async (desiredCount) => apply(applied[0], {...applied[1], desiredCount}),
    running: async () =>
      until(`a pod of ${behaviour.id} runs`, async () => {
        const seen = await living();
        return seen.find((pod) => phaseOf(pod) === 'Running' && containersOf(pod).every(({containerID}) => containerID !== undefined));
      }),
    steady: async () => {
      await until('there is a pod', async () => (await living()).length > 0);
      return place.until(services, name, 'SteadyState', 90);
    },
    service: async () => ((await place.get(services, name))?.status ?? {}) as Readonly<Record<string, unknown>>,
    ended: async (seconds) =>
      until(
        `the task of ${behaviour.id} has stopped`,
        async () => {
          await living();
          const status = await described();
          return status.lastStatus === 'STOPPED' && status;
        },
        seconds,
      ),
    printed: async (container = 'main', seconds = 90) =>
      until(
        `${container} of ${behaviour.id} has printed`,
        async () => {
          for (const pod of await living()) {
            const [text, rest] = (await log(pod, container)).split(endMark);
            if (rest !== undefined) return {text: text?.trim() ?? ''};
          }
          return undefined;
        },
        seconds,
      ).then(({text}) => text),
    lines: async (file) => {
      const text = await readFile(path.join(given.folder, file), 'utf8').catch(() => '');
      return text.split('\n').slice(0, -1);
    },
    within: async (seconds, check) =>
      until('it', check, seconds).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Refused) throw error;
          return false;
        },
      ),
  };
}

function notesIn(object: KubeObject | undefined): readonly Note[] {
  return ((object?.['status'] ?? {}) as {notes?: readonly Note[]}).notes ?? [];
}

/** A refusal is final, so it ends the wait; other errors are tried again. */
async function refusedOr<T>(check: () => Promise<T | undefined | false>): Promise<Refused | {readonly value: T} | undefined> {
  try {
    const value = await check();
    return value === undefined || value === false ? undefined : {value};
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** What a person needs to see of a behaviour that could not be observed. */
export function shown(objects: readonly KubeObject[]): string {
  return objects
    .map((object) => {
      const containers = containersOf(object).map(({name, state, lastState}) => ({name, state, lastState}));
      return `${object.metadata.name}: ${JSON.stringify({ready: conditionIn(object, 'Ready'), containers})}`;
    })
    .join('\n');
}

export function phaseOf(pod: KubeObject): string {
  return String(((pod.status ?? {}) as {phase?: string}).phase);
}

export function addressOf(pod: KubeObject): string {
  return ((pod.status ?? {}) as {podIP?: string}).podIP ?? '';
}

export function isReady(pod: KubeObject): boolean {
  return conditionIn(pod, 'Ready')?.status === 'True';
}

export function containersOf(pod: KubeObject): readonly SeenContainer[] {
  const {containerStatuses = [], initContainerStatuses = []} = (pod.status ?? {}) as Readonly<Record<string, readonly SeenContainer[]>>;
  return [...initContainerStatuses, ...containerStatuses];
}

export function containerOf(pod: KubeObject, name: string): SeenContainer {
  const seen = containersOf(pod).find((one) => one.name === name);
  return seen ?? {name, ready: false, restartCount: 0, state: {}, lastState: {}};
}
