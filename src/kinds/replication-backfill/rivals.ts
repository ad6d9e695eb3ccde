import type {KubeObject} from '../../schema/object.ts';
import {elderOf} from '../untagged.ts';
import {isUnderWay, memoryOf, statusOf} from './memory.ts';

interface RawSpec {
  readonly destination?: {readonly region?: string};
  readonly registryRef?: {readonly name?: string};
}

/** Whether another object is about the same registry and destination region. Specs as they were written, without defaults. */
export function isRival(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.name !== other.metadata.name && region(one) === region(other) && registryName(one) === registryName(other);
}

export function registryName(object: KubeObject): string {
  return specOf(object).registryRef?.name ?? 'default';
}

/** The object whose backfill comes first: one that is under way, or the oldest that waits for its turn. */
export function firstOf(object: KubeObject, rivals: readonly KubeObject[]): KubeObject | undefined {
  return (
    rivals.find(isUnderWay) ??
    elderOf(
      object,
      rivals.filter((rival) => memoryOf(rival).is === 'new'),
    )
  );
}

/** Backfills that belong to other objects. */
export function takenIds(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(objects.flatMap((object) => statusOf(object).replicationBackfillId ?? []));
}

function region(object: KubeObject): string | undefined {
  return specOf(object).destination?.region;
}

function specOf(object: KubeObject): RawSpec {
  return object['spec'] ?? {};
}
