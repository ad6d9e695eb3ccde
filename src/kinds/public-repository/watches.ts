import {keyOf, type KubeObject} from '../../schema/object.ts';
import type {Watch} from '../kind.ts';
import {namespaces, publicRepositories, registries} from '../sources.ts';

/** When a Registry, a namespace's labels or another object of the same repository changes, look again. */
export const watches: readonly Watch[] = [
  {
    source: registries,
    keys: (changed, own) => own.filter((object) => registryName(object) === changed.metadata.name).map(keyOf),
  },
  {
    source: namespaces,
    keys: (changed, own) => own.filter(({metadata}) => metadata.namespace === changed.metadata.name).map(keyOf),
  },
  {
    // The one that did not get the repository may, once the other is gone. Every other change is no news.
    source: publicRepositories,
    keys: (changed, own) =>
      changed.metadata.deletionTimestamp === undefined ? [] : own.filter((object) => isRival(object, changed)).map(keyOf),
  },
];

/** Registries of the same account are the same here, whatever their regions; so their names do not count. */
function isRival(one: KubeObject, other: KubeObject): boolean {
  if (one.metadata.name === other.metadata.name && one.metadata.namespace === other.metadata.namespace) return false;
  return repositoryName(one) === repositoryName(other);
}

interface RawSpec {
  readonly name?: string;
  readonly registryRef?: {readonly name?: string};
}

function registryName(object: KubeObject): string {
  return (object['spec'] as RawSpec | undefined)?.registryRef?.name ?? 'default';
}

function repositoryName(object: KubeObject): string {
  return (object['spec'] as RawSpec | undefined)?.name ?? object.metadata.name;
}
