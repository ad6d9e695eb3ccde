import {KubeError} from '../../kube/errors.ts';
import type {KubeObject} from '../../schema/object.ts';
import type {ResourceType} from '../../schema/resource-type.ts';
import {jobs, pods, tasks} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {applyObject, deleteObject} from '../made-objects/apply.ts';
import {entryOf} from '../made-objects/inventory.ts';
import {readObject} from '../made-objects/observe.ts';
import {isOfSameOwner} from '../made-objects/owner.ts';
import {applySecret} from '../needed-secrets/apply.ts';
import {Interruption} from '../outcome.ts';
import type {Observed} from './observed.ts';
import type {TaskStep} from './step.ts';
import {withoutPodSpec} from '../sources.ts';

/** One call. A Job is only ever created: one that is there already is not changed, and its pods run on. */
export async function apply(step: TaskStep, doors: Doors): Promise<Applied<Observed>> {
  switch (step.is) {
    case 'apply': {
      await free(step.object, doors);
      const made = await applyObject(step.object, doors);
      const isOther = (one: KubeObject): boolean => !isSame(one, made);
      return {advance: ({remembered = [], ...observed}) => ({...observed, remembered: [...remembered.filter(isOther), made]})};
    }
    case 'secret': {
      const update = await applySecret(step.secret, doors);
      return {advance: ({start, ...observed}) => ({...observed, ...(start && {start: {...start, secrets: update(start.secrets)}})})};
    }
    case 'delete': {
      await deleteObject(step.object, doors);
      const isOther = (one: KubeObject): boolean => !isSame(one, step.object);
      return {advance: ({remembered = [], ...observed}) => ({...observed, remembered: remembered.filter(isOther)})};
    }
    case 'run': {
      const job = await created(step.job, doors);
      return {advance: (observed) => ({...observed, job})};
    }
    case 'stop': {
      const pod = withoutPodSpec(await doors.kube.merge(refOf(pods, step.pod), step.patch));
      return {advance: (observed) => ({...observed, pods: observed.pods.map((one) => (isSame(one, pod) ? pod : one))})};
    }
    case 'remove': {
      await doors.kube.delete(refOf(pods, step.pod), uidOf(step.pod));
      const pod = {...step.pod, metadata: {...step.pod.metadata, deletionTimestamp: doors.now().toISOString()}};
      return {advance: (observed) => ({...observed, pods: observed.pods.map((one) => (isSame(one, pod) ? pod : one))})};
    }
    case 'suspend': {
      const job = await doors.kube.merge(refOf(jobs, step.job), {spec: {suspend: true}});
      return {advance: (observed) => ({...observed, job})};
    }
    case 'expire': {
      await doors.kube.delete(refOf(tasks, step.task), {...uidOf(step.task), propagationPolicy: 'Background'});
      return {advance: (observed) => ({...observed, isGone: true})};
    }
    default:
      return step satisfies never;
  }
}

/** What another object has made, under whatever name, is not changed for this one. */
async function free(object: KubeObject, doors: Doors): Promise<void> {
  const there = await readObject(entryOf(object), object.metadata.namespace, doors);
  if (there === undefined || isOfSameOwner(there, object)) return;
  const message = `The ${object.kind} ${object.metadata.name}, which the task needs, was not made by it; delete that, or give the Task another name.`;
  throw new Interruption({is: 'stalled', reason: 'ObjectNotOwned', message, seconds: 60});
}

async function created(job: KubeObject, doors: Doors): Promise<KubeObject> {
  try {
    return await doors.kube.create(jobs, job);
  } catch (error) {
    const there = error instanceof KubeError && error.status === 409 ? await doors.kube.get(refOf(jobs, job)) : undefined;
    if (there === undefined) throw error;
    return there;
  }
}

function refOf(type: ResourceType, {metadata: {name, namespace}}: KubeObject): {type: ResourceType; name: string; namespace?: string} {
  return {type, name, ...(namespace === undefined ? {} : {namespace})};
}

function uidOf({metadata: {uid}}: KubeObject): {readonly uid?: string} {
  return uid === undefined ? {} : {uid};
}

function isSame(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.uid === other.metadata.uid;
}
