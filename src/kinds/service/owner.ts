import type {KubeObject, Resource} from '../../schema/object.ts';
import {isOwnedBy, ownerReference} from '../../translate/revision.ts';
import {typeOf} from './made-types.ts';

/** On objects without a namespace, which nothing in a namespace can own: the uid of their Service. */
const ownerUidKey = 'ecs.drayage.dev/owner-uid';

/** The object as the Service's own. */
export function owned(object: KubeObject, owner: Resource): KubeObject {
  const {metadata} = object;
  if (isInNamespace(object)) return {...object, metadata: {...metadata, ownerReferences: [ownerReference(owner)]}};
  return {...object, metadata: {...metadata, annotations: {...metadata.annotations, [ownerUidKey]: owner.metadata.uid ?? ''}}};
}

/** Whether this very Service made the object. */
export function isOurs(object: KubeObject, owner: Resource): boolean {
  if (isInNamespace(object)) return isOwnedBy(object, owner);
  const {uid} = owner.metadata;
  return uid !== undefined && object.metadata.annotations?.[ownerUidKey] === uid;
}

/** Whether it may go when it is not wanted any more. A disk that was made for a claim would go with the claim. */
export function isPrunable({kind, metadata}: KubeObject): boolean {
  return kind !== 'PersistentVolumeClaim' || metadata.annotations?.['volume.kubernetes.io/storage-provisioner'] === undefined;
}

export function isInNamespace(object: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return typeOf(object)?.namespaced !== false;
}
