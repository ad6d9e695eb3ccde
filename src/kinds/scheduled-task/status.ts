import type {Resource} from '../../schema/object.ts';
import {ScheduleFault} from '../../translate/cron-fields.ts';
import {isRefused, summaryOf, type Note} from '../../translate/note.ts';
import {notesShown} from '../../translate/note-schema.ts';
import {targetOf} from '../../translate/schedule-target.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {endOf} from './history.ts';
import type {Observed} from './observed.ts';
import {scheduleOf} from './plan.ts';
import type {ScheduledTaskSpec, ScheduledTaskStatus} from './schema.ts';
import {lastOf, ownTasks, sinceOf, timesOf} from './times.ts';

/** When it ran and will run. Where nothing could be read the status stays as it was. */
export function status(resource: Resource<ScheduledTaskSpec>, observed: Observed | undefined, _outcome: Outcome, now: Date): Report {
  const before = (resource.status ?? {}) as ScheduledTaskStatus & {conditions?: unknown; observedGeneration?: unknown};
  const {conditions: _, observedGeneration: __, nextRunTime: ___, ...kept} = before;
  const {notes, deadlineSeconds} = targetOf(resource.spec);
  const noted = {noteCount: notes.length, notes: notes.slice(0, notesShown)};
  if (observed === undefined) return {fields: {...before, ...noted}, conditions: [translated(notes)]};
  const {schedule: key, since} = sinceOf(resource, now);
  const last = lastOf(resource, observed);
  const schedule = scheduleOf(resource.spec);
  const isOn = resource.spec.state === 'ENABLED' && !(schedule instanceof ScheduleFault);
  const next = isOn ? timesOf(resource, observed, schedule, deadlineSeconds, now).next : undefined;
  const fields: ScheduledTaskStatus = {
    ...kept,
    ...noted,
    schedule: key,
    scheduledSince: text(since),
    activeCount: ownTasks(resource, observed.tasks).filter((task) => endOf(task) === 'active').length,
    ...(next === undefined ? {} : {nextRunTime: text(next)}),
    ...(last === undefined ? {} : {lastRunTime: text(last.time), lastTask: last.task}),
  };
  return {fields, conditions: [translated(notes)]};
}

function text(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

function translated(notes: readonly Note[]): ConditionClaim {
  const refused = notes.filter(isRefused);
  if (refused.length > 0) return {type: 'Translated', status: 'False', reason: 'InvalidTarget', message: summaryOf(refused)};
  const message =
    notes.length === 0 ? 'Every field is honoured.' : `${notes.length} fields are approximated or ignored; status.notes says how.`;
  return {type: 'Translated', status: 'True', reason: 'Translated', message};
}
