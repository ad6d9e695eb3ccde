import type {Resource} from '../../schema/object.ts';
import {taskDefinitionAnnotation} from '../../translate/deployment.ts';
import {isRefused, summaryOf, type Note} from '../../translate/note.ts';
import {notesShown} from '../../translate/note-schema.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {wantedOf} from './manifest.ts';
import type {Observed} from './observed.ts';
import {hasRun} from './plan.ts';
import type {TaskSpec, TaskState, TaskStatus} from './schema.ts';
import {hasSucceeded, overallStatus, sentence, telling} from './task-outcome.ts';
import {taskStates} from './task-states.ts';

/** The task as `describe-tasks` shows it. Where nothing could be read the status stays as it was. */
export function status(resource: Resource<TaskSpec>, observed: Observed | undefined, _outcome: Outcome, now: Date): Report {
  const before = (resource.status ?? {}) as TaskStatus & {conditions?: readonly ConditionClaim[]; observedGeneration?: unknown};
  const {conditions = [], observedGeneration: _, ...kept} = before;
  const translatedBefore = conditions.filter(({type}) => type === 'Translated');
  if (observed === undefined) return {fields: kept, conditions: [...translatedBefore, ...succeeded(kept.tasks)]};
  const notes = observed.revision === undefined ? undefined : wantedOf(resource, observed.revision).notes;
  const noted = notes === undefined ? {} : {noteCount: notes.length, notes: notes.slice(0, notesShown)};
  const claims = notes === undefined ? translatedBefore : [translated(notes)];
  if (!hasRun(resource, observed)) return {fields: {...kept, ...noted}, conditions: claims};
  const tasks = taskStates(resource, observed, now);
  return {fields: {...kept, ...noted, ...ranFields(resource, observed, tasks, now)}, conditions: [...claims, ...succeeded(tasks)]};
}

function ranFields(resource: Resource<TaskSpec>, {job}: Observed, tasks: TaskState[], now: Date): TaskStatus {
  const before = (resource.status ?? {}) as TaskStatus;
  const ours = job !== undefined && isOwnedBy(job, resource) ? job : undefined;
  const lastStatus = overallStatus(tasks);
  const told = telling(tasks);
  const count = (...of: readonly TaskState['lastStatus'][]): number => tasks.filter((task) => of.includes(task.lastStatus)).length;
  const startedAt = tasks.flatMap((task) => task.startedAt ?? []).toSorted()[0];
  const stoppedAt =
    told === undefined
      ? undefined
      : tasks
          .flatMap((task) => task.stoppedAt ?? [])
          .toSorted()
          .at(-1);
  const {metadata} = ours ?? {};
  const isStopping = resource.spec.stop || lastStatus === 'STOPPING' || lastStatus === 'STOPPED';
  return {
    ...(metadata && {job: metadata.name, taskDefinition: metadata.annotations?.[taskDefinitionAnnotation] ?? ''}),
    createdAt: before.createdAt ?? metadata?.creationTimestamp ?? `${now.toISOString().slice(0, 19)}Z`,
    lastStatus,
    desiredStatus: isStopping ? 'STOPPED' : 'RUNNING',
    ...(told && pick(told)),
    ...(startedAt === undefined ? {} : {startedAt}),
    ...(stoppedAt === undefined ? {} : {stoppedAt}),
    pendingCount: count('PROVISIONING', 'PENDING'),
    runningCount: count('RUNNING', 'STOPPING'),
    stoppedCount: count('STOPPED'),
    tasks,
  };
}

function pick({stopCode, stoppedReason, exitCode}: TaskState): Pick<TaskStatus, 'stopCode' | 'stoppedReason' | 'exitCode'> {
  return {
    ...(stopCode === undefined ? {} : {stopCode}),
    ...(stoppedReason === undefined ? {} : {stoppedReason}),
    ...(exitCode === undefined ? {} : {exitCode}),
  };
}

/** Only said of a task that has stopped. Beside Ready: a task that was stopped as it was asked to is ready, and has not succeeded. */
function succeeded(tasks: readonly TaskState[] | undefined): readonly ConditionClaim[] {
  const told = tasks === undefined || tasks.length === 0 ? undefined : telling(tasks);
  if (told === undefined || tasks === undefined) return [];
  const message = sentence(told, tasks);
  if (hasSucceeded(told)) return [{type: 'Succeeded', status: 'True', reason: 'Succeeded', message, aside: true}];
  return [{type: 'Succeeded', status: 'False', reason: told.stopCode ?? 'TaskFailed', message, aside: true}];
}

function translated(notes: readonly Note[]): ConditionClaim {
  const refused = notes.filter(isRefused);
  if (refused.length > 0) return {type: 'Translated', status: 'False', reason: 'NotTranslatable', message: summaryOf(refused)};
  const message =
    notes.length === 0 ? 'Every field is honoured.' : `${notes.length} fields are approximated or ignored; status.notes says how.`;
  return {type: 'Translated', status: 'True', reason: 'Translated', message};
}
