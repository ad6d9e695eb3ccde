/** Time, handed in. */
export interface Pacing {
  /** Milliseconds, from anywhere, never going back. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const slowest = 0.5;
const backTo = 0.7;
const growthPerSecond = 0.1;
const settleMilliseconds = 500;
const forgetMilliseconds = 60_000;

/**
 * How fast one API operation may be called. AWS publishes no rate for ECR's control plane, so nothing is guessed: the way is
 * open until AWS throttles; then calls go one by one, at 70 % of the rate that was too much, first come first served. The
 * rate grows by a tenth each second, and the way is open again a minute after the last throttling.
 */
export class Pace {
  readonly #time: Pacing;
  #perSecond = Number.POSITIVE_INFINITY;
  #throttledAt = Number.NEGATIVE_INFINITY;
  #cutAt = Number.NEGATIVE_INFINITY;
  #grownAt = 0;
  #isDraining = false;
  readonly #waiting: (() => void)[] = [];
  readonly #sent: number[] = [];

  constructor(time: Pacing) {
    this.#time = time;
  }

  /** Calls a second that are let through; Infinity where AWS has not throttled lately. */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** Resolves when a call may be sent. */
  async take(): Promise<void> {
    this.#grow();
    if (this.#perSecond !== Number.POSITIVE_INFINITY || this.#isDraining) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        void this.#drain();
      });
    }
    this.#remember();
  }

  /** AWS threw a call back. Calls that were under way at the same time tell the same news, so that they count once. */
  throttled(): void {
    const now = this.#time.now();
    this.#throttledAt = now;
    if (now - this.#cutAt < settleMilliseconds) return;
    this.#cutAt = now;
    this.#grownAt = now;
    const sent = this.#sent.filter((at) => now - at <= 1000).length;
    this.#perSecond = Math.max(slowest, backTo * Math.min(this.#perSecond, Math.max(1, sent)));
  }

  #grow(): void {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return;
    const now = this.#time.now();
    if (now - this.#throttledAt >= forgetMilliseconds) {
      this.#perSecond = Number.POSITIVE_INFINITY;
      return;
    }
    this.#perSecond *= 1 + (growthPerSecond * (now - this.#grownAt)) / 1000;
    this.#grownAt = now;
  }

  async #drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    while (this.#waiting.length > 0) {
      this.#grow();
      if (this.#perSecond !== Number.POSITIVE_INFINITY) await this.#time.wait(1000 / this.#perSecond);
      this.#waiting.shift()?.();
    }
    this.#isDraining = false;
  }

  #remember(): void {
    const now = this.#time.now();
    this.#sent.push(now);
    while (this.#sent[0] !== undefined && now - this.#sent[0] > 1000) this.#sent.shift();
  }
}
