import type {KubeObject, Resource} from '../../schema/object.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import {containerStates} from './container-states.ts';
import {goneState} from './gone.ts';
import type {Observed} from './observed.ts';
import {hasEnded, seen} from './pod-status.ts';
import type {TaskSpec, TaskState, TaskStatus} from './schema.ts';
import {isBeingStopped} from './stop-pod.ts';
import {stopped} from './stopped.ts';

/**
 * Each task by its number: what its pod shows, else what is remembered of it. A task that has stopped stays as it was; one whose pod
 * is gone has stopped.
 */
export function taskStates(resource: Resource<TaskSpec>, {job, pods}: Observed, now: Date): TaskState[] {
  const {tasks: before = []} = (resource.status ?? {}) as TaskStatus;
  const ours = job !== undefined && isOwnedBy(job, resource) ? job : undefined;
  return Array.from({length: resource.spec.count}, (_, index) => {
    const known = before.find((task) => task.index === index);
    if (known?.lastStatus === 'STOPPED') return known;
    const pod = newest(pods.filter((one) => indexOf(one) === index));
    return pod === undefined ? goneState(index, known, ours, resource.spec, now) : stateOf(pod, index, known, now);
  });
}

const indexLabel = 'batch.kubernetes.io/job-completion-index';

function indexOf({metadata}: KubeObject): number {
  return Number(metadata.labels?.[indexLabel] ?? metadata.annotations?.[indexLabel] ?? Number.NaN);
}

function newest(pods: readonly KubeObject[]): KubeObject | undefined {
  return pods.toSorted((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1))[0];
}

function stateOf(pod: KubeObject, index: number, known: TaskState | undefined, now: Date): TaskState {
  const one = seen(pod);
  const containers = containerStates(one);
  const startedAt = startOf(one) ?? known?.startedAt;
  const shown = {index, pod: pod.metadata.name, ...(startedAt === undefined ? {} : {startedAt}), containers};
  if (hasEnded(one)) return {...shown, lastStatus: 'STOPPED', ...stopped(one, now)};
  if (isBeingStopped(one)) {
    const {stopCode, stoppedReason} = stopped(one, now);
    return {...shown, lastStatus: 'STOPPING', ...(stopCode && {stopCode}), ...(stoppedReason && {stoppedReason})};
  }
  if (one.status.phase === 'Running') return {...shown, lastStatus: 'RUNNING'};
  return {...shown, lastStatus: one.spec.nodeName === undefined ? 'PROVISIONING' : 'PENDING'};
}

/** When the last of the regular containers was started; undefined before that. */
function startOf({spec, regular}: ReturnType<typeof seen>): string | undefined {
  const starts = regular.flatMap(({state}) => (state?.running ?? state?.terminated)?.startedAt ?? []);
  return starts.length === 0 || starts.length < (spec.containers?.length ?? 0) ? undefined : starts.toSorted().at(-1);
}
