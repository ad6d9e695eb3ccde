import {KubeError} from './errors.ts';

export interface RetryOptions {
  /** Attempts in all. */
  readonly attempts: number;
  /** Milliseconds: the first pause is a random share of this, the next of twice this. */
  readonly base: number;
  /** Milliseconds: no pause is longer, and a Retry-After beyond it is left to the caller. */
  readonly longest: number;
  /** Milliseconds after the first attempt from which on none is begun. */
  readonly deadline: number;
}

/** Ends in about 3 s on average, 6 s at most, where answers come at once: what the restart of an API server takes. */
export const defaultRetry: RetryOptions = {attempts: 6, base: 200, longest: 10_000, deadline: 60_000};

export interface RetryDoors {
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * Calls until it succeeds, or fails in a way that asking again does not mend. Full jitter, so that replicas and
 * reflectors that failed together do not come back together.
 */
export async function withRetries<T>(
  call: (attempt: number) => Promise<T>,
  mayRetry: (error: KubeError) => boolean,
  options: RetryOptions,
  {now, random, sleep}: RetryDoors,
  signal?: AbortSignal,
): Promise<T> {
  const start = now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(attempt);
    } catch (error) {
      if (!(error instanceof KubeError) || attempt >= options.attempts || !mayRetry(error)) throw error;
      const pause = pauseBefore(attempt, error, options, random);
      if (pause === undefined || now() - start + pause > options.deadline) throw error;
      await sleep(pause, signal);
    }
  }
}

function pauseBefore(attempt: number, error: KubeError, options: RetryOptions, random: () => number): number | undefined {
  const jittered = random() * Math.min(options.longest, options.base * 2 ** (attempt - 1));
  const asked = (error.retryAfter ?? 0) * 1000;
  // Jitter on top of what the server asked for: everyone was told the same number.
  return asked > options.longest ? undefined : asked + jittered;
}
