import type {Resource} from '../../schema/object.ts';
import {normalizeTaskDefinition} from '../../translate/normalize.ts';
import {notesShown} from '../../translate/note-schema.ts';
import {translatedClaim} from '../../translate/translated-claim.ts';
import {settingsIn} from '../cluster-ref.ts';
import type {Report} from '../kind.ts';
import {notesOf} from './notes.ts';
import type {Observed} from './observe.ts';
import {currentRevision} from './plan.ts';
import type {TaskDefinitionSpec, TaskDefinitionStatus} from './schema.ts';

/** The revision that equals the spec, and the notes on it. Where the spec is invalid the last good revision stays. */
export function status(resource: Resource<TaskDefinitionSpec>, observed: Observed | undefined): Report {
  const before = (resource.status ?? {}) as TaskDefinitionStatus;
  const notes = notesOf(resource, settingsIn(observed?.cluster));
  const fields = {...kept(before), noteCount: notes.length, notes: notes.slice(0, notesShown)};
  return {fields: {...fields, ...registered(resource, observed, before)}, conditions: [translatedClaim(notes)]};
}

function registered(
  resource: Resource<TaskDefinitionSpec>,
  observed: Observed | undefined,
  before: TaskDefinitionStatus,
): Partial<TaskDefinitionStatus> {
  const {service: _, ...definition} = resource.spec;
  const {value} = normalizeTaskDefinition(definition);
  if (observed === undefined || value === undefined) return {};
  const current = currentRevision(observed, value);
  if (current === undefined) return {};
  const revision = Number(current.revision);
  const {family} = value;
  const latestRevision = before.family === family ? Math.max(revision, before.latestRevision ?? 0) : revision;
  return {family, revision, latestRevision, taskDefinition: `${family}:${revision}`};
}

function kept({family, revision, latestRevision, taskDefinition}: TaskDefinitionStatus): Partial<TaskDefinitionStatus> {
  return {
    ...(family === undefined ? {} : {family}),
    ...(revision === undefined ? {} : {revision}),
    ...(latestRevision === undefined ? {} : {latestRevision}),
    ...(taskDefinition === undefined ? {} : {taskDefinition}),
  };
}
