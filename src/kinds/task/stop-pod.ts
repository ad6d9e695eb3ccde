import type {KubeObject} from '../../schema/object.ts';
import {firstExit, hasEnded, seen, type SeenPod} from './pod-status.ts';
import type {StopCode, TaskSpec} from './schema.ts';
import {startSeconds, troubleOf} from './start-trouble.ts';

/** On a pod that the operator stops, together with what stops it: why. So the reason outlives the process. */
export const stopCodeAnnotation = 'ecs.drayage.dev/stop-code';
export const stoppedReasonAnnotation = 'ecs.drayage.dev/stopped-reason';
/** On a pod that is stopped because an essential container exited: which one. */
export const exitedAnnotation = 'ecs.drayage.dev/exited-container';

export interface Stop {
  readonly code: StopCode;
  readonly reason: string;
  readonly exited?: string;
}

export const exitReason = 'Essential container in task exited';

/** Why a pod must be stopped now; undefined where it need not be, or is being stopped. */
export function stopOf(pod: KubeObject, spec: TaskSpec, now: Date): Stop | undefined {
  const one = seen(pod);
  if (hasEnded(one) || isBeingStopped(one)) return undefined;
  if (spec.stop) return {code: 'UserInitiated', reason: spec.stopReason ?? 'Task stopped by user'};
  const exit = firstExit(one);
  // Where all have ended the kubelet stops what is beside them.
  if (exit !== undefined && one.regular.some(({state}) => state?.terminated === undefined)) {
    return {code: 'EssentialContainerExited', reason: exitReason, exited: exit.name};
  }
  const trouble = troubleOf(one);
  if (trouble !== undefined && secondsToTry(one, now) <= 0) return {code: 'TaskFailedToStart', reason: trouble};
  return undefined;
}

/** Seconds that a pod whose containers cannot be started is still given. */
export function secondsToTry({status}: SeenPod, now: Date): number {
  const since = Date.parse(status.startTime ?? '');
  return Number.isNaN(since) ? startSeconds : Math.ceil(startSeconds - (now.getTime() - since) / 1000);
}

export function isBeingStopped({pod}: SeenPod): boolean {
  return pod.metadata.deletionTimestamp !== undefined || pod.metadata.annotations?.[stopCodeAnnotation] !== undefined;
}

/**
 * What stops a pod on its node and leaves it there with its logs and exit codes: a deadline that is over. The kubelet then does as
 * it does for a deleted pod: SIGTERM, and SIGKILL after the grace period.
 */
export function stopPatch({code, reason, exited}: Stop): Readonly<Record<string, unknown>> {
  const annotations = {
    [stopCodeAnnotation]: code,
    [stoppedReasonAnnotation]: reason,
    ...(exited === undefined ? {} : {[exitedAnnotation]: exited}),
  };
  return {metadata: {annotations}, spec: {activeDeadlineSeconds: 1}};
}
