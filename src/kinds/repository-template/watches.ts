import {keyOf} from '../../schema/object.ts';
import type {Watch} from '../kind.ts';
import {registries, repositoryTemplates} from '../sources.ts';
import {isRival, registryName} from './rivals.ts';

/** When the Registry changes, or another object of the same prefix goes, look again. */
export const watches: readonly Watch[] = [
  {
    source: registries,
    keys: (changed, own) => own.filter((object) => registryName(object) === changed.metadata.name).map(keyOf),
  },
  {
    source: repositoryTemplates,
    keys: (changed, own) =>
      changed.metadata.deletionTimestamp === undefined ? [] : own.filter((object) => isRival(object, changed)).map(keyOf),
  },
];
