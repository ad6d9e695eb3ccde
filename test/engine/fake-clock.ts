import type {Clock} from '../../src/engine/clock.ts';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands until it is told to move. Timers run in the order in which they are due. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  readonly #epoch: number;
  #seconds = 0;
  #order = 0;
  /** While paused, time goes on and no timer runs, as in a process that is stopped. */
  isPaused = false;

  constructor(start = '2026-01-01T00:00:00Z') {
    this.#epoch = Date.parse(start);
  }

  now = (): Date => new Date(this.#epoch + this.#seconds * 1000);
  seconds = (): number => this.#seconds;
  after = (seconds: number, callback: () => void): (() => void) => {
    const timer = {due: this.#seconds + seconds, order: this.#order++, callback};
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get timers(): number {
    return this.#timers.size;
  }

  /** When the next timer is due. */
  get next(): number {
    return this.#first()?.due ?? Infinity;
  }

  /** Moves to `seconds` from now; after each timer, lets what it set off run. */
  async advance(seconds: number): Promise<void> {
    const end = this.#seconds + seconds;
    await quiet();
    for (let timer = this.#first(); timer !== undefined && timer.due <= end && !this.isPaused; timer = this.#first()) {
      this.#seconds = Math.max(this.#seconds, timer.due);
      this.#timers.delete(timer);
      timer.callback();
      await quiet();
    }
    this.#seconds = end;
    await quiet();
  }

  /** As advance, but what the timers set off runs only afterwards. */
  advanceAtOnce(seconds: number): void {
    const end = this.#seconds + seconds;
    for (let timer = this.#first(); timer !== undefined && timer.due <= end; timer = this.#first()) {
      this.#seconds = Math.max(this.#seconds, timer.due);
      this.#timers.delete(timer);
      timer.callback();
    }
    this.#seconds = end;
  }

  #first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    }
    return first;
  }
}

/** Resolves when all that is ready to run has run. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
