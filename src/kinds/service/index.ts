import {keyOf, type Key, type KubeObject} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {labelValue} from '../../translate/names.ts';
import {controllerName, namesFamilyOf} from '../../translate/revision.ts';
import {concerns} from '../cluster-ref.ts';
import type {Access, Kind, Watch} from '../kind.ts';
import {clusters, managedControllerRevisions, managedSecrets, namespaces} from '../sources.ts';
import {apply} from './apply.ts';
import {isHeld} from '../made-objects/inventory.ts';
import {madeAccess, madeSources} from '../made-objects/types.ts';
import {observe, type Observed} from './observe.ts';
import {plan} from './plan.ts';
import {managedPods} from './pods.ts';
import {definition, type ServiceSpec} from './schema.ts';
import {status} from './status.ts';
import type {ServiceStep} from './steps.ts';

const watches: readonly Watch[] = [
  {source: managedControllerRevisions, keys: (changed, own) => own.filter((one) => namesFamilyOf(one, changed)).map(keyOf)},
  {
    source: clusters,
    keys: (changed, own) => own.filter(({spec}) => concerns(changed, (spec as {cluster?: unknown} | undefined)?.cluster)).map(keyOf),
  },
  // Its labels say which Clusters cover it.
  {source: namespaces, keys: (changed, own) => own.map(keyOf).filter(({namespace}) => namespace === changed.metadata.name)},
  ...madeSources.map((source): Watch => ({source, keys: ownerKeys})),
  {source: managedPods, keys: labelKeys},
  {source: managedSecrets, keys: labelKeys},
];

const access: readonly Access[] = [
  ...madeAccess,
  // Kubernetes asks for it where an object has blockOwnerDeletion in its ownerReferences.
  {apiGroups: ['ecs.drayage.dev'], resources: ['services/finalizers'], verbs: ['update']},
  {apiGroups: ['apps'], resources: ['replicasets'], verbs: ['get']},
  {apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch', 'delete']},
  {apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete']},
];

/** The service that made it, and the one that has its name: a workload is called as its service is. */
function ownerKeys(changed: KubeObject, own: readonly KubeObject[]): readonly Key[] {
  const {namespace, name} = changed.metadata;
  const owner = controllerName(changed, definition.apiVersion, definition.kind);
  return own.map(keyOf).filter((key) => key.namespace === namespace && (key.name === owner || key.name === name));
}

function labelKeys({metadata}: KubeObject, own: readonly KubeObject[]): readonly Key[] {
  const label = metadata.labels?.[serviceLabel];
  return own.map(keyOf).filter((key) => key.namespace === metadata.namespace && labelValue(key.name) === label);
}

/** An ECS service: a Deployment of the same name, kept as the service and its task definition want it. */
export const service = {
  definition,
  watches,
  access,
  finalizer: true,
  isHeld,
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<ServiceSpec, Observed, ServiceStep>;
