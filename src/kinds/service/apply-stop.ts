import type {KubeObject, OwnerReference} from '../../schema/object.ts';
import {pods, replicaSets} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';

/**
 * Deletes a pod, if one of the service's objects (their uids are `makers`) made it: a Deployment by way of a ReplicaSet, or a
 * DaemonSet itself. A label alone would prove nothing.
 */
export async function stopTask(pod: KubeObject, makers: readonly string[], doors: Doors): Promise<void> {
  const {name, namespace, uid} = pod.metadata;
  if (uid === undefined || !(await isMadeBy(pod, makers, doors))) return;
  await doors.kube.delete({type: pods, name, ...(namespace === undefined ? {} : {namespace})}, {uid});
}

async function isMadeBy(pod: KubeObject, makers: readonly string[], doors: Doors): Promise<boolean> {
  const owner = controllerOf(pod);
  if (owner === undefined) return false;
  if (makers.includes(owner.uid)) return true;
  if (owner.kind !== 'ReplicaSet') return false;
  const {namespace} = pod.metadata;
  const replicaSet = await doors.kube.get({type: replicaSets, name: owner.name, ...(namespace === undefined ? {} : {namespace})});
  return replicaSet?.metadata.uid === owner.uid && makers.includes(controllerOf(replicaSet)?.uid ?? '');
}

function controllerOf({metadata}: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({controller}) => controller === true);
}
