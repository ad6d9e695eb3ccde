/** How long answers are of use, in milliseconds. */
export interface LookAheadTimes {
  /** How long an answer that nobody asked for yet is kept. Zero: no looking ahead. */
  readonly hold: number;
  /** How old a name's last answer must be for it to be asked for ahead. */
  readonly due: number;
}

/** No more names than this are remembered: 10,000 repositories are the design's goal. */
const mostNames = 50_000;

/**
 * What will be asked for soon. Objects are looked at in turn, once in a resync period, and spread over it; so the names that
 * were answered longest ago are the next to be asked for, and a call that has room takes them along. An answer that was
 * fetched ahead serves one caller, once, and not after `hold`; so whoever asks twice sees the present.
 */
export class LookAhead<R> {
  readonly #times: LookAheadTimes;
  readonly #now: () => number;
  /** When each name was last answered to someone, the longest ago first. */
  readonly #answered = new Map<string, number>();
  readonly #held = new Map<string, {readonly value: R; readonly at: number}>();
  /** When names were last written to, for as long as a call from before may still be under way. */
  readonly #changed = new Map<string, number>();

  constructor(times: LookAheadTimes, now: () => number) {
    this.#times = times;
    this.#now = now;
  }

  /** The answer that was fetched ahead for this name, once. */
  take(name: string): R | undefined {
    const held = this.#held.get(name);
    this.#held.delete(name);
    if (held === undefined || this.#now() - held.at > this.#times.hold) return undefined;
    this.answered(name);
    return held.value;
  }

  /** A caller has got an answer for this name. */
  answered(name: string): void {
    if (this.#times.hold === 0) return;
    this.#changed.delete(name);
    this.#answered.delete(name);
    this.#answered.set(name, this.#now());
    const [oldest] = this.#answered.keys();
    if (this.#answered.size > mostNames && oldest !== undefined) this.forget(oldest);
  }

  /** Up to `room` names that are due soon, without those of `asked`. One that nobody wanted when it was held is not tried again. */
  next(room: number, asked: ReadonlySet<string>): readonly string[] {
    const now = this.#now();
    const names: string[] = [];
    for (const [name, at] of this.#answered) {
      if (names.length >= room || now - at < this.#times.due) break;
      if (asked.has(name)) continue;
      const held = this.#held.get(name);
      if (held === undefined) names.push(name);
      else if (now - held.at > this.#times.hold) this.forget(name);
    }
    return names;
  }

  /** Keeps an answer to a call that was sent at `sent`. */
  hold(name: string, value: R, sent: number): void {
    if ((this.#changed.get(name) ?? Number.NEGATIVE_INFINITY) < sent) this.#held.set(name, {value, at: sent});
  }

  now(): number {
    return this.#now();
  }

  /** It changed, is gone, or could not be read: what was fetched ahead is not true any more. */
  drop(name: string): void {
    this.#held.delete(name);
    if (this.#answered.has(name)) this.#changed.set(name, this.#now());
  }

  forget(name: string): void {
    this.#held.delete(name);
    this.#changed.delete(name);
    this.#answered.delete(name);
  }
}
