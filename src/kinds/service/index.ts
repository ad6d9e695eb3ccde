import {isSameKey, keyOf, type KubeObject} from '../../schema/object.ts';
import {parseReference, revisionOf} from '../../translate/revision.ts';
import {concerns} from '../cluster-ref.ts';
import type {Access, Kind, Watch} from '../kind.ts';
import {clusters, managedControllerRevisions, managedDeployments, namespaces} from '../sources.ts';
import {apply} from './apply.ts';
import {observe, type Observed} from './observe.ts';
import {plan, type ServiceStep} from './plan.ts';
import {isTaskOf, managedTasks} from './tasks.ts';
import {definition, type ServiceSpec} from './schema.ts';
import {status} from './status.ts';

const watches: readonly Watch[] = [
  {source: managedControllerRevisions, keys: (changed, own) => own.filter((one) => runs(one, changed)).map(keyOf)},
  {
    source: clusters,
    keys: (changed, own) => own.filter(({spec}) => concerns(changed, (spec as {cluster?: unknown} | undefined)?.cluster)).map(keyOf),
  },
  // Its labels say which Clusters cover it.
  {source: namespaces, keys: (changed, own) => own.map(keyOf).filter(({namespace}) => namespace === changed.metadata.name)},
  // A Deployment has the name of its Service.
  {source: managedTasks, keys: (changed, own) => own.filter((one) => isTaskOf(changed, one)).map(keyOf)},
  {source: managedDeployments, keys: (changed, own) => own.map(keyOf).filter((key) => isSameKey(key, keyOf(changed)))},
];

const access: readonly Access[] = [
  {apiGroups: ['apps'], resources: ['controllerrevisions'], verbs: ['get', 'list', 'watch']},
  {apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch', 'create', 'patch']},
  {apiGroups: ['apps'], resources: ['replicasets'], verbs: ['get']},
  {apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch', 'delete']},
];

function runs(service: KubeObject, revision: KubeObject): boolean {
  if (service.metadata.namespace !== revision.metadata.namespace) return false;
  const {taskDefinition} = (service.spec ?? {}) as {taskDefinition?: unknown};
  return typeof taskDefinition === 'string' && parseReference(taskDefinition)?.family === revisionOf(revision)?.family;
}

/** An ECS service: a Deployment of the same name, kept as the service and its task definition want it. */
export const service = {
  definition,
  watches,
  access,
  finalizer: false,
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<ServiceSpec, Observed, ServiceStep>;
