import {managedBy, managedByLabel} from '../schema/labels.ts';
import type {KubeObject, Metadata, OwnerReference} from '../schema/object.ts';
import {familyLabel} from './deployment.ts';
import type {TaskDefinition} from './ecs.ts';
import {labelName, labelValue} from './names.ts';

/** A revision of a task definition as a ControllerRevision keeps it: `family-N`, with the normalised definition as its data. */
export interface Revision {
  readonly family: string;
  readonly revision: number;
  readonly definition: TaskDefinition;
  /** The TaskDefinition that registered it. */
  readonly owner?: OwnerReference;
}

/** Which definition a service asks for. Without a revision it is the newest. */
export interface Reference {
  readonly family: string;
  readonly revision?: number;
}

export function revisionName(family: string, revision: number): string {
  return `${labelName(family)}-${revision}`;
}

export function revisionOf(object: KubeObject): Revision | undefined {
  const {data, revision} = object;
  if (typeof data !== 'object' || data === null || typeof revision !== 'number') return undefined;
  const {family} = data as {family?: unknown};
  if (typeof family !== 'string') return undefined;
  const owner = object.metadata.ownerReferences?.find(({controller}) => controller === true);
  return {family, revision, definition: data as TaskDefinition, ...(owner && {owner})};
}

/** The revisions of one family among objects of a namespace, the newest last. */
export function revisionsOf(family: string, objects: readonly KubeObject[]): readonly KubeObject[] {
  const label = labelValue(family);
  return objects
    .filter((object) => object.metadata.labels?.[familyLabel] === label && revisionOf(object)?.family === family)
    .toSorted((a, b) => Number(a.revision) - Number(b.revision));
}

/** The revision that a reference names, among objects of a namespace; undefined where there is none such. */
export function findRevision(taskDefinition: string, objects: readonly KubeObject[]): Revision | undefined {
  const reference = parseReference(taskDefinition);
  if (reference === undefined) return undefined;
  const revisions = revisionsOf(reference.family, objects);
  const found = reference.revision === undefined ? revisions.at(-1) : revisions.find(({revision}) => revision === reference.revision);
  return found === undefined ? undefined : revisionOf(found);
}

/** Whether an object whose spec names a task definition is about the family of a revision of its namespace. */
export function namesFamilyOf(object: KubeObject, revision: KubeObject): boolean {
  if (object.metadata.namespace !== revision.metadata.namespace) return false;
  const {taskDefinition} = (object['spec'] ?? {}) as {taskDefinition?: unknown};
  return typeof taskDefinition === 'string' && parseReference(taskDefinition)?.family === revisionOf(revision)?.family;
}

export function revisionManifest(definition: TaskDefinition, revision: number, owner: OwnedBy): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: revisionName(definition.family, revision),
      ...(owner.metadata.namespace === undefined ? {} : {namespace: owner.metadata.namespace}),
      labels: {[managedByLabel]: managedBy, [familyLabel]: labelValue(definition.family)},
      ownerReferences: [ownerReference(owner)],
    },
    revision,
    data: definition,
  };
}

/** `family`, `family:revision`, or an ARN that ends so. Undefined where it is none of these. */
export function parseReference(text: string): Reference | undefined {
  const match = /^(?:arn:[^:]+:ecs:[^:]*:[^:]*:task-definition\/)?([A-Za-z0-9_-]{1,255})(?::([1-9]\d{0,9}))?$/.exec(text);
  if (match === null) return undefined;
  const [, family = '', revision] = match;
  return revision === undefined ? {family} : {family, revision: Number(revision)};
}

interface OwnedBy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

/** The reference that makes Kubernetes remove an object together with its owner. */
export function ownerReference({apiVersion, kind, metadata}: OwnedBy): NonNullable<Metadata['ownerReferences']>[number] {
  return {apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true};
}

/** Whether this very object controls the other; one of the same name that was deleted and made anew does not. */
export function isOwnedBy(object: KubeObject, owner: OwnedBy): boolean {
  const uid = owner.metadata.uid;
  return (
    uid !== undefined && (object.metadata.ownerReferences ?? []).some((reference) => reference.controller === true && reference.uid === uid)
  );
}

/** The name of the controller of that kind, if the object has one. */
export function controllerName(object: KubeObject, apiVersion: string, kind: string): string | undefined {
  return object.metadata.ownerReferences?.find(
    (owner) => owner.controller === true && owner.kind === kind && owner.apiVersion === apiVersion,
  )?.name;
}
