import {setTimeout as sleep} from 'node:timers/promises';

/** Tries again until `check` gives something other than undefined or false; then fails with what was last thrown. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  {seconds = 60, everyMs = 200}: {readonly seconds?: number; readonly everyMs?: number} = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  }
  throw new Error(`not within ${seconds} s: ${what}`, {cause: last});
}
