import type {Logger} from 'pino';
import type {Kube, Ref} from '../kube/kube.ts';
import type {KubeObject} from '../schema/object.ts';
import {leases} from '../schema/types.ts';
import {type Clock, microTime, sleep, within} from './clock.ts';
import {codeOf} from './kube-code.ts';

export interface LeaseOptions {
  readonly kube: Pick<Kube, 'get' | 'create' | 'merge' | 'watch'>;
  readonly namespace: string;
  readonly name: string;
  /** Unlike that of any other process: the pod's name and something random. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** How long the others wait after the last renewal that they saw. Default 15. */
  readonly leaseSeconds?: number;
  /** How long the leader tries to renew before it gives up. Must be shorter than `leaseSeconds`. Default 10. */
  readonly renewSeconds?: number;
  /** Between two tries. Default 2. */
  readonly retrySeconds?: number;
  readonly onChange?: (leading: boolean) => void;
}

/** What is done while leading. Ends when its work is done, or soon after `signal` aborts: leadership is lost. */
export type Lead = (signal: AbortSignal) => Promise<void>;

interface Spec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

const jitter = 1.2;

/**
 * Leader election by a Lease, with client-go's meaning and timings. A renewal by somebody else counts from when it was seen
 * on this machine's own clock, so clocks may differ; only their speed must be about the same.
 *
 * Two things are stricter. The leader counts its own renewal from when it *asked* for it: an answer that took long cannot
 * stretch its term past what the others saw. And `leading` compares clocks when it is called, so a process that was paused
 * knows that its term is over before any timer has fired.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #ref: Ref;
  readonly #leaseSeconds: number;
  readonly #renewSeconds: number;
  readonly #retrySeconds: number;
  /** The Lease as last seen, and when it was first seen so. */
  #seen: KubeObject | undefined;
  #seenAt = -Infinity;
  #termEnds = -Infinity;
  /** Once over, an answer that comes late must not bring the term back. */
  #isOver = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#ref = {type: leases, name: options.name, namespace: options.namespace};
    this.#leaseSeconds = options.leaseSeconds ?? 15;
    this.#renewSeconds = options.renewSeconds ?? 10;
    this.#retrySeconds = options.retrySeconds ?? 2;
    if (this.#leaseSeconds <= this.#renewSeconds) throw new RangeError('leaseSeconds must be greater than renewSeconds');
    if (this.#renewSeconds <= this.#retrySeconds * jitter) throw new RangeError('renewSeconds must be greater than 1.2 retrySeconds');
  }

  /** Whether this process may act as the leader at this moment. */
  get leading(): boolean {
    return !this.#isOver && this.#options.clock.seconds() < this.#termEnds;
  }

  /**
   * Waits to become the leader, then runs `lead`. The lease is renewed until `lead` ends, however it ends, and is then
   * released, so that the next leader starts at once. `signal` ends the waiting; while leading, `lead` must heed it itself.
   *
   * Answers `never` where `signal` aborted first, `released`, or `lost` where it could not be renewed in time: then
   * `lead` was told by its signal, may still be running, and the process should exit.
   */
  async run(lead: Lead, signal: AbortSignal): Promise<'never' | 'released' | 'lost'> {
    if (!(await this.#acquire(signal))) return 'never';
    const {log, onChange} = this.#options;
    log.info('became leader');
    onChange?.(true);
    const lost = new AbortController();
    const ended = new AbortController();
    const work = lead(lost.signal).finally(() => ended.abort());
    work.catch(() => undefined);
    const renewed = await this.#renew(ended.signal);
    this.#options.onChange?.(false);
    if (!renewed) {
      log.error('lost the lease');
      this.#isOver = true;
      lost.abort();
      return 'lost';
    }
    await this.#release();
    await work;
    return 'released';
  }

  async #acquire(signal: AbortSignal): Promise<boolean> {
    const {clock, random} = this.#options;
    while (!signal.aborted) {
      const taken = await within(clock, this.#longestTry, this.#try());
      if (taken?.value && !signal.aborted) return true;
      const woken = new AbortController();
      const wait = AbortSignal.any([signal, woken.signal]);
      void this.#watchRelease(woken, wait);
      await sleep(clock, this.#retrySeconds * (1 + jitter * random()), wait);
      woken.abort();
    }
    if (this.leading) await this.#release();
    return false;
  }

  /** One call that hangs must leave time for another before the term ends. */
  get #longestTry(): number {
    return this.#renewSeconds / 2;
  }

  /** Wakes a waiting process when the lease is released; without it the next leader would start up to 4.4 s later. */
  async #watchRelease(woken: AbortController, signal: AbortSignal): Promise<void> {
    const {namespace, name, kube} = this.#options;
    const resourceVersion = this.#seen?.metadata.resourceVersion;
    if (resourceVersion === undefined) return;
    const options = {namespace, fieldSelector: `metadata.name=${name}`, resourceVersion, timeoutSeconds: 10, signal};
    try {
      for await (const {type, object} of kube.watch(leases, options)) {
        if (signal.aborted) return;
        if (type === 'DELETED' || (type === 'MODIFIED' && !specOf(object).holderIdentity)) return woken.abort();
      }
    } catch {
      // The next try comes after retrySeconds in any case, and it reports what is wrong.
    }
  }

  /** True when `signal` aborted while the lease was held, false when it could not be renewed in time. */
  async #renew(signal: AbortSignal): Promise<boolean> {
    const {clock} = this.#options;
    while (!signal.aborted) {
      await sleep(clock, Math.min(this.#retrySeconds, this.#termEnds - clock.seconds()), signal);
      if (signal.aborted) return this.leading;
      const left = this.#termEnds - clock.seconds();
      if (left <= 0) return false;
      await within(clock, Math.min(left, this.#longestTry), this.#try());
      if (!this.leading) return false;
    }
    return this.leading;
  }

  /** Takes or renews the lease. Never throws. */
  async #try(): Promise<boolean> {
    const {clock, log} = this.#options;
    const asked = clock.seconds();
    try {
      const object = await this.#write();
      if (object === undefined) return false;
      this.#see(object);
      this.#termEnds = Math.max(this.#termEnds, asked + this.#renewSeconds);
      return this.leading;
    } catch (error) {
      if (codeOf(error) !== 409) log.warn({err: error}, 'cannot take or renew the lease');
      return false;
    }
  }

  async #write(): Promise<KubeObject | undefined> {
    const {kube, namespace, name} = this.#options;
    // A leader renews what it saw last without reading it: one call. When that fails, the next try reads.
    if (this.#isHolder() && this.leading && this.#seen !== undefined) {
      const held = this.#seen;
      this.#seen = undefined;
      return kube.merge(this.#ref, this.#claim(held));
    }
    const found = await kube.get(this.#ref);
    if (found === undefined) {
      const {metadata: _, ...rest} = this.#claim(undefined);
      return kube.create(leases, {apiVersion: leases.apiVersion, kind: leases.kind, metadata: {name, namespace}, ...rest});
    }
    this.#see(found);
    if (specOf(found).holderIdentity && !this.#isHolder() && !this.#hasExpired()) return undefined;
    return kube.merge(this.#ref, this.#claim(found));
  }

  #see(object: KubeObject): void {
    if (object.metadata.resourceVersion !== this.#seen?.metadata.resourceVersion) this.#seenAt = this.#options.clock.seconds();
    this.#seen = object;
  }

  #isHolder(): boolean {
    return this.#seen !== undefined && specOf(this.#seen).holderIdentity === this.#options.identity;
  }

  #hasExpired(): boolean {
    const seconds = this.#seen === undefined ? 0 : (specOf(this.#seen).leaseDurationSeconds ?? 0);
    return this.#options.clock.seconds() >= this.#seenAt + seconds;
  }

  #claim(over: KubeObject | undefined): {readonly metadata: object; readonly spec: Spec} {
    const now = microTime(this.#options.clock.now());
    const before = over === undefined ? {} : specOf(over);
    const isOurs = before.holderIdentity === this.#options.identity;
    return {
      metadata: {resourceVersion: over?.metadata.resourceVersion},
      spec: {
        holderIdentity: this.#options.identity,
        leaseDurationSeconds: this.#leaseSeconds,
        acquireTime: isOurs ? (before.acquireTime ?? now) : now,
        renewTime: now,
        leaseTransitions: over === undefined ? 0 : (before.leaseTransitions ?? 0) + (isOurs ? 0 : 1),
      },
    };
  }

  async #release(): Promise<void> {
    const {clock, kube, log} = this.#options;
    this.#isOver = true;
    try {
      const held = this.#seen ?? (await within(clock, 5, kube.get(this.#ref)))?.value;
      if (held === undefined || specOf(held).holderIdentity !== this.#options.identity) return;
      const now = microTime(clock.now());
      const spec: Spec = {holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now};
      const metadata = {resourceVersion: held.metadata.resourceVersion};
      const released = await within(clock, 5, kube.merge(this.#ref, {metadata, spec}));
      if (released !== undefined) log.info('released the lease');
    } catch (error) {
      log.warn({err: error}, 'cannot release the lease');
    }
  }
}

function specOf(lease: KubeObject): Spec {
  return lease['spec'] ?? {};
}
