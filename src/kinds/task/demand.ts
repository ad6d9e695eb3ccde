import {managedBy, managedByLabel} from '../../schema/labels.ts';
import type {Resource} from '../../schema/object.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {taskLabel} from '../../translate/labels.ts';
import {labelValue} from '../../translate/names.ts';
import type {Demand} from '../needed-secrets/observed.ts';
import type {Wanted} from './manifest.ts';
import type {TaskSpec} from './schema.ts';

/** The Secrets that the task needs, and what it may be given. They are read for it alone. */
export function demandOf(owner: Resource<TaskSpec>, {needs}: Wanted, cluster: ClusterSettings): Demand {
  return {
    owner,
    labels: {[managedByLabel]: managedBy, [taskLabel]: labelValue(owner.metadata.name)},
    needs,
    deployment: owner.metadata.uid ?? '',
    allowed: cluster.secrets?.allowedResources ?? [],
  };
}
