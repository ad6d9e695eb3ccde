import {setTimeout as sleep} from 'node:timers/promises';
import {Interruption} from '../kinds/outcome.ts';
import {hostOf} from '../schema/registry-hosts.ts';
import {Secret} from '../schema/secret.ts';
import type {RegistryToken, TokenWish} from './registry-token.ts';

/** GetAuthorizationToken's answer, as the SDKs of ECR and ECR Public give it. */
export interface AuthorizationData {
  readonly authorizationToken?: string | undefined;
  readonly expiresAt?: Date | undefined;
  readonly proxyEndpoint?: string | undefined;
}

export interface Fetched {
  readonly data: AuthorizationData | undefined;
  /** How far AWS's clock is ahead of ours, in milliseconds. */
  readonly clockOffset: number;
}

/** ECR Public names no endpoint: this is its only one. */
const publicHost = 'public.ecr.aws';

/** Below it, a difference of clocks is what a call takes. */
const noOffsetMilliseconds = 60_000;

/** How long a refusal is given to all who ask: they are many at once, and who ends it should not wait for the next try. */
const refusedMilliseconds = 1000;

/** Shares one token of one identity and region, and asks for the next one once however many want it. */
export class TokenMemo {
  readonly #fetch: () => Promise<Fetched>;
  readonly #now: () => Date;
  #held: {readonly token: RegistryToken; readonly fetchedAt: number} | undefined;
  #pending: Promise<RegistryToken> | undefined;
  #refusal: {readonly error: unknown; readonly until: number} | undefined;

  /** `fetch` throws Interruption. */
  constructor(fetch: () => Promise<Fetched>, now: () => Date) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /**
   * A token that is valid past `expiringAfter`, by default for another half of its life. A time that no token reaches (later
   * than the whole life of the one held) counts as the default, or each caller would cost a call. Never an expired token.
   * Where the next one cannot be had it throws, though the last may still be good for a while.
   */
  async get({expiringAfter, patienceMilliseconds}: TokenWish = {}): Promise<RegistryToken> {
    const now = this.#now().getTime();
    if (this.#held && isGood(this.#held, now, expiringAfter?.getTime())) return this.#held.token;
    if (this.#refusal && now < this.#refusal.until) throw this.#refusal.error;
    this.#pending ??= this.#renew();
    return patienceMilliseconds === undefined ? this.#pending : within(patienceMilliseconds, this.#pending);
  }

  /** Whether nothing would be lost with it. */
  get isIdle(): boolean {
    const now = this.#now().getTime();
    const holds = this.#held !== undefined && this.#held.token.expiresAt.getTime() > now;
    return !holds && this.#pending === undefined && (this.#refusal === undefined || this.#refusal.until <= now);
  }

  async #renew(): Promise<RegistryToken> {
    try {
      const {data, clockOffset} = await this.#fetch();
      const now = this.#now().getTime();
      const token = read(data, Math.abs(clockOffset) < noOffsetMilliseconds ? 0 : clockOffset, now);
      this.#held = {token, fetchedAt: now};
      this.#refusal = undefined;
      return token;
    } catch (error) {
      this.#refusal = {error, until: this.#now().getTime() + refusedMilliseconds};
      throw error;
    } finally {
      this.#pending = undefined;
    }
  }
}

async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const patience = sleep(milliseconds, undefined, {signal: answered.signal, ref: false}).then(
    () => {
      const message = `GetAuthorizationToken has not answered within ${milliseconds} ms`;
      throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message});
    },
    () => answer,
  );
  return Promise.race([answer, patience]).finally(() => answered.abort());
}

function isGood(held: {readonly token: RegistryToken; readonly fetchedAt: number}, now: number, expiringAfter?: number): boolean {
  const expiresAt = held.token.expiresAt.getTime();
  const life = expiresAt - held.fetchedAt;
  const byDefault = now + life / 2;
  const needed = expiringAfter === undefined || expiringAfter >= now + life ? byDefault : expiringAfter;
  return expiresAt > now && expiresAt > needed;
}

function read(data: AuthorizationData | undefined, clockOffset: number, now: number): RegistryToken {
  const {authorizationToken, expiresAt, proxyEndpoint = publicHost} = data ?? {};
  const decoded = Buffer.from(authorizationToken ?? '', 'base64').toString('utf8');
  // The password may hold colons.
  const colon = decoded.indexOf(':');
  if (colon < 1 || !expiresAt) {
    throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message: 'GetAuthorizationToken answered without a usable token'});
  }
  const ours = new Date(expiresAt.getTime() - clockOffset);
  if (ours.getTime() <= now) {
    const message = `GetAuthorizationToken gave a token that expired at ${expiresAt.toISOString()}: is the operator's clock right?`;
    throw new Interruption({is: 'failed', reason: 'TokenExpired', message, seconds: 60});
  }
  return {
    username: decoded.slice(0, colon),
    password: new Secret(decoded.slice(colon + 1)),
    expiresAt: ours,
    host: hostOf(proxyEndpoint),
  };
}
