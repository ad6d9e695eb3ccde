/** Object metadata as Kubernetes gives it; the fields that this operator reads. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Any Kubernetes object. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

/** An object whose spec has been read by its schema. */
export interface Resource<Spec = unknown> extends KubeObject {
  readonly spec: Spec;
  readonly status?: unknown;
}

/** Which object: what a queue carries. Never the object itself. */
export interface Key {
  readonly namespace?: string;
  readonly name: string;
}

export function keyOf(object: {readonly metadata: Metadata}): Key {
  const {namespace, name} = object.metadata;
  return namespace === undefined ? {name} : {namespace, name};
}

/** Whether both mean the same name in the same namespace. */
export function isSameKey(one: Key, other: Key): boolean {
  return one.name === other.name && one.namespace === other.namespace;
}

/** `namespace/name`, or `name` for what is cluster-scoped; as Kubernetes' own tools print it. */
export function keyText(key: Key): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}
