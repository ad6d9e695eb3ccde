import type {KubeObject} from '../../schema/object.ts';
import {essentialAnnotation} from '../../translate/endings.ts';
import {statusOfPod} from './pods.ts';

/** A pod of which an essential container has ended: ECS would have stopped the task, and started another. */
export interface EndedTask {
  readonly pod: KubeObject;
  /** The name of the container in the pod. */
  readonly container: string;
  readonly exitCode?: number;
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
    const {startTime, containerStatuses = [], initContainerStatuses = []} = statusOfPod(pod);
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
