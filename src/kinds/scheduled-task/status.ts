import type {Resource} from '../../schema/object.ts';
import {ScheduleFault} from '../../translate/cron-fields.ts';
import {notesShown} from '../../translate/note-schema.ts';
import {translatedClaim} from '../../translate/translated-claim.ts';
import {targetOf} from '../../translate/schedule-target.ts';
import type {Report} from '../kind.ts';
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
  if (observed === undefined) return {fields: {...before, ...noted}, conditions: [translatedClaim(notes, () => 'InvalidTarget')]};
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
  return {fields, conditions: [translatedClaim(notes, () => 'InvalidTarget')]};
}

function text(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
