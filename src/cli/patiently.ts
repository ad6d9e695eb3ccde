import {Interruption} from '../kinds/outcome.ts';
import {timeAndChance} from '../time-and-chance.ts';

const attempts = 6;

/**
 * Does it again while AWS asks for fewer calls: after 1, 2, 4, 8 and 16 seconds. The doors slow down by themselves; this is
 * for the calls that were under way while they did, because a command has no next walk.
 */
export async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Interruption) || error.outcome.reason !== 'Throttled' || attempt === attempts) throw error;
      await timeAndChance.sleep(1000 * 2 ** (attempt - 1), signal);
    }
  }
}
