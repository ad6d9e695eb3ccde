import type {KubeObject, Resource} from '../../schema/object.ts';
import type {ResourceType} from '../../schema/resource-type.ts';
import {deployments} from '../../schema/types.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {labelValue} from '../../translate/names.ts';
import {isOwnedBy, parseReference, revisionOf, revisionsOf, type Revision} from '../../translate/revision.ts';
import {defaultCluster, type ClusterSettings} from '../../translate/cluster-settings.ts';
import type {Doors} from '../doors.ts';
import {managedControllerRevisions, managedDeployments} from '../sources.ts';
import {troubleOf} from './pod-trouble.ts';
import {observeStart, type Start} from './observe-start.ts';
import {rolloutOf} from './rollout.ts';
import type {ServiceSpec} from './schema.ts';

export interface Observed {
  /** The revision that the service names. */
  readonly revision?: Revision;
  /** The Deployment of the same name, whoever made it. */
  readonly deployment?: KubeObject;
  /** What keeps its pods from running, while a deployment is under way. */
  readonly trouble?: string;
  /** What the ECS cluster is that the service runs in; left out, the default one. */
  readonly cluster?: ClusterSettings;
  /** Digests and Secrets that the deployment starts with. */
  readonly start?: Start;
}

const pods: ResourceType = {apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true};
/** So many pods are enough to see what most of them wait for. */
const podsLooked = 50;

/**
 * From the synced copies. One call asks whether someone else has made a Deployment that they do not have, and one looks at the
 * pods of a deployment that is under way: neither a Deployment nor its Events say why an image cannot be pulled.
 */
export function observe(resource: Resource<ServiceSpec>, doors: Doors): Promise<Observed> {
  return observeIn(defaultCluster, resource, doors);
}

/** The same in an ECS cluster that is set up like this. */
export async function observeIn(cluster: ClusterSettings, resource: Resource<ServiceSpec>, doors: Doors): Promise<Observed> {
  const {name, namespace} = resource.metadata;
  const revision = wanted(resource.spec.taskDefinition, doors.cache.list(managedControllerRevisions, namespace));
  const deployment =
    doors.cache.get(managedDeployments, name, namespace) ??
    (await doors.kube.get({type: deployments, name, ...(namespace === undefined ? {} : {namespace})}));
  const start = revision === undefined ? undefined : await observeStart(resource, revision, {deployment, cluster}, doors);
  const trouble =
    deployment === undefined || !isOwnedBy(deployment, resource) ? undefined : await troubleOfPods(deployment, resource, doors);
  return {
    cluster,
    ...(start === undefined ? {} : {start}),
    ...(revision === undefined ? {} : {revision}),
    ...(deployment === undefined ? {} : {deployment}),
    ...(trouble === undefined ? {} : {trouble}),
  };
}

async function troubleOfPods(deployment: KubeObject, {metadata}: Resource<ServiceSpec>, doors: Doors): Promise<string | undefined> {
  if (rolloutOf(deployment).state === 'COMPLETED') return undefined;
  const {name, namespace} = metadata;
  const labelSelector = `${serviceLabel}=${labelValue(name)}`;
  const {items} = await doors.kube.page(pods, {labelSelector, limit: podsLooked, ...(namespace === undefined ? {} : {namespace})});
  return troubleOf(items);
}

function wanted(taskDefinition: string, objects: readonly KubeObject[]): Revision | undefined {
  const reference = parseReference(taskDefinition);
  if (reference === undefined) return undefined;
  const revisions = revisionsOf(reference.family, objects);
  const found = reference.revision === undefined ? revisions.at(-1) : revisions.find(({revision}) => revision === reference.revision);
  return found === undefined ? undefined : revisionOf(found);
}
