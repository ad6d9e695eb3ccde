import type {KubeObject} from '../../schema/object.ts';
import {healthySeconds} from '../../translate/deployment.ts';
import type {TaskDefinition} from '../../translate/ecs.ts';
import {labelName} from '../../translate/names.ts';
import {isEssential} from '../../translate/rules.ts';
import {conditionOfPod, isLive, isReadyPod, statusOfPod, type ContainerStatus} from './pods.ts';

/** What of a pod counts when it fails, and when it counts as healthy. */
export interface Judgement {
  /** Names of the containers of which each exit is a failed task. */
  readonly containers: ReadonlySet<string>;
  /** Whether a health check tells that it is healthy; else it has to run for a while. */
  readonly isHealthChecked: boolean;
}

/** Essential containers; and init containers, which must succeed or the task never runs. */
export function judgementOf(task: TaskDefinition, workload: KubeObject): Judgement {
  const essential = task.containerDefinitions.filter(isEssential);
  const {template} = (workload.spec ?? {}) as {template?: {spec?: {initContainers?: readonly {name: string; restartPolicy?: string}[]}}};
  const init = (template?.spec?.initContainers ?? []).filter(({restartPolicy}) => restartPolicy !== 'Always');
  return {
    containers: new Set([...essential.map(({name}) => labelName(name)), ...init.map(({name}) => name)]),
    isHealthChecked: essential.some(({healthCheck}) => healthCheck !== undefined),
  };
}

/** The kubelet tries again by itself, and does not say how often it has. */
const cannotStart = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'CreateContainerConfigError',
  'CreateContainerError',
]);

/** How many tasks have failed in these pods: exits of what is essential, and tries to start a container that could not be. */
export function failuresIn(pods: readonly KubeObject[], judgement: Judgement, now: Date): number {
  return pods.reduce((sum, pod) => sum + failuresOf(pod, judgement, now), 0);
}

function failuresOf(pod: KubeObject, {containers}: Judgement, now: Date): number {
  const {phase, startTime, containerStatuses = [], initContainerStatuses = []} = statusOfPod(pod);
  const all = [...initContainerStatuses, ...containerStatuses];
  // Where one exit restarts all containers of the pod, all of them count it.
  const exits = Math.max(0, ...all.filter(({name}) => containers.has(name)).map(exitsOf));
  const hangs = all.some(({state}) => cannotStart.has(state?.waiting?.reason ?? ''));
  const since = startTime ?? pod.metadata.creationTimestamp;
  const seconds = since === undefined ? 0 : (now.getTime() - Date.parse(since)) / 1000;
  const tries = hangs ? triesWithin(seconds) : 0;
  return Math.max(exits, tries, phase === 'Failed' ? 1 : 0);
}

/** Restarts, and the exit after which it is not running again yet. */
function exitsOf({restartCount = 0, state}: ContainerStatus): number {
  const isDown = state?.waiting?.reason === 'CrashLoopBackOff' || (state?.terminated?.exitCode ?? 0) !== 0;
  return restartCount + (isDown ? 1 : 0);
}

/** SIGKILL and SIGTERM: what the kubelet ends a container with whose health check fails. */
const killed = new Set([137, 143]);

/** Whether a container of these was running and was ended, which a failed health check does. */
export function areUnhealthy(pods: readonly KubeObject[], {containers, isHealthChecked}: Judgement): boolean {
  if (!isHealthChecked) return false;
  return pods.some((pod) =>
    (statusOfPod(pod).containerStatuses ?? []).some(({name, state, lastState}) => {
      const ended = state?.terminated ?? lastState?.terminated;
      return containers.has(name) && killed.has(ended?.exitCode ?? 0) && ended?.reason !== 'OOMKilled';
    }),
  );
}

const firstPause = 10;
const longestPause = 300;

/** The kubelet's back-off: it tries at once, and then after 10, 20, 40, … and at most 300 seconds. */
export function triesWithin(seconds: number): number {
  let tries = 1;
  let pause = firstPause;
  for (let at = pause; at <= seconds; at += pause) {
    tries += 1;
    pause = Math.min(longestPause, pause * 2);
  }
  return tries;
}

/** Whether a pod counts as a healthy task, as ECS sees it. */
export function isHealthy(pod: KubeObject, {isHealthChecked}: Judgement, now: Date): boolean {
  if (!isLive(pod) || !isReadyPod(pod)) return false;
  if (isHealthChecked) return true;
  const since = conditionOfPod(pod, 'Ready')?.lastTransitionTime;
  return since !== undefined && now.getTime() - Date.parse(since) >= healthySeconds * 1000;
}
