import type {KubeObject, Resource} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {labelValue} from '../../translate/names.ts';
import {findRevision, type Revision} from '../../translate/revision.ts';
import {clusterOf, settingsIn, type ClusterPlace} from '../cluster-ref.ts';
import type {Doors} from '../doors.ts';
import {managedControllerRevisions} from '../sources.ts';
import {entryOf, inventoryOf, isSameObject} from '../made-objects/inventory.ts';
import {readObject} from '../made-objects/observe.ts';
import {isRemembered, madeSources} from '../made-objects/types.ts';
import {wantedOf} from './manifest.ts';
import {observeStart, type Start} from './observe-start.ts';
import {isOurs} from '../made-objects/owner.ts';
import {managedPods} from './pods.ts';
import type {ServiceSpec, ServiceStatus} from './schema.ts';
import {slotsOf} from './slots.ts';

export interface Observed {
  /** The Cluster that the service names; left out, the built-in one. */
  readonly cluster?: ClusterPlace;
  /** The revision that the service names. */
  readonly revision?: Revision;
  /** The revision of the last deployment that was completed, to go back to. */
  readonly steady?: Revision;
  /** What the service is made of, and objects that have the name of something that it wants, whoever made them. */
  readonly objects: readonly KubeObject[];
  /** The service's pods, as the copy has them. */
  readonly pods: readonly KubeObject[];
  /** Digests and Secrets that the deployment that is asked for starts with. */
  readonly start?: Start;
}

/**
 * From the synced copies. One call for each object that is wanted and that they do not have asks whether someone else has
 * made it; another for each object of a kind of which no copy is kept.
 */
export async function observe(resource: Resource<ServiceSpec>, doors: Doors): Promise<Observed> {
  const {name, namespace} = resource.metadata;
  const revisions = doors.cache.list(managedControllerRevisions, namespace);
  const revision = findRevision(resource.spec.taskDefinition, revisions);
  const steady = findRevision(lastCompleted(resource) ?? '', revisions);
  const pods = doors.cache.list(managedPods, namespace).filter(({metadata}) => metadata.labels?.[serviceLabel] === labelValue(name));
  const ours = madeSources.flatMap((source) => doors.cache.list(source, namespace).filter((object) => isOurs(object, resource)));
  const cluster = clusterOf(resource.spec.cluster, namespace, doors);
  const asked = possible(resource, [revision, steady], settingsIn(cluster))
    .filter((object) => !isRemembered(object))
    .map(entryOf)
    .filter((entry) => !ours.some((object) => isSameObject(entryOf(object), entry)));
  const others = await Promise.all([...asked, ...inventoryOf(resource)].map((entry) => readObject(entry, namespace, doors)));
  const objects = [...ours, ...others.filter((object) => object !== undefined)];
  const start = revision && (await observeStart(resource, revision, {objects: ours, cluster: settingsIn(cluster)}, doors));
  return {
    cluster,
    ...(start && {start}),
    ...(revision === undefined ? {} : {revision}),
    ...(steady === undefined ? {} : {steady}),
    objects,
    pods,
  };
}

/** Everything that the service may be about to make, whichever revision is deployed. */
function possible(
  resource: Resource<ServiceSpec>,
  revisions: readonly (Revision | undefined)[],
  cluster: ClusterSettings,
): readonly KubeObject[] {
  const made = revisions.flatMap((revision) => {
    const {workload, beside = []} = revision === undefined ? {} : wantedOf(resource, revision, cluster);
    return workload === undefined ? [] : [...beside, ...slotsOf(workload, resource.spec.deploymentConfiguration?.strategy)];
  });
  return [...new Map(made.map((object) => [JSON.stringify(entryOf(object)), object])).values()];
}

function lastCompleted({status}: Resource): string | undefined {
  return ((status ?? {}) as ServiceStatus).lastCompleted?.taskDefinition;
}
