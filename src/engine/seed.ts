import type {Kind} from '../kinds/kind.ts';
import {sourceOf} from '../kinds/sources.ts';
import type {Kube} from '../kube/kube.ts';
import type {Cache} from '../kinds/cache.ts';
import {type Clock, sleep} from './clock.ts';
import {codeOf} from './kube-code.ts';
import type {Logger} from './log.ts';

export interface Seeding {
  readonly kinds: readonly Kind[];
  readonly kube: Pick<Kube, 'create'>;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const longestPauseSeconds = 60;

/**
 * Creates the kinds' seeds where they are missing, each until it is there or `signal` aborts. One that is there already is
 * left as it is; one that is deleted later comes back at the next start. Never rejects.
 */
export async function plantSeeds({kinds, kube, cache, clock, log, signal}: Seeding): Promise<void> {
  await Promise.all(kinds.map(plant));

  async function plant({definition, seed}: Kind): Promise<void> {
    if (seed === undefined) return;
    const {name, namespace} = seed.metadata;
    for (let pause = 1; !signal.aborted; pause = Math.min(longestPauseSeconds, pause * 2)) {
      if (cache.get(sourceOf(definition), name, namespace) !== undefined) return;
      try {
        await kube.create(definition, seed);
        return log.info({kind: definition.kind, name}, 'created a missing object');
      } catch (error) {
        if (codeOf(error) === 409) return;
        log.warn({err: error, kind: definition.kind, name}, 'cannot create a missing object yet');
        await sleep(clock, pause, signal);
      }
    }
  }
}
