import {managedBy, managedByLabel} from '../../schema/labels.ts';
import type {Resource} from '../../schema/object.ts';
import {defaultCluster, type ClusterSettings} from '../../translate/cluster-settings.ts';
import {serviceLabel} from '../../translate/labels.ts';
import {labelValue} from '../../translate/names.ts';
import type {Demand} from '../needed-secrets/observed.ts';
import type {Wanted} from './manifest.ts';
import type {ServiceSpec} from './schema.ts';

/** The Secrets that a deployment of the service needs, and what it may be given. */
export function demandOf(owner: Resource<ServiceSpec>, {needs, id}: Wanted, cluster: ClusterSettings = defaultCluster): Demand {
  return {
    owner,
    labels: {[managedByLabel]: managedBy, [serviceLabel]: labelValue(owner.metadata.name)},
    needs,
    deployment: id,
    allowed: cluster.secrets?.allowedResources ?? [],
  };
}
