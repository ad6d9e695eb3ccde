import type {KubeObject, Resource} from '../../schema/object.ts';
import type {ResourceType} from '../../schema/resource-type.ts';
import {jobs, serviceAccounts} from '../../schema/types.ts';
import type {NeededSecret} from '../../translate/needs.ts';
import type {Note} from '../../translate/note.ts';
import {ownerReference, type Revision} from '../../translate/revision.ts';
import {translateTask} from '../../translate/translate-task.ts';
import {runOf} from './run-of.ts';
import type {TaskSpec} from './schema.ts';

export interface Wanted {
  /** The Job last, after what it needs beside it. Empty where a note is refused. */
  readonly objects: readonly KubeObject[];
  readonly notes: readonly Note[];
  readonly needs: readonly NeededSecret[];
}

/** What the task is when it runs this revision, owned by the object. */
export function wantedOf(resource: Resource<TaskSpec>, {definition, revision}: Revision): Wanted {
  const {name, namespace} = resource.metadata;
  const settings = {name, revision, ...(namespace === undefined ? {} : {namespace})};
  const {manifests, notes, needs} = translateTask(definition, runOf(resource.spec), settings);
  const [job, ...others] = manifests;
  return {objects: job === undefined ? [] : [...others, job].map((object) => owned(object, resource)), notes, needs};
}

function owned(object: KubeObject, resource: Resource<TaskSpec>): KubeObject {
  return {...object, metadata: {...object.metadata, ownerReferences: [ownerReference(resource)]}};
}

/** What a Task may make beside its Job. */
const types: readonly ResourceType[] = [
  jobs,
  serviceAccounts,
  {apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true},
  {apiVersion: 'v1', kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims', namespaced: true},
  {apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', plural: 'networkpolicies', namespaced: true},
];

/** Undefined for what a Task cannot make. */
export function typeOf({apiVersion, kind}: KubeObject): ResourceType | undefined {
  return types.find((type) => type.apiVersion === apiVersion && type.kind === kind);
}
