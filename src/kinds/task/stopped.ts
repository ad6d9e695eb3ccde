import {firstExit, type SeenPod, type Terminated} from './pod-status.ts';
import type {StopCode, TaskState} from './schema.ts';
import {cut, troubleOf} from './start-trouble.ts';
import {exitedAnnotation, exitReason, stopCodeAnnotation, stoppedReasonAnnotation} from './stop-pod.ts';

type Stopped = Pick<TaskState, 'stopCode' | 'stoppedReason' | 'stoppedAt' | 'exitCode'>;

/** Why and when a task has stopped, and what it came to. */
export function stopped(seen: SeenPod, now: Date): Stopped {
  const exitCode = exitOf(seen)?.exitCode;
  const [stopCode, stoppedReason] = whyOf(seen);
  const hasRun = stopCode !== 'TaskFailedToStart' && exitCode !== undefined;
  return {stopCode, stoppedReason: cut(stoppedReason), stoppedAt: endOf(seen, now), ...(hasRun ? {exitCode} : {})};
}

function exitOf(seen: SeenPod): Terminated | undefined {
  const name = seen.pod.metadata.annotations?.[exitedAnnotation];
  const named = [...seen.regular, ...seen.before].find((container) => container.name === name);
  return named?.lastState?.terminated ?? named?.state?.terminated ?? firstExit(seen)?.exit;
}

function endOf({regular, before}: SeenPod, now: Date): string {
  const ends = [...regular, ...before].flatMap(({state}) => state?.terminated?.finishedAt ?? []);
  return ends.toSorted().at(-1) ?? `${now.toISOString().slice(0, 19)}Z`;
}

/** Kubernetes's reasons for ending a pod from outside (condition DisruptionTarget), as ECS would call them. */
const disruptions: Readonly<Record<string, StopCode>> = {
  PreemptionByScheduler: 'TerminationNotice',
  EvictionByEvictionAPI: 'TerminationNotice',
  TerminationByKubelet: 'TerminationNotice',
  DeletionByTaintManager: 'InfrastructureHealth',
  DeletionByPodGC: 'InfrastructureHealth',
};

function whyOf(seen: SeenPod): readonly [StopCode, string] {
  const {pod, status} = seen;
  const code = pod.metadata.annotations?.[stopCodeAnnotation];
  if (code !== undefined) return [code as StopCode, pod.metadata.annotations?.[stoppedReasonAnnotation] ?? code];
  const disruption = status.conditions?.find(({type, status: is}) => type === 'DisruptionTarget' && is === 'True');
  if (disruption !== undefined) {
    return [disruptions[disruption.reason ?? ''] ?? 'TerminationNotice', disruption.message ?? status.message ?? 'The pod was evicted.'];
  }
  if (status.reason === 'Evicted') return ['InfrastructureHealth', status.message ?? 'The pod was evicted.'];
  const trouble = troubleOf(seen);
  if (trouble !== undefined) return ['TaskFailedToStart', trouble];
  const failed = seen.before.find(({state}) => (state?.terminated?.exitCode ?? 0) !== 0);
  const hasStarted = seen.regular.some(
    ({state, lastState}) => (state?.terminated ?? state?.running ?? lastState?.terminated) !== undefined,
  );
  if (!hasStarted && failed !== undefined) {
    return [
      'TaskFailedToStart',
      `Container ${failed.name} exited with ${failed.state?.terminated?.exitCode}, and others wait for its success.`,
    ];
  }
  if (pod.metadata.deletionTimestamp !== undefined && firstExit(seen) === undefined) return ['UserInitiated', 'The pod was deleted.'];
  if (!hasStarted) return ['TaskFailedToStart', status.message ?? 'The pod ended before a container was started.'];
  return ['EssentialContainerExited', exitReason];
}
