import type {Scene} from './scene.ts';
import type {Held, Stored} from './stored.ts';

export type Container = Readonly<Record<string, unknown>>;

/** RegisterTaskDefinition's input, less what {@link withDefaults} fills in. */
export interface Task {
  readonly containerDefinitions: readonly Container[];
  readonly [field: string]: unknown;
}

/** What the fixtures may refer to. */
export interface Given {
  /** An image in the private registry, by tag. */
  readonly image: (tag: string) => string;
  /** A folder of the node that is this behaviour's alone and outlives its pods. */
  readonly folder: string;
  /** What AWS holds for this behaviour. */
  readonly held: Held;
}

/** One thing that ECS does, and a task that shows it. */
export interface Behaviour {
  /** Its namespace. */
  readonly id: string;
  /** What is set up. Markdown. */
  readonly title: string;
  /** What ECS does then, in the words that `observe` has for it, and where AWS says so. Markdown. */
  readonly ecs: {readonly does: string; readonly url: string};
  /** Which note stands for a difference: a pattern for its path and reason, with a space between. */
  readonly note?: RegExp;
  /** How great a difference is that no note speaks of, and why none does. */
  readonly unnoted?: {readonly verdict: 'approximate' | 'different'; readonly why: string};
  /** Tags that are in the repository before: images whose variable CONTENT is `old`. */
  readonly tags?: readonly string[];
  /** What AWS holds before. `login` is what opens the private registry. */
  readonly stored?: Stored | ((login: Login) => Stored);
  readonly task: Task | ((given: Given) => Task);
  /** CreateService's input. Default: one task. */
  readonly service?: Readonly<Record<string, unknown>>;
  /** RunTask's input, less the task definition: the task is run by itself, without a service. */
  readonly run?: Readonly<Record<string, unknown>>;
  /** Pods at one time. Default 1. */
  readonly pods?: number;
  /** It takes more than half a minute, so it is begun first. */
  readonly slow?: boolean;
  /** What happens here. Markdown; `ecs.does` where it is what ECS does. */
  readonly observe: (scene: Scene) => Promise<string>;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface Theme {
  readonly title: string;
  readonly behaviours: readonly Behaviour[];
}

/** An essential container called main that takes 2 seconds at most to stop, unless it says otherwise. */
export function withDefaults(task: Task, image: string): Task {
  const {containerDefinitions, memory, ...rest} = task;
  return {
    family: 'app',
    ...rest,
    ...(memory === undefined ? {} : {memory}),
    containerDefinitions: containerDefinitions.map((container) => ({
      name: 'main',
      image,
      stopTimeout: 2,
      ...(memory === undefined && !('memory' in container) && !('memoryReservation' in container) ? {memory: 32} : {}),
      ...container,
    })),
  };
}

/** A task of one container. */
export function single(container: Container, rest: Readonly<Record<string, unknown>> = {}): Task {
  return {...rest, containerDefinitions: [container]};
}

/** Runs a line of shell. */
export function shell(script: string): readonly string[] {
  return ['sh', '-c', script];
}

/** Ends what `Scene.printed` reads. */
export const endMark = '-- end --';

/** Runs a line of shell, whose output `Scene.printed` gives, and stays. */
export function printing(script: string): readonly string[] {
  return shell(`${script}\necho "${endMark}"\nexec sleep 3600`);
}

/** Seconds since the machine's start, the same clock in all containers of a node. */
export const stamp = 'cut -d" " -f1 /proc/uptime';

/** Where the folder of the node is in a container that has {@link onNode}. */
export const nodeMount = {mountPoints: [{sourceVolume: 'node', containerPath: '/node'}]};

export function nodeVolume({folder}: Given): Readonly<Record<string, unknown>> {
  return {name: 'node', host: {sourcePath: folder}};
}

/** A task whose containers all see the node's folder at /node. */
export function onNode(given: Given, containers: readonly Container[], rest: Readonly<Record<string, unknown>> = {}): Task {
  return {...rest, containerDefinitions: containers.map((container) => ({...nodeMount, ...container})), volumes: [nodeVolume(given)]};
}

const api = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference';

/** A field of a type in ECS's API reference: `ContainerDefinition.dependsOn`. */
export function field(name: string): string {
  const [type = '', member = ''] = name.split('.');
  return `${api}/API_${type}.html#ECS-Type-${type}-${member}`;
}

/** A parameter of an operation in ECS's API reference: `RegisterTaskDefinition.networkMode`. */
export function parameter(name: string): string {
  const [operation = '', member = ''] = name.split('.');
  return `${api}/API_${operation}.html#ECS-${operation}-request-${member}`;
}

/** A page of ECS's developer guide. */
export function guide(page: string): string {
  return `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${page}.html`;
}
