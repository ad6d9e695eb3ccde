import {KubeError} from '../../kube/errors.ts';
import type {KubeObject} from '../../schema/object.ts';
import {tasks} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import type {Observed} from './observed.ts';
import type {ScheduledTaskStep} from './plan.ts';

/** One create or one delete. A Task of that name that is there already is the one of that time. */
export async function apply(step: ScheduledTaskStep, doors: Doors): Promise<Applied<Observed>> {
  switch (step.is) {
    case 'create': {
      const task = await created(step.task, doors);
      return {advance: (observed) => ({tasks: [...observed.tasks.filter(isNot(task)), task]})};
    }
    case 'delete': {
      const {name, namespace, uid} = step.task.metadata;
      const ref = {type: tasks, name, ...(namespace === undefined ? {} : {namespace})};
      await doors.kube.delete(ref, {propagationPolicy: 'Background', ...(uid === undefined ? {} : {uid})});
      return {advance: (observed) => ({tasks: observed.tasks.filter(isNot(step.task))})};
    }
    default:
      return step satisfies never;
  }
}

async function created(task: KubeObject, doors: Doors): Promise<KubeObject> {
  try {
    return await doors.kube.create(tasks, task);
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 409)) throw error;
    const {name, namespace} = task.metadata;
    const there = await doors.kube.get({type: tasks, name, ...(namespace === undefined ? {} : {namespace})});
    if (there === undefined) throw error;
    return there;
  }
}

function isNot(task: KubeObject): (other: KubeObject) => boolean {
  return (other) => other.metadata.name !== task.metadata.name;
}
