import {hash} from 'node:crypto';

/** One registry's part of a secret, as the secret's annotation tells it. Times are RFC 3339, by the operator's clock. */
export interface Entry {
  readonly registry: string;
  readonly host: string;
  readonly expiresAt: string;
  /** When this token was first written anywhere. */
  readonly refreshedAt: string;
}

/** When an entry, or a whole secret, runs out and when it is to be renewed; in milliseconds since 1970. */
export interface Deadlines {
  readonly expires: number;
  readonly due: number;
}

/** A number in [0, 1) that is always the same for one object: it spreads the refreshes of many objects. */
export function jitterOf(uid: string): number {
  return hash('sha256', uid, 'buffer').readUInt32BE(0) / 2 ** 32;
}

/**
 * The kubelet's own provider renews at half of a token's life; so does this, up to a tenth of the life earlier. Never before
 * a tenth of the life is over, so that a `refreshBeforeSeconds` longer than the life does not renew all the time.
 */
export function deadlinesOf(entry: Entry, jitter: number, refreshBeforeSeconds?: number): Deadlines {
  const expires = Date.parse(entry.expiresAt);
  const life = lifeOf(entry);
  const before = refreshBeforeSeconds === undefined ? life * (0.5 + 0.1 * jitter) : refreshBeforeSeconds * 1000 * (1 + 0.1 * jitter);
  return {expires, due: Math.floor(expires - Math.min(before, life * 0.9))};
}

/** Whether losing this entry would matter: it works, and not only for its last moments (a twentieth of its life). */
export function isWorthKeeping(entry: Entry, now: number): boolean {
  return Date.parse(entry.expiresAt) - now > lifeOf(entry) * 0.05;
}

/** The deadlines of entries that are renewed together: the earliest of each. */
export function earliest(entries: readonly Entry[], jitter: number, refreshBeforeSeconds?: number): Deadlines {
  let expires = Infinity;
  let due = Infinity;
  for (const entry of entries) {
    const one = deadlinesOf(entry, jitter, refreshBeforeSeconds);
    expires = Math.min(expires, one.expires);
    due = Math.min(due, one.due);
  }
  return {expires, due};
}

const toleratedMilliseconds = 60_000;

/**
 * Whether an entry was written by a clock that was ahead of what it is now: then its times are worth nothing, and it may have
 * expired long ago.
 */
export function isFromTheFuture(entry: Entry, now: number): boolean {
  return Date.parse(entry.refreshedAt) > now + toleratedMilliseconds;
}

function lifeOf({expiresAt, refreshedAt}: Entry): number {
  return Math.max(0, Date.parse(expiresAt) - Date.parse(refreshedAt));
}
