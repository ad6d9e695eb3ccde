import type {KubeObject} from '../../schema/object.ts';
import {essentialAnnotation} from '../../translate/endings.ts';

export interface Terminated {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
}

/** One container's status, as the kubelet tells it. */
export interface SeenContainer {
  readonly name: string;
  readonly image?: string;
  readonly imageID?: string;
  readonly state?: {
    readonly waiting?: {readonly reason?: string; readonly message?: string};
    readonly running?: {readonly startedAt?: string};
    readonly terminated?: Terminated;
  };
  readonly lastState?: {readonly terminated?: Terminated};
}

interface SeenStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly startTime?: string;
  readonly conditions?: readonly {readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string}[];
  readonly containerStatuses?: readonly SeenContainer[];
  readonly initContainerStatuses?: readonly SeenContainer[];
}

interface SeenSpec {
  readonly nodeName?: string;
  readonly activeDeadlineSeconds?: number;
  readonly containers?: readonly {readonly name: string; readonly image?: string}[];
  readonly initContainers?: readonly {readonly name: string; readonly image?: string}[];
}

/** A pod as far as a task's state depends on it. */
export interface SeenPod {
  readonly pod: KubeObject;
  readonly spec: SeenSpec;
  readonly status: SeenStatus;
  /** Those that a pod ends with. */
  readonly regular: readonly SeenContainer[];
  /** Init containers and sidecars. */
  readonly before: readonly SeenContainer[];
  /** The names, in the pod, of the containers whose exit ends the task. */
  readonly essential: ReadonlySet<string>;
}

export function seen(pod: KubeObject): SeenPod {
  const status = (pod['status'] ?? {}) as SeenStatus;
  const spec = (pod['spec'] ?? {}) as SeenSpec;
  const names = pod.metadata.annotations?.[essentialAnnotation] ?? '';
  return {
    pod,
    spec,
    status,
    regular: status.containerStatuses ?? [],
    before: status.initContainerStatuses ?? [],
    essential: new Set(names.split(',').filter((name) => name !== '')),
  };
}

/** The pod will not run any more: all of its containers have ended. */
export function hasEnded({status}: SeenPod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}

/** The first exit of an essential container, also of one that has been started again since. Of two at one second the one that failed. */
export function firstExit({regular, before, essential}: SeenPod): {readonly name: string; readonly exit: Terminated} | undefined {
  const exits = [...regular, ...before].flatMap(({name, state, lastState}) => {
    const exit = lastState?.terminated ?? state?.terminated;
    return exit !== undefined && essential.has(name) ? [{name, exit}] : [];
  });
  const [first] = exits.toSorted((a, b) => compare(a.exit.finishedAt ?? '', b.exit.finishedAt ?? '') || rank(a.exit) - rank(b.exit));
  return first;
}

function rank({exitCode}: Terminated): number {
  return exitCode === 0 ? 1 : 0;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
