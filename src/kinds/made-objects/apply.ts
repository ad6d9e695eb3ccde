import {isNamespaceTerminating, isNotFound} from '../../kube/errors.ts';
import type {KubeObject} from '../../schema/object.ts';
import type {ResourceType} from '../../schema/resource-type.ts';
import {serviceAccounts} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import {Interruption} from '../outcome.ts';
import {makeAccount} from './apply-account.ts';
import {typeOf} from './types.ts';

/** One server-side apply. Throws Interruption where the cluster does not know the kind. */
export async function applyObject(object: KubeObject, doors: Pick<Doors, 'kube'>): Promise<KubeObject> {
  const type = knownTypeOf(object);
  if (type === serviceAccounts) await makeAccount(object, doors);
  try {
    return await doors.kube.apply(type, object);
  } catch (error) {
    // Applying makes what is missing, so only the kind can be what was not found.
    if (!isNotFound(error) || isNamespaceTerminating(error)) throw error;
    const message = `The cluster has no ${object.kind} (${object.apiVersion}), which ${object.metadata.name} is to be; install what brings that kind.`;
    throw new Interruption({is: 'stalled', reason: 'KindNotInstalled', message, seconds: 60}, {cause: error});
  }
}

/** Deletes exactly the object that was seen, and in the background what it owns. */
export async function deleteObject(object: KubeObject, {kube}: Pick<Doors, 'kube'>): Promise<void> {
  const {name, namespace, uid} = object.metadata;
  const ref = {type: knownTypeOf(object), name, ...(namespace !== undefined && {namespace})};
  await kube.delete(ref, {propagationPolicy: 'Background', ...(uid !== undefined && {uid})});
}

function knownTypeOf(object: KubeObject): ResourceType {
  const type = typeOf(object);
  if (type === undefined) throw new TypeError(`nothing can be made of ${object.kind}`);
  return type;
}
