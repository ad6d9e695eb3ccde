import type {KubeObject} from '../../schema/object.ts';

interface RawSpec {
  readonly prefix?: string;
  readonly registryRef?: {readonly name?: string};
}

/** Whether another object is about the same prefix of the same registry. Specs as they were written, without defaults. */
export function isRival(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.name !== other.metadata.name && prefix(one) === prefix(other) && registryName(one) === registryName(other);
}

export function registryName(object: KubeObject): string {
  return specOf(object).registryRef?.name ?? 'default';
}

function prefix(object: KubeObject): string {
  return specOf(object).prefix ?? object.metadata.name;
}

function specOf(object: KubeObject): RawSpec {
  return object['spec'] ?? {};
}
