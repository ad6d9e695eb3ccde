import type {Clock} from './clock.ts';

interface Bucket {
  tokens: number;
  seconds: number;
}

const burst = 25;
const secondsPerToken = 300;
const mostBuckets = 4096;

/** A token bucket per subject, with the numbers of client-go's event spam filter. The subjects longest unheard of are forgotten. */
export class SpamFilter {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  allows(subject: string): boolean {
    const now = this.#clock.seconds();
    const {tokens, seconds} = this.#buckets.get(subject) ?? {tokens: burst, seconds: now};
    const left = Math.min(burst, tokens + (now - seconds) / secondsPerToken);
    const isAllowed = left >= 1;
    this.#buckets.delete(subject);
    this.#buckets.set(subject, {tokens: isAllowed ? left - 1 : left, seconds: now});
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > mostBuckets && oldest !== undefined) this.#buckets.delete(oldest);
    return isAllowed;
  }
}
