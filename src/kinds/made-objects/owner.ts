import type {KubeObject, Resource} from '../../schema/object.ts';
import {isOwnedBy, ownerReference} from '../../translate/revision.ts';
import {typeOf} from './types.ts';

/** On objects without a namespace, which nothing in a namespace can own: the uid of their owner. */
const ownerUidKey = 'ecs.drayage.dev/owner-uid';

/** The object as the owner's own. */
export function owned(object: KubeObject, owner: Resource): KubeObject {
  const {metadata} = object;
  if (isInNamespace(object)) return {...object, metadata: {...metadata, ownerReferences: [ownerReference(owner)]}};
  return {...object, metadata: {...metadata, annotations: {...metadata.annotations, [ownerUidKey]: owner.metadata.uid ?? ''}}};
}

/** Whether this very owner made the object. */
export function isOurs(object: KubeObject, owner: Resource): boolean {
  if (isInNamespace(object)) return isOwnedBy(object, owner);
  const {uid} = owner.metadata;
  return uid !== undefined && object.metadata.annotations?.[ownerUidKey] === uid;
}

/** Whether what is there belongs to whom the other, which is to be applied, belongs. */
export function isOfSameOwner(there: KubeObject, wanted: KubeObject): boolean {
  if (!isInNamespace(wanted)) {
    const uid = wanted.metadata.annotations?.[ownerUidKey];
    return uid !== undefined && there.metadata.annotations?.[ownerUidKey] === uid;
  }
  const owner = wanted.metadata.ownerReferences?.find(({controller}) => controller === true);
  return owner !== undefined && isOwnedBy(there, {...owner, metadata: owner});
}

/** What would stay when the owner goes: Kubernetes removes only what an object in a namespace can own. */
export function leftBehind(owner: Resource, there: readonly KubeObject[]): readonly KubeObject[] {
  return there.filter((object) => !isInNamespace(object) && isOurs(object, owner) && isStaying(object));
}

/** Whether it may go when it is not wanted any more. A disk that was made for a claim would go with the claim. */
export function isPrunable({kind, metadata}: KubeObject): boolean {
  return kind !== 'PersistentVolumeClaim' || metadata.annotations?.['volume.kubernetes.io/storage-provisioner'] === undefined;
}

export function isInNamespace(object: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return typeOf(object)?.namespaced !== false;
}

export function isStaying({metadata}: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined;
}
