import type {KubeObject, Resource} from '../../schema/object.ts';
import {revisionsOf} from '../../translate/revision.ts';
import {clusterOf, type ClusterPlace} from '../cluster-ref.ts';
import type {Doors} from '../doors.ts';
import {managedControllerRevisions, services} from '../sources.ts';
import {familyOf} from './family.ts';
import type {TaskDefinitionSpec} from './schema.ts';

export interface Observed {
  /** The revisions of the family in the namespace, the newest last, whoever owns them. */
  readonly revisions: readonly KubeObject[];
  /** The Cluster that its service names; left out, the built-in one. */
  readonly cluster?: ClusterPlace;
  /** The Service of the same name, whoever made it. */
  readonly service?: KubeObject;
}

/** From the synced copies only: no call is made. */
export async function observe(resource: Resource<TaskDefinitionSpec>, doors: Doors): Promise<Observed> {
  const {name, namespace} = resource.metadata;
  const family = familyOf(resource.spec);
  const revisions = family === undefined ? [] : revisionsOf(family, doors.cache.list(managedControllerRevisions, namespace));
  const service = doors.cache.get(services, name, namespace);
  const cluster = clusterOf(resource.spec.service?.['cluster'], namespace, doors);
  return {revisions, cluster, ...(service === undefined ? {} : {service})};
}
