import {outcomeOf} from '../outcome.ts';

const attempts = 4;

/**
 * Changes what was read, with the resourceVersion that it was read with, so that what others write meanwhile is not lost: where
 * one of them was faster, it is read again and the change made anew, as client-go's `retry.RetryOnConflict` does. Undefined
 * where it is not there, or went meanwhile.
 */
export async function retryOnConflict<Seen, Made>(
  first: Seen | undefined,
  read: () => Promise<Seen | undefined>,
  change: (seen: Seen) => Promise<Made>,
): Promise<Made | undefined> {
  let seen = first;
  for (let attempt = 1; seen !== undefined; attempt++) {
    try {
      return await change(seen);
    } catch (error) {
      const {reason} = outcomeOf(error);
      if ((reason !== 'Conflict' && reason !== 'NotFound') || attempt === attempts) throw error;
    }
    seen = await read();
  }
  return undefined;
}
