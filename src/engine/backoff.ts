export interface BackoffOptions {
  /** Milliseconds before the first retry. */
  readonly initial: number;
  /** No delay is longer, jitter included. */
  readonly max: number;
  readonly factor: number;
  /** Each delay is stretched by a random share of itself, up to this. */
  readonly jitter: number;
  /** Milliseconds without a call of `next` after which the other side counts as healthy again. */
  readonly resetAfter: number;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Backoff {
  /** How many milliseconds to wait this time. */
  next(): number;
  reset(): void;
}

/** client-go's reflector: 0.8 s, doubled up to 30 s, jitter 1, forgotten after two minutes without an error. */
export const reflectorBackoff = {initial: 800, max: 30_000, factor: 2, jitter: 1, resetAfter: 120_000} as const;

/**
 * Exponential back-off with jitter, as client-go's `wait.Backoff.DelayWithReset`, but for the cap: there jitter may
 * stretch the longest delay to twice `max`.
 */
export function createBackoff(options: BackoffOptions): Backoff {
  const {initial, max, factor, jitter, resetAfter, now, random} = options;
  let step = initial;
  let last = Number.NEGATIVE_INFINITY;

  function next(): number {
    if (now() - last > resetAfter) step = initial;
    const delay = Math.min(max, step * (1 + random() * jitter));
    step = Math.min(max, step * factor);
    last = now();
    return delay;
  }

  return {
    next,
    reset: () => {
      step = initial;
    },
  };
}
