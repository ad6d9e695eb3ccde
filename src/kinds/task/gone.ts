import type {KubeObject} from '../../schema/object.ts';
import type {TaskSpec, TaskState} from './schema.ts';

/** A task of which there is no pod: it is still to be made, or has been and is gone. */
export function goneState(index: number, known: TaskState | undefined, job: KubeObject | undefined, spec: TaskSpec, now: Date): TaskState {
  const end = job === undefined ? 'gone' : endOf(job, index);
  if (known?.pod === undefined && end === undefined && !isSuspended(job)) return {...known, index, lastStatus: 'PROVISIONING'};
  const stoppedAt = `${now.toISOString().slice(0, 19)}Z`;
  const unknown = {...known, index, lastStatus: 'STOPPED' as const, stoppedAt};
  if (known?.stopCode !== undefined) return unknown;
  if (spec.stop) return {...unknown, stopCode: 'UserInitiated', stoppedReason: spec.stopReason ?? 'Task stopped by user'};
  if (end === 'succeeded') {
    return {...unknown, stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited', exitCode: 0};
  }
  const what = end === 'gone' ? 'The Job was deleted.' : 'The pod was deleted before its exit code was seen.';
  return {...unknown, stopCode: 'UserInitiated', stoppedReason: what};
}

function isSuspended(job: KubeObject | undefined): boolean {
  return (job?.['spec'] as {suspend?: boolean} | undefined)?.suspend === true;
}

function endOf(job: KubeObject, index: number): 'succeeded' | 'failed' | undefined {
  const {completedIndexes = '', failedIndexes = ''} = (job['status'] ?? {}) as {completedIndexes?: string; failedIndexes?: string};
  if (isIn(completedIndexes, index)) return 'succeeded';
  return isIn(failedIndexes, index) ? 'failed' : undefined;
}

/** Whether a number is in `0,2-4`. */
function isIn(ranges: string, index: number): boolean {
  return ranges
    .split(',')
    .filter((range) => range !== '')
    .some((range) => {
      const [from = '', to = from] = range.split('-');
      return Number(from) <= index && index <= Number(to);
    });
}
