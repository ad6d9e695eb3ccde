import type {KubeObject, Resource} from '../../schema/object.ts';
import {ScheduleFault} from '../../translate/cron-fields.ts';
import {isRefused, summaryOf} from '../../translate/note.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import {parseSchedule, type Schedule} from '../../translate/schedule.ts';
import {targetOf} from '../../translate/schedule-target.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {beyondHistory} from './history.ts';
import type {Observed} from './observed.ts';
import type {ScheduledTaskSpec} from './schema.ts';
import {taskManifest, taskName} from './task-manifest.ts';
import {ownTasks, timesOf} from './times.ts';

export type ScheduledTaskStep =
  | {readonly is: 'create'; readonly call: 'CreateTask'; readonly why: string; readonly task: KubeObject}
  | {readonly is: 'delete'; readonly call: 'DeleteTask'; readonly why: string; readonly task: KubeObject};

/** A Task for the time that is due, and none beyond the history. */
export function plan(resource: Resource<ScheduledTaskSpec>, observed: Observed, now: Date): Plan<ScheduledTaskStep> {
  if (resource.metadata.deletionTimestamp !== undefined) {
    return {steps: [], then: {is: 'settled', reason: 'Deleting', message: 'Kubernetes removes the tasks together with the object.'}};
  }
  const prunes = pruneSteps(resource, observed);
  if (resource.spec.state === 'DISABLED') {
    return {steps: prunes, then: {is: 'settled', reason: 'Disabled', message: 'spec.state is DISABLED: no task is made.'}};
  }
  const schedule = scheduleOf(resource.spec);
  if (schedule instanceof ScheduleFault)
    return {steps: prunes, then: {is: 'stalled', reason: 'InvalidSchedule', message: schedule.message}};
  const {run, deadlineSeconds, notes} = targetOf(resource.spec);
  if (run === undefined)
    return {steps: prunes, then: {is: 'stalled', reason: 'InvalidTarget', message: summaryOf(notes.filter(isRefused))}};
  const {due, next, isNew} = timesOf(resource, observed, schedule, deadlineSeconds, now);
  if (due !== undefined) {
    const name = taskName(resource.metadata.name, due);
    const there = observed.tasks.find((task) => task.metadata.name === name);
    if (there !== undefined && !isOwnedBy(there, resource)) return {steps: prunes, then: notOwned(name, next, now)};
    const task = taskManifest(resource, run, due);
    const why = `run the task of ${due.toISOString().slice(0, 16)}Z`;
    const then: Outcome = {is: 'waiting', reason: 'Creating', message: `The Task ${name} has been made.`, seconds: 1};
    return {steps: [{is: 'create', call: 'CreateTask', why, task}, ...prunes], then};
  }
  if (isNew) {
    return {steps: prunes, then: {is: 'waiting', reason: 'Changed', message: 'The schedule is new and counts from now on.', seconds: 1}};
  }
  return {steps: prunes, then: scheduled(next, now)};
}

/** What the expression means; the fault where it means nothing. */
export function scheduleOf({scheduleExpression, scheduleExpressionTimezone}: ScheduledTaskSpec): Schedule | ScheduleFault {
  try {
    return parseSchedule(scheduleExpression, scheduleExpressionTimezone);
  } catch (error) {
    if (error instanceof ScheduleFault) return error;
    throw error;
  }
}

/** Longer than that no timer is trusted: a clock may be set, or a machine sleep. */
const longestSeconds = 3600;

function scheduled(next: Date | undefined, now: Date): Outcome {
  if (next === undefined) return {is: 'settled', reason: 'Completed', message: 'No further time is due.'};
  const message = `The next task is made at ${next.toISOString().slice(0, 19)}Z.`;
  return {is: 'settled', reason: 'Scheduled', message, seconds: secondsUntil(next, now)};
}

function notOwned(name: string, next: Date | undefined, now: Date): Outcome {
  const message = `The Task ${name} exists and was not made by this object; delete it to have that time run.`;
  return {is: 'stalled', reason: 'TaskNotOwned', message, ...(next === undefined ? {} : {seconds: secondsUntil(next, now)})};
}

function secondsUntil(next: Date, now: Date): number {
  return Math.min(longestSeconds, Math.max(1, Math.ceil((next.getTime() - now.getTime()) / 1000)));
}

function pruneSteps(resource: Resource<ScheduledTaskSpec>, {tasks}: Observed): readonly ScheduledTaskStep[] {
  return beyondHistory(ownTasks(resource, tasks), resource.spec).map((task) => ({
    is: 'delete',
    call: 'DeleteTask',
    why: `delete the Task ${task.metadata.name}: more than the history keeps`,
    task,
  }));
}
