import type {Check} from './health.ts';
import type {SourceContact} from './observable-cache.ts';

/** A key in hand for so long hangs in a call without a time-out: only a new process helps. */
const hungSeconds = 900;
/** A source hears of the API server once a minute, even where nothing changes. */
const silentSeconds = 300;
const heardSeconds = 60;

/** Fails where a walk has been under way for more than 15 minutes. */
export function walksCheck(controllers: () => readonly {readonly name: string; readonly longestSeconds: number}[]): Check {
  return {
    name: 'walks',
    check() {
      const hung = controllers().find(({longestSeconds}) => longestSeconds > hungSeconds);
      return hung && `a ${hung.name} has been in hand for ${Math.round(hung.longestSeconds)} seconds`;
    },
  };
}

/**
 * Fails where a source has not been heard of for five minutes while another has: its watch has died in silence. Where none is
 * heard of, the API server is away, and a new process would help nobody.
 */
export function watchesCheck(contacts: () => readonly SourceContact[]): Check {
  return {
    name: 'watches',
    check() {
      const ages = contacts().flatMap(({source, contactAgeSeconds: age}) => (age === undefined ? [] : [{source, age}]));
      const silent = ages.find(({age}) => age > silentSeconds);
      if (silent === undefined || !ages.some(({age}) => age < heardSeconds)) return undefined;
      return `the API server has not been heard of for ${silent.source} in ${Math.round(silent.age)} seconds`;
    },
  };
}
