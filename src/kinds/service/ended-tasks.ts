import type {KubeObject} from '../../schema/object.ts';
import {essentialAnnotation} from '../../translate/endings.ts';

/** A pod of which an essential container has ended: ECS would have stopped the task, and started another. */
export interface EndedTask {
  readonly pod: KubeObject;
  /** The name of the container in the pod. */
  readonly container: string;
  readonly exitCode?: number;
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: State;
  readonly lastState?: State;
}

interface State {
  readonly terminated?: {readonly exitCode?: number; readonly finishedAt?: string};
}

/**
 * In the first minute of a pod the kubelet starts a container again by itself, after waits that grow: tasks that cannot run
 * would else be replaced without end. ECS too slows down there.
 */
const firstSeconds = 60;
/** A container that ended longer ago was started again while nobody looked, and runs since: replacing its task would mend nothing. */
const freshSeconds = 60;

/** The tasks that are to be stopped; what runs their pods then makes others. */
export function endedTasks(pods: readonly KubeObject[], now: Date): readonly EndedTask[] {
  return pods.flatMap((pod) => {
    if (pod.metadata.deletionTimestamp !== undefined) return [];
    const essential = new Set((pod.metadata.annotations?.[essentialAnnotation] ?? '').split(','));
    const {
      startTime,
      containerStatuses = [],
      initContainerStatuses = [],
    } = (pod['status'] ?? {}) as {
      readonly startTime?: string;
      readonly containerStatuses?: readonly ContainerStatus[];
      readonly initContainerStatuses?: readonly ContainerStatus[];
    };
    const begun = Date.parse(startTime ?? '');
    for (const {name, state, lastState} of [...containerStatuses, ...initContainerStatuses]) {
      const {exitCode, finishedAt} = state?.terminated ?? lastState?.terminated ?? {};
      const ended = Date.parse(finishedAt ?? '');
      const isLate = ended - begun >= firstSeconds * 1000;
      const isFresh = now.getTime() - ended <= freshSeconds * 1000;
      if (essential.has(name) && isLate && isFresh) return [{pod, container: name, ...(exitCode === undefined ? {} : {exitCode})}];
    }
    return [];
  });
}

/** What is said of it, in the words that ECS has for a stopped task. */
export function whyStopped({pod, container, exitCode}: EndedTask): string {
  const code = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
  return `stop the task ${pod.metadata.name}: its essential container ${container} has exited${code}`;
}

/** Of a pod, what tells whether its task has ended. */
export function withEndings(pod: KubeObject): KubeObject {
  const {apiVersion, kind} = pod;
  const {name, namespace, uid, resourceVersion, deletionTimestamp, labels, annotations, ownerReferences} = pod.metadata;
  const essential = annotations?.[essentialAnnotation];
  const {startTime, containerStatuses, initContainerStatuses} = (pod['status'] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && {namespace}),
      ...(uid !== undefined && {uid}),
      ...(resourceVersion !== undefined && {resourceVersion}),
      ...(deletionTimestamp !== undefined && {deletionTimestamp}),
      ...(labels && {labels}),
      ...(essential !== undefined && {annotations: {[essentialAnnotation]: essential}}),
      ...(ownerReferences && {ownerReferences}),
    },
    status: {startTime, containerStatuses: briefly(containerStatuses), initContainerStatuses: briefly(initContainerStatuses)},
  };
}

function briefly(statuses: unknown): readonly ContainerStatus[] {
  return ((statuses ?? []) as readonly ContainerStatus[]).map(({name, state, lastState}) => ({
    name,
    ...(state?.terminated && {state: {terminated: state.terminated}}),
    ...(lastState?.terminated && {lastState: {terminated: lastState.terminated}}),
  }));
}
