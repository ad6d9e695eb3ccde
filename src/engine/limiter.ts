import type {Clock} from './clock.ts';

export interface LimiterOptions {
  /** Delay of the first retry. Default 0.2. */
  readonly baseSeconds?: number;
  /** No delay of the back-off is longer. Default 300. */
  readonly capSeconds?: number;
  /** The share of a delay that chance may take away, 0 to 1. Default 0.2. */
  readonly jitter?: number;
  /** Retries a second over all keys, once `burst` is used up. Default 10. */
  readonly perSecond?: number;
  /** Default 100. */
  readonly burst?: number;
  readonly clock: Clock;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** When a key that failed may be tried again. */
export interface Limiter {
  /** Seconds from now; counts as one more failure of `key`. */
  readonly when: (key: string) => number;
  /** `key` did well, or is gone. */
  readonly forget: (key: string) => void;
  /** Failures of `key` since it was last forgotten. */
  readonly retries: (key: string) => number;
}

/**
 * The longer of two delays, as client-go's DefaultTypedControllerRateLimiter: an exponential one for each key, and that of
 * one token bucket for all keys, which keeps a fleet that fails together from retrying together.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const {baseSeconds = 0.2, capSeconds = 300, jitter = 0.2, perSecond = 10, burst = 100, clock, random} = options;
  const failures = new Map<string, number>();
  let tokens = burst;
  let refilled = clock.seconds();

  return {
    when(key) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      const backoff = Math.min(capSeconds, baseSeconds * 2 ** count) * (1 - jitter * random());
      return Math.max(backoff, reserve());
    },
    forget(key) {
      failures.delete(key);
    },
    retries: (key) => failures.get(key) ?? 0,
  };

  /** Takes a token, if need be one that the bucket does not hold yet. */
  function reserve(): number {
    const now = clock.seconds();
    tokens = Math.min(burst, tokens + (now - refilled) * perSecond) - 1;
    refilled = now;
    return tokens >= 0 ? 0 : -tokens / perSecond;
  }
}
