import {setTimeout as sleep} from 'node:timers/promises';

/** Time and chance, in the forms that the doors ask for. */
export const timeAndChance = {
  /** Milliseconds, from anywhere, never going back. */
  now: () => performance.now(),
  random: Math.random,
  async sleep(milliseconds: number, signal?: AbortSignal) {
    await sleep(milliseconds, undefined, signal && {signal});
  },
};
