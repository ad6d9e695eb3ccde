import type {Resource} from '../../schema/object.ts';
import {taskDefinitionAnnotation} from '../../translate/deployment.ts';
import {refusal} from '../../translate/note.ts';
import {notesShown} from '../../translate/note-schema.ts';
import {translatedClaim} from '../../translate/translated-claim.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import {settingsIn} from '../cluster-ref.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import {nextInventory} from '../made-objects/inventory.ts';
import {resolvedClaim} from '../needed-secrets/claim.ts';
import {noSecrets} from '../needed-secrets/observed.ts';
import type {Outcome} from '../outcome.ts';
import {recordedIn} from '../pinned-images/record.ts';
import {asWritten, shownPins} from '../pinned-images/shown.ts';
import {demandOf} from './demand.ts';
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
  const claimed = conditions.filter(({type}) => type === 'Translated' || type === 'Resolved');
  if (observed === undefined) return {fields: kept, conditions: [...claimed, ...succeeded(kept.tasks)]};
  const {objects: __, images: ___, ...others} = kept;
  const made = translation(resource, observed);
  const shown = made === undefined ? kept : {...others, ...made.fields};
  const claims = made?.conditions ?? claimed;
  if (!hasRun(resource, observed)) return {fields: shown, conditions: claims};
  const tasks = taskStates(resource, observed, now).map((task) => asDefined(task, shown.images));
  return {fields: {...shown, ...ranFields(resource, observed, tasks, now)}, conditions: [...claims, ...succeeded(tasks)]};
}

/** Images as the task definition has them, and not as the pod. */
function asDefined({containers, ...task}: TaskState, images: TaskStatus['images']): TaskState {
  if (containers === undefined) return task;
  return {
    ...task,
    containers: containers.map(({image, ...one}) => ({...one, ...(image === undefined ? {} : {image: asWritten(image, images)})})),
  };
}

/** What becomes of the definition, for as long as the status does not say that the task was run; from then on it stays as it was. */
function translation(resource: Resource<TaskSpec>, observed: Observed): Report | undefined {
  const {revision, cluster, start, job, remembered = []} = observed;
  if (revision === undefined || (cluster !== undefined && cluster.is !== 'ready')) return undefined;
  const settings = settingsIn(cluster);
  const images = recordedIn(job, resource.metadata.uid ?? '') ?? start?.images;
  const wanted = wantedOf(resource, revision, settings, images);
  const {notes, beside} = wanted;
  const objects = nextInventory(resource, beside, remembered);
  const shown = shownPins(images ?? {});
  const fields = {
    noteCount: notes.length,
    notes: notes.slice(0, notesShown),
    ...(objects.length === 0 ? {} : {objects}),
    ...(shown.length === 0 ? {} : {images: shown}),
  };
  // A task that was run had all of its Secrets.
  const secrets = start?.secrets ?? (hasRun(resource, observed) ? noSecrets : undefined);
  const isResolvable = wanted.job !== undefined && secrets !== undefined;
  const resolved = isResolvable ? resolvedClaim(demandOf(resource, wanted, settings), secrets) : [];
  return {fields, conditions: [translatedClaim(notes, refusal), ...resolved]};
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
