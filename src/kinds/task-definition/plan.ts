import type {KubeObject, Resource} from '../../schema/object.ts';
import {driftIn} from '../../translate/drift.ts';
import type {TaskDefinition} from '../../translate/ecs.ts';
import {canonical} from '../../translate/fingerprint.ts';
import {normalizeService, normalizeTaskDefinition} from '../../translate/normalize.ts';
import {isRefused, refusal, summaryOf} from '../../translate/note.ts';
import {isOwnedBy, revisionManifest} from '../../translate/revision.ts';
import {settingsIn} from '../cluster-ref.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import type {Observed} from './observe.ts';
import type {TaskDefinitionSpec, TaskDefinitionStatus} from './schema.ts';
import {serviceManifest} from './service-manifest.ts';
import {notesOf} from './notes.ts';

export type TaskDefinitionStep =
  | {readonly call: 'RegisterTaskDefinition' | 'ApplyService'; readonly why: string; readonly manifest: KubeObject}
  | {readonly call: 'DeleteService'; readonly why: string; readonly service: KubeObject};

/** The revision that equals the spec, and the Service if the spec has one. */
export function plan(resource: Resource<TaskDefinitionSpec>, observed: Observed): Plan<TaskDefinitionStep> {
  if (resource.metadata.deletionTimestamp !== undefined) {
    return planned([], {is: 'settled', reason: 'Deleting', message: 'Kubernetes removes the revisions and the Service.'});
  }
  const {service = {}, ...definition} = resource.spec;
  const {value, notes} = normalizeTaskDefinition(definition);
  const wrong = [...notes, ...normalizeService(service).notes].filter(isRefused);
  if (value === undefined || wrong.length > 0) return stalled('InvalidTaskDefinition', summaryOf(wrong));
  const taken = observed.revisions.find((revision) => !isOwnedBy(revision, resource));
  if (taken !== undefined) return stalled('FamilyTaken', familyTaken(value.family, taken));
  const register = registerSteps(resource, observed, value);
  const serve = serviceSteps(resource, observed, value.family);
  if ('is' in serve) return planned(register, serve);
  return planned([...register, ...serve], outcome(resource, observed, serve));
}

/** The revision that equals the definition; undefined where the newest one differs, as ECS too makes a new one then. */
export function currentRevision(observed: Observed, definition: TaskDefinition): KubeObject | undefined {
  const newest = observed.revisions.at(-1);
  return newest !== undefined && canonical(newest.data) === canonical(definition) ? newest : undefined;
}

function registerSteps(
  resource: Resource<TaskDefinitionSpec>,
  observed: Observed,
  definition: TaskDefinition,
): readonly TaskDefinitionStep[] {
  if (currentRevision(observed, definition) !== undefined) return [];
  const {family, latestRevision = 0} = (resource.status ?? {}) as TaskDefinitionStatus;
  const highest = Math.max(Number(observed.revisions.at(-1)?.revision ?? 0), family === definition.family ? latestRevision : 0);
  const manifest = revisionManifest(definition, highest + 1, resource);
  return [{call: 'RegisterTaskDefinition', why: `register ${definition.family}:${highest + 1}`, manifest}];
}

function serviceSteps(resource: Resource<TaskDefinitionSpec>, observed: Observed, family: string): readonly TaskDefinitionStep[] | Outcome {
  const {service} = observed;
  const isOurs = service !== undefined && isOwnedBy(service, resource);
  const manifest = serviceManifest(resource, family);
  if (manifest === undefined) {
    return isOurs && service.metadata.deletionTimestamp === undefined
      ? [{call: 'DeleteService', why: 'delete the Service: spec.service was removed', service}]
      : [];
  }
  if (service !== undefined && !isOurs) {
    const message = `The Service ${service.metadata.name} exists and was not made by this object; delete it, or remove spec.service.`;
    return {is: 'stalled', reason: 'ServiceNotOwned', message};
  }
  if (service?.metadata.deletionTimestamp !== undefined) {
    return {is: 'waiting', reason: 'Registering', message: 'The Service is being deleted, and is made anew after that.', seconds: 30};
  }
  const drift = service === undefined ? 'it is missing' : driftOf(service, manifest);
  return drift === undefined ? [] : [{call: 'ApplyService', why: `apply the Service: ${drift}`, manifest}];
}

function driftOf(service: KubeObject, manifest: KubeObject): string | undefined {
  const appliedBefore = service.metadata.annotations?.[appliedKey];
  if (appliedBefore !== manifest.metadata.annotations?.[appliedKey]) return 'spec.service has changed';
  const drift = driftIn(service, manifest);
  return drift === undefined ? undefined : `${drift} was changed`;
}

const appliedKey = 'ecs.drayage.dev/applied';

function outcome(resource: Resource<TaskDefinitionSpec>, observed: Observed, serve: readonly TaskDefinitionStep[]): Outcome {
  const refused = notesOf(resource, settingsIn(observed.cluster)).filter(isRefused);
  if (refused.length > 0) return {is: 'stalled', reason: refusal(refused), message: summaryOf(refused)};
  if (resource.spec.service === undefined) {
    return {is: 'settled', reason: 'Registered', message: 'The revision is kept; nothing runs until a Service names the family.'};
  }
  if (serve.length > 0) return {is: 'waiting', reason: 'Registering', message: 'The Service has been applied.', seconds: 30};
  return fromService(observed.service);
}

function fromService(service: KubeObject | undefined): Outcome {
  const conditions = (service?.status as {conditions?: readonly {type: string; status: string; message?: string}[]} | undefined)
    ?.conditions;
  const ready = conditions?.find(({type}) => type === 'Ready');
  const message = ready?.message ?? 'The Service has not been looked at yet.';
  if (ready?.status === 'True') return {is: 'settled', reason: 'ServiceReady', message};
  return {is: 'waiting', reason: 'ServiceNotReady', message, seconds: 60};
}

function familyTaken(family: string, revision: KubeObject): string {
  const owner = revision.metadata.ownerReferences?.find(({controller}) => controller === true);
  const who = owner === undefined ? `the revision ${revision.metadata.name}` : `${owner.kind} ${owner.name}`;
  return `The family ${family} belongs to ${who}; give one of them another family, or delete it.`;
}

function stalled(reason: string, message: string): Plan<TaskDefinitionStep> {
  return planned([], {is: 'stalled', reason, message});
}

function planned(steps: readonly TaskDefinitionStep[], then: Outcome): Plan<TaskDefinitionStep> {
  return {steps, then};
}
