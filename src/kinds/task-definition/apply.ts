import type {KubeObject} from '../../schema/object.ts';
import {controllerRevisions, services} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import type {Observed} from './observe.ts';
import type {TaskDefinitionStep} from './plan.ts';

/** One server-side apply or one delete. A revision that exists with other contents is refused by the API server: its data cannot change. */
export async function apply(step: TaskDefinitionStep, doors: Doors): Promise<Applied<Observed>> {
  switch (step.call) {
    case 'RegisterTaskDefinition': {
      const revision = await doors.kube.apply(controllerRevisions, step.manifest);
      return {advance: (observed) => ({...observed, revisions: [...observed.revisions.filter(isNot(revision)), revision]})};
    }
    case 'ApplyService': {
      const service = await doors.kube.apply(services, step.manifest);
      return {advance: (observed) => ({...observed, service})};
    }
    case 'DeleteService': {
      const {name, namespace, uid} = step.service.metadata;
      const ref = {type: services, name, ...(namespace === undefined ? {} : {namespace})};
      await doors.kube.delete(ref, {propagationPolicy: 'Background', ...(uid === undefined ? {} : {uid})});
      return {advance: ({revisions, cluster}) => ({revisions, ...(cluster === undefined ? {} : {cluster})})};
    }
    default:
      return step satisfies never;
  }
}

function isNot(object: KubeObject): (other: KubeObject) => boolean {
  return (other) => other.metadata.name !== object.metadata.name;
}
