import type {KubeObject, Resource} from '../../schema/object.ts';
import {deployments} from '../../schema/types.ts';
import {parseReference, revisionOf, revisionsOf, type Revision} from '../../translate/revision.ts';
import type {Doors} from '../doors.ts';
import {managedControllerRevisions, managedDeployments} from '../sources.ts';
import type {ServiceSpec} from './schema.ts';

export interface Observed {
  /** The revision that the service names. */
  readonly revision?: Revision;
  /** The Deployment of the same name, whoever made it. */
  readonly deployment?: KubeObject;
}

/** From the synced copies; only where they have no Deployment one call asks whether someone else has made it. */
export async function observe(resource: Resource<ServiceSpec>, doors: Doors): Promise<Observed> {
  const {name, namespace} = resource.metadata;
  const revision = wanted(resource.spec.taskDefinition, doors.cache.list(managedControllerRevisions, namespace));
  const deployment =
    doors.cache.get(managedDeployments, name, namespace) ??
    (await doors.kube.get({type: deployments, name, ...(namespace === undefined ? {} : {namespace})}));
  return {...(revision === undefined ? {} : {revision}), ...(deployment === undefined ? {} : {deployment})};
}

function wanted(taskDefinition: string, objects: readonly KubeObject[]): Revision | undefined {
  const reference = parseReference(taskDefinition);
  if (reference === undefined) return undefined;
  const revisions = revisionsOf(reference.family, objects);
  const found = reference.revision === undefined ? revisions.at(-1) : revisions.find(({revision}) => revision === reference.revision);
  return found === undefined ? undefined : revisionOf(found);
}
