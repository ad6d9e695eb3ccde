import {isSameKey, keyOf, type KubeObject} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/labels.ts';
import {labelValue} from '../../translate/names.ts';
import {parseReference, revisionOf} from '../../translate/revision.ts';
import type {Access, Kind, Watch} from '../kind.ts';
import {managedControllerRevisions, managedDeployments, managedSecrets} from '../sources.ts';
import {apply} from './apply.ts';
import {observe, type Observed} from './observe.ts';
import {plan, type ServiceStep} from './plan.ts';
import {definition, type ServiceSpec} from './schema.ts';
import {status} from './status.ts';

const watches: readonly Watch[] = [
  {source: managedControllerRevisions, keys: (changed, own) => own.filter((one) => runs(one, changed)).map(keyOf)},
  // A Deployment has the name of its Service.
  {source: managedDeployments, keys: (changed, own) => own.map(keyOf).filter((key) => isSameKey(key, keyOf(changed)))},
  {source: managedSecrets, keys: (changed, own) => own.filter((one) => isFor(one, changed)).map(keyOf)},
];

const access: readonly Access[] = [
  {apiGroups: ['apps'], resources: ['controllerrevisions'], verbs: ['get', 'list', 'watch']},
  {apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch', 'create', 'patch']},
  {apiGroups: [''], resources: ['pods'], verbs: ['list']},
  // What translations add beside the Deployment for logs and secrets.
  {apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch', 'delete']},
  {apiGroups: ['external-secrets.io'], resources: ['externalsecrets'], verbs: ['get', 'create', 'patch', 'delete']},
  {apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete']},
];

function runs(service: KubeObject, revision: KubeObject): boolean {
  if (service.metadata.namespace !== revision.metadata.namespace) return false;
  const {taskDefinition} = (service.spec ?? {}) as {taskDefinition?: unknown};
  return typeof taskDefinition === 'string' && parseReference(taskDefinition)?.family === revisionOf(revision)?.family;
}

function isFor(service: KubeObject, secret: KubeObject): boolean {
  const {namespace, labels} = secret.metadata;
  return service.metadata.namespace === namespace && labels?.[serviceLabel] === labelValue(service.metadata.name);
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
