/** Time, as the engine uses it. Handed in, so that tests own it. */
export interface Clock {
  /** Wall time: for what people read. Never compared. */
  readonly now: () => Date;
  /** Seconds that only grow: for deadlines and measuring. */
  readonly seconds: () => number;
  /** Runs `callback` once, after `seconds`. The answer cancels it. */
  readonly after: (seconds: number, callback: () => void) => () => void;
}

/** setTimeout fires at once for more than 2^31 - 1 ms. */
const longestTimerSeconds = 2_000_000;

export const systemClock: Clock = {
  now: () => new Date(),
  seconds: () => performance.now() / 1000,
  after(seconds, callback) {
    if (seconds > longestTimerSeconds) {
      let cancel = systemClock.after(longestTimerSeconds, () => {
        cancel = systemClock.after(seconds - longestTimerSeconds, callback);
      });
      return () => cancel();
    }
    const timer = setTimeout(callback, Math.max(0, seconds * 1000));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `seconds`, or as soon as `signal` aborts; never rejects. */
export function sleep(clock: Clock, seconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(seconds, finish);
    signal?.addEventListener('abort', finish, {once: true});

    function finish(): void {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    }
  });
}

/** What `promise` gives, or `undefined` where that takes longer than `seconds`. A late rejection is swallowed. */
export async function within<T>(clock: Clock, seconds: number, promise: Promise<T>): Promise<{readonly value: T} | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([promise.then((value) => ({value})), sleep(clock, seconds, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
  }
}

/** RFC 3339 with six digits: MicroTime in Event and Lease is refused with fewer. */
export function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
