import type {KubeObject} from '../../schema/object.ts';
import type {ScheduledTaskSpec} from './schema.ts';
import {scheduledAt} from './task-manifest.ts';

type End = 'succeeded' | 'failed' | 'active';

/** How a Task has ended. One that could not be run at all counts as failed, or a wrong definition would fill the namespace. */
export function endOf(task: KubeObject): End {
  const {
    lastStatus,
    createdAt,
    conditions = [],
  } = (task['status'] ?? {}) as {
    lastStatus?: string;
    createdAt?: string;
    conditions?: readonly {type: string; status: string}[];
  };
  const isTrue = (type: string): boolean => conditions.some((condition) => condition.type === type && condition.status === 'True');
  if (lastStatus === 'STOPPED') return isTrue('Succeeded') ? 'succeeded' : 'failed';
  return createdAt === undefined && isTrue('Stalled') ? 'failed' : 'active';
}

/** The oldest Tasks beyond what is to be kept. */
export function beyondHistory(tasks: readonly KubeObject[], spec: ScheduledTaskSpec): readonly KubeObject[] {
  const oldest = (end: End, kept: number): readonly KubeObject[] =>
    tasks
      .filter((task) => endOf(task) === end && task.metadata.deletionTimestamp === undefined)
      .toSorted((a, b) => timeOf(b) - timeOf(a))
      .slice(kept);
  return [...oldest('succeeded', spec.successfulTasksHistoryLimit), ...oldest('failed', spec.failedTasksHistoryLimit)];
}

function timeOf(task: KubeObject): number {
  return scheduledAt(task)?.getTime() ?? 0;
}
