import type {KubeObject} from '../../schema/object.ts';
import {isSameKey, keyOf} from '../../schema/object.ts';
import {ecsApiVersion} from '../../schema/types.ts';
import {controllerName, revisionOf} from '../../translate/revision.ts';
import {concerns as concernsCluster} from '../cluster-ref.ts';
import type {Access, Kind, Watch} from '../kind.ts';
import {clusters, managedControllerRevisions, namespaces, services} from '../sources.ts';
import {apply} from './apply.ts';
import {familyOf} from './family.ts';
import {observe, type Observed} from './observe.ts';
import {plan, type TaskDefinitionStep} from './plan.ts';
import {definition, type TaskDefinitionSpec} from './schema.ts';
import {status} from './status.ts';

const watches: readonly Watch[] = [
  // Also those that wait for the family to become free.
  {source: managedControllerRevisions, keys: (changed, own) => own.filter((one) => concerns(changed, one)).map(keyOf)},
  {source: clusters, keys: (changed, own) => own.filter((one) => concernsCluster(changed, clusterIn(one))).map(keyOf)},
  // Its labels say which Clusters cover it.
  {source: namespaces, keys: (changed, own) => own.map(keyOf).filter(({namespace}) => namespace === changed.metadata.name)},
  {source: services, keys: (changed, own) => own.map(keyOf).filter((key) => isSameKey(key, keyOf(changed)))},
];

const access: readonly Access[] = [
  // Kubernetes asks for it where an object has blockOwnerDeletion in its ownerReferences.
  {apiGroups: ['ecs.drayage.dev'], resources: ['taskdefinitions/finalizers'], verbs: ['update']},
  {apiGroups: ['apps'], resources: ['controllerrevisions'], verbs: ['get', 'list', 'watch', 'create', 'patch']},
  {apiGroups: ['ecs.drayage.dev'], resources: ['services'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete']},
];

function clusterIn({spec}: KubeObject): unknown {
  return (spec as {service?: {cluster?: unknown}} | undefined)?.service?.cluster;
}

function concerns(revision: KubeObject, one: KubeObject): boolean {
  if (revision.metadata.namespace !== one.metadata.namespace) return false;
  const owner = controllerName(revision, ecsApiVersion, definition.kind);
  return owner === one.metadata.name || revisionOf(revision)?.family === familyOf(one.spec);
}

/** An ECS task definition: registers revisions, and runs the newest where it has a service of its own. */
export const taskDefinition = {
  definition,
  watches,
  access,
  finalizer: false,
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<TaskDefinitionSpec, Observed, TaskDefinitionStep>;
