import {setTimeout as sleep} from 'node:timers/promises';

export interface Patience {
  /** Default: 120. */
  readonly seconds?: number;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Polls until `check` holds; an error counts as not yet, and the last one is the cause of what is thrown after `seconds`. */
export async function until(what: string, check: () => Promise<boolean>, {seconds = 120, signal}: Patience = {}): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      if (await check()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(100);
    signal?.throwIfAborted();
  }
  throw new Error(`not within ${seconds} s: ${what}`, {cause: last});
}
