import {keyOf} from '../../schema/object.ts';
import type {Watch} from '../kind.ts';
import {pullThroughCaches, registries, upstreamCredentials} from '../sources.ts';
import {isFrom, isRival, registryName} from './rivals.ts';

/** When the Registry or the Secret changes, or another object of the same prefix goes, look again. */
export const watches: readonly Watch[] = [
  {
    source: registries,
    keys: (changed, own) => own.filter((object) => registryName(object) === changed.metadata.name).map(keyOf),
  },
  {
    source: upstreamCredentials,
    keys: (changed, own) => own.filter((object) => isFrom(object, changed)).map(keyOf),
  },
  {
    source: pullThroughCaches,
    keys: (changed, own) =>
      changed.metadata.deletionTimestamp === undefined ? [] : own.filter((object) => isRival(object, changed)).map(keyOf),
  },
];
