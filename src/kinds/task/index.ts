import {keyOf, type Key, type KubeObject} from '../../schema/object.ts';
import {taskLabel} from '../../translate/labels.ts';
import {labelValue} from '../../translate/names.ts';
import {controllerName, parseReference, revisionOf} from '../../translate/revision.ts';
import {ecsApiVersion} from '../../schema/types.ts';
import type {Access, Kind, Watch} from '../kind.ts';
import {managedControllerRevisions, managedJobs, taskPods} from '../sources.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan, type TaskStep} from './plan.ts';
import {definition, type TaskSpec, type TaskStatus} from './schema.ts';
import {status} from './status.ts';

const watches: readonly Watch[] = [
  // Those that wait for their definition.
  {source: managedControllerRevisions, keys: (changed, own) => own.filter((one) => waitsFor(one, changed)).map(keyOf)},
  {source: managedJobs, keys: (changed) => keyOfOwner(changed)},
  {source: taskPods, keys: (changed, own) => own.filter((one) => isPodOf(changed, one)).map(keyOf)},
];

const access: readonly Access[] = [
  // Kubernetes asks for it where an object has blockOwnerDeletion in its ownerReferences.
  {apiGroups: ['ecs.drayage.dev'], resources: ['tasks/finalizers'], verbs: ['update']},
  {apiGroups: ['apps'], resources: ['controllerrevisions'], verbs: ['get', 'list', 'watch']},
  {apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch', 'create', 'patch']},
  // To stop a task: pods on a node get a deadline, others are deleted.
  {apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch', 'patch', 'delete']},
  {apiGroups: ['ecs.drayage.dev'], resources: ['tasks'], verbs: ['delete']},
  {apiGroups: [''], resources: ['serviceaccounts', 'configmaps', 'persistentvolumeclaims'], verbs: ['get', 'create', 'patch']},
  {apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['get', 'create', 'patch']},
];

function waitsFor(task: KubeObject, revision: KubeObject): boolean {
  if (task.metadata.namespace !== revision.metadata.namespace) return false;
  if ((task['status'] as TaskStatus | undefined)?.createdAt !== undefined) return false;
  const {taskDefinition} = (task['spec'] ?? {}) as {taskDefinition?: unknown};
  return typeof taskDefinition === 'string' && parseReference(taskDefinition)?.family === revisionOf(revision)?.family;
}

function keyOfOwner(job: KubeObject): readonly Key[] {
  const name = controllerName(job, ecsApiVersion, definition.kind);
  const {namespace} = job.metadata;
  return name === undefined ? [] : [namespace === undefined ? {name} : {name, namespace}];
}

function isPodOf(pod: KubeObject, task: KubeObject): boolean {
  return pod.metadata.namespace === task.metadata.namespace && pod.metadata.labels?.[taskLabel] === labelValue(task.metadata.name);
}

/** An ECS task: a Job that is made once, and stopped as ECS stops a task. */
export const task = {
  definition,
  watches,
  access,
  finalizer: false,
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<TaskSpec, Observed, TaskStep>;
