import {keyOf} from '../../schema/object.ts';
import type {Watch} from '../kind.ts';
import {registries} from '../sources.ts';
import {settingNames} from './setting.ts';

/** When a Registry with settings changes or goes, another of the same account and region may have them. */
export const watches: readonly Watch[] = [
  {
    source: registries,
    keys: (changed, own) => {
      const spec = (changed['spec'] ?? {}) as Record<string, unknown>;
      if (!settingNames.some((name) => spec[name] !== undefined)) return [];
      return own.filter(({metadata}) => metadata.name !== changed.metadata.name).map(keyOf);
    },
  },
];
