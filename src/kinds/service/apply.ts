import type {KubeObject} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {applySecret} from '../needed-secrets/apply.ts';
import {stopTask} from './apply-stop.ts';
import {applyObject, deleteObject} from '../made-objects/apply.ts';
import {entryOf, isSameObject} from '../made-objects/inventory.ts';
import {typeOf} from '../made-objects/types.ts';
import type {Observed} from './observe.ts';
import type {ServiceStep} from './steps.ts';

/** One server-side apply, one change of a number, or the removal of one object or pod. */
export async function apply(step: ServiceStep, doors: Doors): Promise<Applied<Observed>> {
  if (step.is === 'secret') {
    const update = await applySecret(step.secret, doors);
    return {advance: ({start, ...observed}) => ({...observed, ...(start && {start: {...start, secrets: update(start.secrets)}})})};
  }
  const {object} = step;
  if (step.is === 'stop') {
    await stopTask(object, step.makers, doors);
    const deletionTimestamp = doors.now().toISOString();
    // It still tells of what failed in it.
    const stopped = ({metadata, ...pod}: KubeObject): KubeObject => ({...pod, metadata: {...metadata, deletionTimestamp}});
    const isIt = ({metadata}: KubeObject): boolean => metadata.uid === object.metadata.uid;
    return {advance: (observed) => ({...observed, pods: observed.pods.map((pod) => (isIt(pod) ? stopped(pod) : pod))})};
  }
  if (step.is === 'delete') {
    await deleteObject(object, doors);
    return {advance: (observed) => ({...observed, objects: without(observed.objects, object)})};
  }
  if (step.is === 'scale') {
    const type = typeOf(object);
    if (type === undefined) throw new TypeError(`a service cannot be made of ${object.kind}`);
    const {name, namespace, resourceVersion} = object.metadata;
    const ref = {type, name, ...(namespace !== undefined && {namespace})};
    const scaled = await doors.kube.merge(ref, {metadata: {resourceVersion}, spec: {replicas: step.replicas}});
    return {advance: (observed) => ({...observed, objects: [...without(observed.objects, object), scaled]})};
  }
  const applied = await applyObject(object, doors);
  return {advance: (observed) => ({...observed, objects: [...without(observed.objects, object), applied]})};
}

function without(objects: readonly KubeObject[], object: KubeObject): readonly KubeObject[] {
  return objects.filter((one) => !isSameObject(entryOf(one), entryOf(object)));
}
