import type {KubeObject} from '../../schema/object.ts';

interface RawSpec {
  readonly ecrRepositoryPrefix?: string;
  readonly registryRef?: {readonly name?: string};
  readonly credentialSecretRef?: {readonly namespace?: string; readonly name?: string};
}

/** Whether another object is about the same prefix of the same registry. Specs as they were written, without defaults. */
export function isRival(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.name !== other.metadata.name && prefix(one) === prefix(other) && registryName(one) === registryName(other);
}

export function registryName(object: KubeObject): string {
  return specOf(object).registryRef?.name ?? 'default';
}

/** Whether an object takes its credentials from this Secret. */
export function isFrom(object: KubeObject, {metadata}: KubeObject): boolean {
  const {credentialSecretRef: ref} = specOf(object);
  return ref !== undefined && ref.namespace === metadata.namespace && ref.name === metadata.name;
}

function prefix(object: KubeObject): string {
  return specOf(object).ecrRepositoryPrefix ?? object.metadata.name;
}

function specOf(object: KubeObject): RawSpec {
  return object['spec'] ?? {};
}
