import type {KubeObject} from '../../schema/object.ts';
import {isNamespaceTerminating, isNotFound} from '../../kube/errors.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {applySecret} from '../needed-secrets/apply.ts';
import {Interruption} from '../outcome.ts';
import {stopTask} from './apply-stop.ts';
import {entryOf, isSameObject} from './inventory.ts';
import {typeOf} from './made-types.ts';
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
  const type = typeOf(object);
  if (type === undefined) throw new TypeError(`a service cannot be made of ${object.kind}`);
  if (step.is === 'delete') {
    const {name, namespace, uid} = object.metadata;
    const ref = {type, name, ...(namespace !== undefined && {namespace})};
    await doors.kube.delete(ref, {propagationPolicy: 'Background', ...(uid !== undefined && {uid})});
    return {advance: (observed) => ({...observed, objects: without(observed.objects, object)})};
  }
  if (step.is === 'scale') {
    const {name, namespace, resourceVersion} = object.metadata;
    const ref = {type, name, ...(namespace !== undefined && {namespace})};
    const scaled = await doors.kube.merge(ref, {metadata: {resourceVersion}, spec: {replicas: step.replicas}});
    return {advance: (observed) => ({...observed, objects: [...without(observed.objects, object), scaled]})};
  }
  try {
    const applied = await doors.kube.apply(type, object);
    return {advance: (observed) => ({...observed, objects: [...without(observed.objects, object), applied]})};
  } catch (error) {
    // Applying makes what is missing, so only the kind can be what was not found.
    if (!isNotFound(error) || isNamespaceTerminating(error)) throw error;
    const message = `The cluster has no ${object.kind} (${object.apiVersion}), which ${object.metadata.name} is to be; install what brings that kind.`;
    throw new Interruption({is: 'stalled', reason: 'KindNotInstalled', message, seconds: 60}, {cause: error});
  }
}

function without(objects: readonly KubeObject[], object: KubeObject): readonly KubeObject[] {
  return objects.filter((one) => !isSameObject(entryOf(one), entryOf(object)));
}
