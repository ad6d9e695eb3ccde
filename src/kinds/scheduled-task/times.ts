import type {KubeObject, Resource} from '../../schema/object.ts';
import {fingerprint} from '../../translate/fingerprint.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import {newestDue, nextTime, type Schedule} from '../../translate/schedule.ts';
import type {Observed} from './observed.ts';
import type {ScheduledTaskSpec, ScheduledTaskStatus} from './schema.ts';
import {scheduledAt} from './task-manifest.ts';

/** What the status remembers of the schedule: which it is, and since when it counts. */
export interface Since {
  readonly schedule: string;
  readonly since: Date;
  /** The status does not have it yet, and must before anything is run: a rate counts from then. */
  readonly isNew: boolean;
}

/**
 * Since when the schedule counts: since the object was made, or since the schedule was changed or enabled again. What was due before
 * is nobody's to make up for.
 */
export function sinceOf({metadata, spec, status}: Resource<ScheduledTaskSpec>, now: Date): Since {
  const {scheduleExpression, scheduleExpressionTimezone, startDate = '', state} = spec;
  const schedule = fingerprint([scheduleExpression, scheduleExpressionTimezone, startDate, state].join('\n'));
  const known = (status ?? {}) as ScheduledTaskStatus;
  if (known.schedule === undefined) return {schedule, since: new Date(metadata.creationTimestamp ?? now), isNew: false};
  if (known.schedule === schedule) return {schedule, since: new Date(known.scheduledSince ?? now), isNew: false};
  return {schedule, since: now, isNew: true};
}

/** The newest time for which a Task was made, by the status or by the Tasks that are there. */
export function lastOf(resource: Resource<ScheduledTaskSpec>, {tasks}: Observed): {time: Date; task: string} | undefined {
  const {lastRunTime, lastTask = ''} = (resource.status ?? {}) as ScheduledTaskStatus;
  const known = lastRunTime === undefined ? [] : [{time: new Date(lastRunTime), task: lastTask}];
  const made = ownTasks(resource, tasks).flatMap((task) => {
    const time = scheduledAt(task);
    return time === undefined ? [] : [{time, task: task.metadata.name}];
  });
  return [...known, ...made].toSorted((a, b) => a.time.getTime() - b.time.getTime()).at(-1);
}

export function ownTasks(resource: Resource<ScheduledTaskSpec>, tasks: readonly KubeObject[]): readonly KubeObject[] {
  return tasks.filter((task) => isOwnedBy(task, resource));
}

export interface Times {
  /** For which a Task is to be made now. */
  readonly due?: Date;
  /** Nothing is due before the status has the schedule. */
  readonly isNew?: true;
  readonly next?: Date;
}

/** What is due, of several times the newest, and what will be. */
export function timesOf(
  resource: Resource<ScheduledTaskSpec>,
  observed: Observed,
  schedule: Schedule,
  deadlineSeconds: number,
  now: Date,
): Times {
  const {since, isNew} = sinceOf(resource, now);
  const {startDate, endDate} = resource.spec;
  const isOnce = schedule.is === 'at';
  const start = latest(since, isOnce || startDate === undefined ? since : new Date(startDate));
  const end = isOnce || endDate === undefined ? undefined : new Date(endDate);
  // A rate is due when it begins; a time of day that is now is due if it had not passed before.
  const from = schedule.is === 'rate' ? new Date(since.getTime() - 1) : since;
  const after = latest(from, endOfMinute(lastOf(resource, observed)?.time) ?? from, new Date(now.getTime() - deadlineSeconds * 1000));
  const until = end !== undefined && end < now ? end : now;
  const due = newestDue(schedule, after, until, start);
  const next = nextTime(schedule, now, start);
  return {
    ...(isNew || due === undefined || due <= after ? {} : {due}),
    ...(isNew ? {isNew: true as const} : {}),
    ...(next === undefined || (end !== undefined && next > end) ? {} : {next}),
  };
}

/** A minute has one Task, also where the schedule was changed in it. */
function endOfMinute(time: Date | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(Math.floor(time.getTime() / 60_000) * 60_000 + 59_999);
}

function latest(...times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}
