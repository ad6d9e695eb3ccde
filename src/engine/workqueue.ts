import type {Clock} from './clock.ts';
import {Delays} from './delays.ts';
import type {Limiter} from './limiter.ts';

/** What a queue tells of itself; metrics.ts implements it. */
export interface QueueObserver {
  readonly added: () => void;
  readonly taken: (waitedSeconds: number) => void;
  readonly finished: (workedSeconds: number) => void;
  readonly retried: () => void;
}

export interface WorkqueueOptions {
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly observer?: QueueObserver;
}

interface Waiter {
  readonly give: (key: string | undefined) => void;
}

/**
 * Keys to be worked on, with the guarantees of client-go's workqueue: a key that is added many times before it is taken is
 * taken once; no key is in two hands at the same time; a key that is added while it is in hand is handed out again after
 * `done`. Whoever takes a key must call `done`.
 */
export class Workqueue {
  readonly #clock: Clock;
  readonly #limiter: Limiter;
  readonly #observer: QueueObserver | undefined;
  readonly #delays: Delays;
  /** Keys ready to be taken, first in first out: in `#dirty`, not in `#inHand`. The first `#head` are taken already. */
  #ready: string[] = [];
  #head = 0;
  /** Keys that need work, with the time since when. */
  readonly #dirty = new Map<string, number>();
  /** Keys being worked on, with the time since when. */
  readonly #inHand = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  readonly #drained = Promise.withResolvers<void>();
  #isShutDown = false;

  constructor(options: WorkqueueOptions) {
    this.#clock = options.clock;
    this.#limiter = options.limiter;
    this.#observer = options.observer;
    this.#delays = new Delays(options.clock, (key) => this.add(key));
  }

  /** Keys ready to be taken. Those in hand and those whose time has not come are not counted. */
  get length(): number {
    return this.#ready.length - this.#head;
  }

  add(key: string): void {
    if (this.#isShutDown || this.#dirty.has(key)) return;
    this.#observer?.added();
    this.#dirty.set(key, this.#clock.seconds());
    if (!this.#inHand.has(key)) this.#push(key);
  }

  /** Adds `key` in `seconds`. Of two delays of one key the earlier counts; a delay does not hold back `add`. */
  addAfter(key: string, seconds: number): void {
    if (this.#isShutDown) return;
    if (seconds <= 0) this.add(key);
    else this.#delays.add(key, seconds);
  }

  /** Adds `key` when the limiter allows, and not before `seconds`. */
  addRateLimited(key: string, seconds = 0): void {
    if (this.#isShutDown) return;
    this.#observer?.retried();
    this.addAfter(key, Math.max(seconds, this.#limiter.when(key)));
  }

  /** Ends the back-off of `key`. */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  retries(key: string): number {
    return this.#limiter.retries(key);
  }

  /** The next key; `undefined` once the queue is shut down and empty, or when `signal` aborts. */
  get(signal?: AbortSignal): Promise<string | undefined> {
    if (signal?.aborted) return Promise.resolve(undefined);
    if (this.length > 0) return Promise.resolve(this.#take());
    if (this.#isShutDown && this.#dirty.size === 0) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        give: (key) => {
          this.#waiters.delete(waiter);
          signal?.removeEventListener('abort', leave);
          resolve(key);
        },
      };
      const leave = (): void => waiter.give(undefined);
      signal?.addEventListener('abort', leave, {once: true});
      this.#waiters.add(waiter);
    });
  }

  done(key: string): void {
    const since = this.#inHand.get(key);
    if (since === undefined) return;
    this.#inHand.delete(key);
    this.#observer?.finished(this.#clock.seconds() - since);
    if (this.#dirty.has(key)) this.#push(key);
    this.#settle();
  }

  /**
   * Takes nothing more. Keys that are ready, or were added while in hand, are still handed out unless `drop`; delayed ones
   * are dropped. Resolves when no key is ready or in hand.
   */
  shutDown(options: {readonly drop?: boolean} = {}): Promise<void> {
    this.#isShutDown = true;
    this.#delays.clear();
    if (options.drop) {
      this.#ready = [];
      this.#head = 0;
      this.#dirty.clear();
    }
    this.#settle();
    return this.#drained.promise;
  }

  /** How long each key in hand has been worked on, in seconds. */
  ages(): readonly number[] {
    const now = this.#clock.seconds();
    return Array.from(this.#inHand.values(), (since) => now - since);
  }

  #push(key: string): void {
    this.#ready.push(key);
    const [waiter] = this.#waiters;
    waiter?.give(this.#take());
  }

  #take(): string | undefined {
    const key = this.#ready[this.#head];
    if (key === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 64 && this.#head * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#head);
      this.#head = 0;
    }
    const now = this.#clock.seconds();
    this.#observer?.taken(now - (this.#dirty.get(key) ?? now));
    this.#dirty.delete(key);
    this.#inHand.set(key, now);
    return key;
  }

  #settle(): void {
    if (!this.#isShutDown || this.length > 0) return;
    // A key in hand that was added again is still to come: whoever waits must wait on.
    if (this.#dirty.size === 0) for (const waiter of this.#waiters) waiter.give(undefined);
    if (this.#inHand.size === 0) this.#drained.resolve();
  }
}
