import {Interruption} from '../kinds/outcome.ts';
import type {AuthorizationToken} from './ecr.ts';
import {Secret} from './secret.ts';

/** GetAuthorizationToken's answer, as the SDK gives it. */
export interface AuthorizationData {
  readonly authorizationToken?: string | undefined;
  readonly expiresAt?: Date | undefined;
  readonly proxyEndpoint?: string | undefined;
}

/** Shares one token of one identity and region, and asks for the next one once however many want it. */
export class TokenMemo {
  readonly #fetch: () => Promise<AuthorizationData | undefined>;
  readonly #now: () => Date;
  #held: {readonly token: AuthorizationToken; readonly fetchedAt: number} | undefined;
  #pending: Promise<AuthorizationToken> | undefined;

  constructor(fetch: () => Promise<AuthorizationData | undefined>, now: () => Date) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /**
   * A token that is valid past `expiringAfter`, by default for another half of its life. A time that no token reaches (later
   * than the whole life of the one held) counts as the default, or each caller would cost a call. Never an expired token.
   * Where the next one cannot be had it throws, though the last may still be good for a while.
   */
  async get(expiringAfter?: Date): Promise<AuthorizationToken> {
    if (this.#held && isGood(this.#held, this.#now().getTime(), expiringAfter?.getTime())) return this.#held.token;
    this.#pending ??= this.#renew();
    return this.#pending;
  }

  async #renew(): Promise<AuthorizationToken> {
    try {
      const data = await this.#fetch();
      const now = this.#now().getTime();
      const token = read(data, now);
      this.#held = {token, fetchedAt: now};
      return token;
    } finally {
      this.#pending = undefined;
    }
  }
}

function isGood(held: {readonly token: AuthorizationToken; readonly fetchedAt: number}, now: number, expiringAfter?: number): boolean {
  const expiresAt = held.token.expiresAt.getTime();
  const life = expiresAt - held.fetchedAt;
  const byDefault = now + life / 2;
  const needed = expiringAfter === undefined || expiringAfter >= now + life ? byDefault : expiringAfter;
  return expiresAt > now && expiresAt > needed;
}

function read(data: AuthorizationData | undefined, now: number): AuthorizationToken {
  const {authorizationToken, expiresAt, proxyEndpoint} = data ?? {};
  const decoded = Buffer.from(authorizationToken ?? '', 'base64').toString('utf8');
  // The password may hold colons.
  const colon = decoded.indexOf(':');
  if (colon < 1 || !expiresAt || !proxyEndpoint) {
    throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message: 'ecr:GetAuthorizationToken answered without a usable token'});
  }
  if (expiresAt.getTime() <= now) {
    const message = `ecr:GetAuthorizationToken gave a token that expired at ${expiresAt.toISOString()}: is the clock right?`;
    throw new Interruption({is: 'failed', reason: 'TokenExpired', message, seconds: 60});
  }
  return {
    username: decoded.slice(0, colon),
    password: new Secret(decoded.slice(colon + 1)),
    expiresAt,
    proxyEndpoint: proxyEndpoint.replace(/^https?:\/\//, '').replace(/\/+$/, ''),
  };
}
