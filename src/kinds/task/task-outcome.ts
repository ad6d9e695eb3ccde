import type {KubeObject, Resource} from '../../schema/object.ts';
import type {Outcome} from '../outcome.ts';
import type {Observed} from './observed.ts';
import {hasEnded, seen} from './pod-status.ts';
import type {TaskSpec, TaskState} from './schema.ts';
import {secondsToTry} from './stop-pod.ts';
import {cut, troubleOf} from './start-trouble.ts';

export type LastStatus = TaskState['lastStatus'];

const furthest: readonly LastStatus[] = ['RUNNING', 'PENDING', 'PROVISIONING', 'STOPPING'];

/** Where several tasks are together: running as long as one is. */
export function overallStatus(states: readonly TaskState[]): LastStatus {
  return furthest.find((status) => states.some(({lastStatus}) => lastStatus === status)) ?? 'STOPPED';
}

/** The task that tells for all: the first that did not succeed, else the first. Undefined until all have stopped. */
export function telling(states: readonly TaskState[]): TaskState | undefined {
  if (overallStatus(states) !== 'STOPPED') return undefined;
  return states.find((state) => !hasSucceeded(state)) ?? states[0];
}

export function hasSucceeded({stopCode, exitCode}: TaskState): boolean {
  return stopCode === 'EssentialContainerExited' && exitCode === 0;
}

/** What has become of the task; a task that did not succeed is the user's to look at. */
export function outcomeOf(resource: Resource<TaskSpec>, observed: Observed, states: readonly TaskState[], now: Date): Outcome {
  const told = telling(states);
  if (told === undefined) return under(overallStatus(states), observed, states, now);
  if (hasSucceeded(told)) return {is: 'settled', reason: 'Succeeded', message: sentence(told, states)};
  if (resource.spec.stop && told.stopCode === 'UserInitiated') {
    return {is: 'settled', reason: 'Stopped', message: told.stoppedReason ?? 'Task stopped by user'};
  }
  return {is: 'stalled', reason: 'TaskFailed', message: sentence(told, states)};
}

/** `UserInitiated: Task stopped by user`, or what a container exited with. */
export function sentence({stopCode, stoppedReason, exitCode, index}: TaskState, states: readonly TaskState[]): string {
  const which = states.length === 1 ? '' : `Task ${index} of ${states.length}: `;
  const code = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
  return `${which}${stopCode ?? 'STOPPED'}: ${stoppedReason ?? 'Task stopped'}${code}`;
}

const reasons = {RUNNING: 'Running', PENDING: 'Pending', PROVISIONING: 'Provisioning', STOPPING: 'Stopping', STOPPED: 'Stopping'} as const;
const longest = 300;

function under(status: LastStatus, {job, pods}: Observed, states: readonly TaskState[], now: Date): Outcome {
  const living = pods.map((pod) => seen(pod)).filter((one) => !hasEnded(one));
  const isEmpty = pods.length === 0;
  const waits = living.filter((one) => troubleOf(one) !== undefined).map((one) => secondsToTry(one, now));
  const trouble = living.map(troubleOf).find((text) => text !== undefined) ?? unscheduled(pods) ?? withoutPods(job, pods, now);
  const counts = states.length === 1 ? '' : ` ${states.filter(({lastStatus}) => lastStatus === 'RUNNING').length} of ${states.length} run.`;
  const message = `The task is ${status}.${counts}${trouble === undefined ? '' : ` ${cut(trouble).slice(0, longest)}`}`;
  return {is: 'waiting', reason: reasons[status], message, seconds: Math.max(1, Math.min(isEmpty ? podsSeconds : 300, ...waits))};
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

function unscheduled(pods: readonly KubeObject[]): string | undefined {
  const messages = pods.map(({status}) => {
    const {conditions = []} = (status ?? {}) as {conditions?: readonly Condition[]};
    return conditions.find(({type, status: is}) => type === 'PodScheduled' && is === 'False')?.message;
  });
  return messages.find((message) => message !== undefined);
}

/** Seconds that the Job controller usually needs far less than. */
const podsSeconds = 15;

/** A Job says nothing of pods that it may not make, such as those beyond a quota; its Events do. */
function withoutPods(job: KubeObject | undefined, pods: readonly KubeObject[], now: Date): string | undefined {
  if (job === undefined || pods.length > 0) return undefined;
  const seconds = (now.getTime() - Date.parse(job.metadata.creationTimestamp ?? '')) / 1000;
  return seconds > podsSeconds ? `Its Job has made no pod; see why with: kubectl describe job ${job.metadata.name}` : undefined;
}
