import type {KubeObject, Resource} from '../../schema/object.ts';
import {deploymentLabel, taskDefinitionAnnotation} from '../../translate/deployment.ts';
import type {Course} from './course.ts';
import {nameOf} from './decide.ts';
import type {Observed} from './observe.ts';
import {isLive, isReadyPod} from './pods.ts';
import type {DeploymentState, ServiceStatus} from './schema.ts';
import {deploymentIdOf, replicasOf} from './slots.ts';

const mostShown = 5;

/** The deployments as `describe-services` shows them: the one in hand, those that still have pods, and the one that failed. */
export function deploymentsOf({status}: Resource, {pods}: Observed, course: Course): DeploymentState[] {
  const {decision, desired, taskDefinition} = course;
  const {rollout, failed, step} = decision;
  const known = ((status ?? {}) as ServiceStatus).deployments ?? [];
  const primary: DeploymentState = {
    id: nameOf(rollout.id),
    status: 'PRIMARY',
    taskDefinition,
    desiredCount: desired,
    ...countsOf(rollout.id, pods),
    failedTasks: rollout.failedTasks,
    rolloutState: rollout.state,
    rolloutStateReason: rollout.reason,
    ...(step === undefined ? {} : {lifecycleStage: step.stage}),
    createdAt: rollout.createdAt,
    updatedAt: rollout.updatedAt,
  };
  const others = [...new Set(pods.filter(isLive).map(idOfPod))]
    .filter((id) => id !== undefined && id !== rollout.id && id !== failed?.id)
    .toSorted((a = '', b = '') => (a < b ? -1 : 1))
    .map((id) => activeOf(id ?? '', pods, course, known));
  const lost = failed === undefined ? [] : [failedOf(failed, pods)];
  return [primary, ...others, ...lost].slice(0, mostShown);
}

function failedOf(failed: NonNullable<Course['decision']['failed']>, pods: readonly KubeObject[]): DeploymentState {
  const counts = countsOf(failed.id, pods);
  return {
    id: nameOf(failed.id),
    status: counts.runningCount + counts.pendingCount > 0 ? 'ACTIVE' : 'INACTIVE',
    taskDefinition: failed.taskDefinition,
    desiredCount: 0,
    ...counts,
    failedTasks: failed.failedTasks,
    rolloutState: 'FAILED',
    rolloutStateReason: failed.reason,
    createdAt: failed.createdAt,
    updatedAt: failed.updatedAt,
  };
}

/** One that is being replaced. What it was told of when it was the newest stays. */
function activeOf(id: string, pods: readonly KubeObject[], {there}: Course, known: readonly DeploymentState[]): DeploymentState {
  const workload = there.find((one) => deploymentIdOf(one) === id);
  const before = known.find((one) => one.id === nameOf(id));
  const taskDefinition = before?.taskDefinition ?? workload?.metadata.annotations?.[taskDefinitionAnnotation];
  const {lifecycleStage: _, ...kept} = before ?? {};
  return {
    ...kept,
    id: nameOf(id),
    status: 'ACTIVE',
    ...(taskDefinition === undefined ? {} : {taskDefinition}),
    desiredCount: workload === undefined ? 0 : replicasOf(workload),
    ...countsOf(id, pods),
  };
}

export interface Counts {
  readonly runningCount: number;
  readonly pendingCount: number;
}

/** Pods of a deployment that are ready, and those that are not; of all deployments where none is named. */
export function countsOf(id: string | undefined, pods: readonly KubeObject[]): Counts {
  const live = pods.filter((pod) => isLive(pod) && (id === undefined || idOfPod(pod) === id));
  const runningCount = live.filter(isReadyPod).length;
  return {runningCount, pendingCount: live.length - runningCount};
}

export function idOfPod({metadata}: KubeObject): string | undefined {
  return metadata.labels?.[deploymentLabel];
}
