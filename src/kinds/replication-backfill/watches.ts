import {keyOf} from '../../schema/object.ts';
import type {Watch} from '../kind.ts';
import {registries, replicationBackfills} from '../sources.ts';
import {isUnderWay, memoryOf} from './memory.ts';
import {isRival, registryName} from './rivals.ts';

/** When the Registry changes, or another object's backfill to the same region has ended, look again. */
export const watches: readonly Watch[] = [
  {
    source: registries,
    keys: (changed, own) => own.filter((object) => registryName(object) === changed.metadata.name).map(keyOf),
  },
  {
    source: replicationBackfills,
    keys: (changed, own) => {
      if (isUnderWay(changed) && changed.metadata.deletionTimestamp === undefined) return [];
      return own.filter((object) => memoryOf(object).is === 'new' && isRival(object, changed)).map(keyOf);
    },
  },
];
