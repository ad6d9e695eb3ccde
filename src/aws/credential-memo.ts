import type {fromHttp} from '@aws-sdk/credential-providers';

/** The SDK's own type, by way of a provider of ours. */
export type Credentials = Awaited<ReturnType<ReturnType<typeof fromHttp>>>;

/** What every client of one identity gets. One fetch serves all that wait for it. Throws Interruption. */
export interface CredentialMemo {
  readonly provider: (() => Promise<Credentials>) & {readonly memoized: true};
  /** AWS refused them although they had not expired: the next call fetches new ones. */
  invalidate(): void;
}

const earlyMilliseconds = 5 * 60_000;
const quietMilliseconds = 30_000;
/** Many objects ask at once; while there are no credentials they share one refusal, so that STS is not asked for each of them. */
const refusalMilliseconds = 1000;

/**
 * One memory for all clients of an identity: the SDK's own is one for each client, which makes as many calls to STS as there
 * are regions. Refreshed five minutes before they expire (at half of their life, where that is under ten minutes); while a
 * refresh fails, what is still valid is used.
 */
export function rememberCredentials(fetch: () => Promise<Credentials>, clock: () => Date): CredentialMemo {
  const now = () => clock().getTime();
  let held: {readonly credentials: Credentials; readonly fetchedAt: number; readonly refreshAt: number} | undefined;
  let pending: Promise<Credentials> | undefined;
  let refusal: {readonly error: unknown; readonly until: number} | undefined;

  async function renew(): Promise<Credentials> {
    const previous = held;
    try {
      const credentials = await fetch();
      held = {credentials, fetchedAt: now(), refreshAt: refreshTime(credentials, now())};
      return credentials;
    } catch (error) {
      if (previous === undefined || previous !== held || !isValid(previous.credentials, now())) {
        refusal = {error, until: now() + refusalMilliseconds};
        throw error;
      }
      held = {...previous, refreshAt: now() + quietMilliseconds};
      return previous.credentials;
    } finally {
      pending = undefined;
    }
  }

  async function provide(): Promise<Credentials> {
    if (held && now() < held.refreshAt) return held.credentials;
    if (refusal && now() < refusal.until) throw refusal.error;
    pending ??= renew();
    return pending;
  }

  return {
    // `memoized` tells the SDK not to remember by itself, which would keep what `invalidate` drops.
    provider: Object.assign(provide, {memoized: true} as const),
    invalidate() {
      // New ones are not fetched again and again where they are refused at once.
      if (held && now() - held.fetchedAt >= quietMilliseconds) held = undefined;
    },
  };
}

function refreshTime({expiration}: Credentials, fetchedAt: number): number {
  if (!expiration) return Number.POSITIVE_INFINITY;
  const expiresAt = expiration.getTime();
  return Math.max(expiresAt - earlyMilliseconds, fetchedAt + (expiresAt - fetchedAt) / 2);
}

function isValid({expiration}: Credentials, now: number): boolean {
  return !expiration || expiration.getTime() > now;
}
