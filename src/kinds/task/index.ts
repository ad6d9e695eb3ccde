import {keyOf, type Key, type KubeObject} from '../../schema/object.ts';
import {taskLabel} from '../../translate/labels.ts';
import {labelValue} from '../../translate/names.ts';
import {controllerName, namesFamilyOf} from '../../translate/revision.ts';
import {ecsApiVersion} from '../../schema/types.ts';
import {concerns} from '../cluster-ref.ts';
import type {Access, Kind, Watch} from '../kind.ts';
import {isHeld} from '../made-objects/inventory.ts';
import {madeAccess} from '../made-objects/types.ts';
import {clusters, managedControllerRevisions, managedJobs, managedSecrets, namespaces, taskPods} from '../sources.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import type {TaskStep} from './step.ts';
import {definition, type TaskSpec, type TaskStatus} from './schema.ts';
import {status} from './status.ts';

const watches: readonly Watch[] = [
  // Those that wait for their definition.
  {
    source: managedControllerRevisions,
    keys: (changed, own) => own.filter((one) => isWaiting(one) && namesFamilyOf(one, changed)).map(keyOf),
  },
  {source: clusters, keys: (changed, own) => own.filter((one) => isWaiting(one) && concerns(changed, clusterIn(one))).map(keyOf)},
  // Its labels say which Clusters cover it.
  {source: namespaces, keys: (changed, own) => own.filter((one) => isWaiting(one) && isIn(one, changed.metadata.name)).map(keyOf)},
  {source: managedSecrets, keys: (changed, own) => own.filter((one) => isWaiting(one) && isOfTask(changed, one)).map(keyOf)},
  {source: managedJobs, keys: (changed) => keyOfOwner(changed)},
  {source: taskPods, keys: (changed, own) => own.filter((one) => isOfTask(changed, one)).map(keyOf)},
];

const access: readonly Access[] = [
  // Kubernetes asks for it where an object has blockOwnerDeletion in its ownerReferences.
  {apiGroups: ['ecs.drayage.dev'], resources: ['tasks/finalizers'], verbs: ['update']},
  {apiGroups: ['apps'], resources: ['controllerrevisions'], verbs: ['get', 'list', 'watch']},
  {apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch', 'create', 'patch']},
  // To stop a task: pods on a node get a deadline, others are deleted.
  {apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch', 'patch', 'delete']},
  {apiGroups: ['ecs.drayage.dev'], resources: ['tasks'], verbs: ['delete']},
  {apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete']},
  ...madeAccess,
];

/** What changes is nothing to a task that was run. */
function isWaiting({status}: KubeObject): boolean {
  return (status as TaskStatus | undefined)?.createdAt === undefined;
}

function clusterIn({spec}: KubeObject): unknown {
  return (spec as {cluster?: unknown} | undefined)?.cluster;
}

function isIn({metadata}: KubeObject, namespace: string): boolean {
  return metadata.namespace === namespace;
}

function keyOfOwner(job: KubeObject): readonly Key[] {
  const name = controllerName(job, ecsApiVersion, definition.kind);
  const {namespace} = job.metadata;
  return name === undefined ? [] : [namespace === undefined ? {name} : {name, namespace}];
}

function isOfTask({metadata}: KubeObject, task: KubeObject): boolean {
  return metadata.namespace === task.metadata.namespace && metadata.labels?.[taskLabel] === labelValue(task.metadata.name);
}

/** An ECS task: a Job that is made once, and stopped as ECS stops a task. */
export const task = {
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
} satisfies Kind<TaskSpec, Observed, TaskStep>;
