import type {KubeObject, Resource} from '../../schema/object.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import type {Plan} from '../kind.ts';
import {leftBehind} from '../made-objects/owner.ts';
import type {Outcome} from '../outcome.ts';
import type {Observed} from './observed.ts';
import {toRun} from './plan-run.ts';
import type {TaskStep} from './step.ts';
import {outcomeOf} from './task-outcome.ts';
import type {TaskSpec, TaskStatus} from './schema.ts';
import {seen} from './pod-status.ts';
import {stopOf, stopPatch} from './stop-pod.ts';
import {taskStates} from './task-states.ts';

const deleting: Outcome = {is: 'settled', reason: 'Deleting', message: 'Kubernetes removes the Job together with the object.'};

/** Runs the task once; stops what has to stop; forgets it when its time is over. */
export function plan(resource: Resource<TaskSpec>, observed: Observed, now: Date): Plan<TaskStep> {
  if (resource.metadata.deletionTimestamp !== undefined) {
    return {steps: undoSteps(resource, observed), then: deleting};
  }
  if (observed.isGone) return nothing({is: 'settled', reason: 'Expired', message: 'The object is being deleted.'});
  const {job} = observed;
  if (!hasRun(resource, observed)) return job === undefined ? toRun(resource, observed) : nothing(notOwned(job));
  const stops = stopSteps(resource, observed, now);
  const states = taskStates(resource, observed, now);
  const outcome = outcomeOf(resource, observed, states, now);
  if (stops.length > 0) return {steps: stops, then: outcome};
  const stoppedAt = states
    .flatMap((state) => state.stoppedAt ?? [])
    .toSorted()
    .at(-1);
  return expiry(resource, stoppedAt, outcome, now);
}

/** Whether it was run, by the status or by its Job; or never will be. */
export function hasRun(resource: Resource<TaskSpec>, {job}: Pick<Observed, 'job'>): boolean {
  const {createdAt} = (resource.status ?? {}) as TaskStatus;
  return createdAt !== undefined || (job === undefined ? resource.spec.stop : isOwnedBy(job, resource));
}

/** Kubernetes removes what the task owns; what no object in a namespace can own is removed before. */
function undoSteps(resource: Resource<TaskSpec>, {remembered = []}: Observed): readonly TaskStep[] {
  return leftBehind(resource, remembered).map((object) => ({
    is: 'delete',
    call: `Delete${object.kind}`,
    why: `delete the ${object.kind} ${object.metadata.name}: its task is deleted`,
    object,
  }));
}

function stopSteps(resource: Resource<TaskSpec>, {job, pods}: Observed, now: Date): readonly TaskStep[] {
  const steps = pods.flatMap((pod): readonly TaskStep[] => {
    const stop = stopOf(pod, resource.spec, now);
    if (stop === undefined) return [];
    const why = `stop ${pod.metadata.name}: ${stop.reason}`;
    if (seen(pod).spec.nodeName === undefined) return [{is: 'remove', call: 'StopTask', why, pod}];
    return [{is: 'stop', call: 'StopTask', why, pod, patch: stopPatch(stop)}];
  });
  const isWithoutPods = resource.spec.stop && pods.length === 0 && job !== undefined && !isOver(job);
  return isWithoutPods ? [{is: 'suspend', call: 'StopTask', why: 'make no pods: the task is stopped', job}] : steps;
}

function isOver(job: KubeObject): boolean {
  const {suspend} = (job['spec'] ?? {}) as {suspend?: boolean};
  const {completionTime, conditions = []} = (job['status'] ?? {}) as {
    completionTime?: string;
    conditions?: readonly {type: string; status: string}[];
  };
  return suspend === true || completionTime !== undefined || conditions.some(({type, status}) => type === 'Failed' && status === 'True');
}

function expiry(resource: Resource<TaskSpec>, stoppedAt: string | undefined, outcome: Outcome, now: Date): Plan<TaskStep> {
  const {ttlSecondsAfterStopped} = resource.spec;
  if (ttlSecondsAfterStopped === undefined || stoppedAt === undefined || outcome.is === 'waiting') return nothing(outcome);
  const seconds = Math.ceil((Date.parse(stoppedAt) - now.getTime()) / 1000) + ttlSecondsAfterStopped;
  if (seconds > 0) return nothing({...outcome, seconds});
  const why = `delete the object: it stopped ${ttlSecondsAfterStopped} seconds ago`;
  return {steps: [{is: 'expire', call: 'DeleteTask', why, task: resource}], then: outcome};
}

function notOwned({metadata: {name}}: KubeObject): Outcome {
  const message = `The Job ${name} exists and was not made by this object; delete it, or give the Task another name.`;
  // A Job that is not ours sends no event when it goes.
  return {is: 'stalled', reason: 'JobNotOwned', message, seconds: 60};
}

function nothing(then: Outcome): Plan<TaskStep> {
  return {steps: [], then};
}
