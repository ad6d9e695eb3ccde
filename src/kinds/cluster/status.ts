import type {Resource} from '../../schema/object.ts';
import type {Report} from '../kind.ts';
import type {Observed} from './observed.ts';
import {namespacesShown, type ClusterSpec, type ClusterStatus} from './schema.ts';

/** The cluster as `describe-clusters` shows it. Where the spec is invalid the status stays as it was. */
export function status(resource: Resource<ClusterSpec>, observed: Observed | undefined): Report {
  if (observed === undefined) {
    const {conditions: _, observedGeneration: __, ...kept} = (resource.status ?? {}) as ClusterStatus & Record<string, unknown>;
    return {fields: kept, conditions: []};
  }
  const {elder, namespaces, services, running, pending} = observed;
  const fields: ClusterStatus = {
    status: elder === undefined ? 'ACTIVE' : 'INACTIVE',
    namespaceCount: namespaces.length,
    namespaces: namespaces.slice(0, namespacesShown),
    activeServicesCount: elder === undefined ? services : 0,
    runningTasksCount: elder === undefined ? running : 0,
    pendingTasksCount: elder === undefined ? pending : 0,
  };
  return {fields: {...fields}, conditions: []};
}
