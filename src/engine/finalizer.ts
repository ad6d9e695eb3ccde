import type {Kube} from '../kube/kube.ts';
import {keyOf, type KubeObject} from '../schema/object.ts';
import {groupOf, type ResourceType} from '../schema/resource-type.ts';

/** The finalizer of a type's objects, such as `ecr.drayage.dev/finalizer`. */
export function finalizerOf(type: ResourceType): string {
  return `${groupOf(type)}/finalizer`;
}

export function hasFinalizer(type: ResourceType, object: KubeObject): boolean {
  return object.metadata.finalizers?.includes(finalizerOf(type)) ?? false;
}

/**
 * The object with our finalizer. With its `resourceVersion`, because a merge patch replaces the whole list: a finalizer that
 * somebody else added since would be lost. Throws a 409 KubeError where the object has changed.
 */
export function addFinalizer(kube: Kube, type: ResourceType, object: KubeObject): Promise<KubeObject> {
  return writeFinalizers(kube, type, object, [...(object.metadata.finalizers ?? []), finalizerOf(type)]);
}

/** The object without our finalizer, which may be gone with that. Throws a 409 KubeError where the object has changed. */
export function removeFinalizer(kube: Kube, type: ResourceType, object: KubeObject): Promise<KubeObject> {
  const others = (object.metadata.finalizers ?? []).filter((name) => name !== finalizerOf(type));
  return writeFinalizers(kube, type, object, others);
}

function writeFinalizers(kube: Kube, type: ResourceType, object: KubeObject, finalizers: readonly string[]): Promise<KubeObject> {
  const {uid, resourceVersion} = object.metadata;
  return kube.merge({type, ...keyOf(object)}, {metadata: {uid, resourceVersion, finalizers}});
}
