import type {RecordedPull} from '../../cloud/gateway/pulls.ts';
import type {IssuedToken} from '../../cloud/gateway/tokens.ts';

/** A Secret of a namespace holds a token from a moment on, until its next one. Times are milliseconds since 1970. */
export interface Held {
  readonly namespace: string;
  readonly fingerprint: string;
  readonly from: number;
}

/** A pull that a pod says has failed, in the kubelet's words. */
export interface FailedPull {
  readonly namespace: string;
  readonly pod: string;
  readonly time: number;
  readonly message: string;
}

export interface Evidence {
  readonly pulls: readonly RecordedPull[];
  readonly tokens: readonly IssuedToken[];
  readonly held: readonly Held[];
  readonly failed: readonly FailedPull[];
  /** Whose pull a request to a repository was. */
  readonly namespaceOf: (repositoryName: string) => string | undefined;
  /** How long a token may be on its way from the first Secret that holds it to a request, in milliseconds. */
  readonly grace: number;
}

/** A pull that was refused. */
export interface Refusal {
  readonly namespace: string;
  readonly time: number;
  /** What the request showed; `none` where the kubelet had no Secret to show anything from. */
  readonly token: 'expired' | 'unknown' | 'none';
  /**
   * Whether a token was valid at that moment that some Secret had held for longer than the grace: in a Secret of the same
   * namespace (`here`), in a namespace that had a Secret of its own (`elsewhere`), or in others while this namespace had
   * none yet (`not yet here`). `nowhere`: no pull could have worked.
   */
  readonly validToken: 'here' | 'elsewhere' | 'not yet here' | 'nowhere';
}

export interface Verdict {
  /** Requests with a token. */
  readonly asked: number;
  readonly refusals: readonly Refusal[];
  /** Requests with a valid token that failed all the same. */
  readonly strange: readonly RecordedPull[];
  /** The longest time between a new token in a namespace's Secret and a request there that showed an older one, in milliseconds. */
  readonly stalest: number;
}

/**
 * Sorts what the registry saw. A request without a token is how every client begins, so a pull without one is known by what
 * its pod says.
 */
export function judge(evidence: Evidence): Verdict {
  const {pulls, tokens, held, failed, namespaceOf, grace} = evidence;
  const expiry = new Map(tokens.map(({fingerprint, expiresAt}) => [fingerprint, Date.parse(expiresAt)]));
  const worksAt = (time: number) => (one: Held) => one.from <= time - grace && (expiry.get(one.fingerprint) ?? 0) > time;
  const by = Map.groupBy(
    held.toSorted((a, b) => a.from - b.from),
    ({namespace}) => namespace,
  );

  const validAt = (namespace: string, time: number): Refusal['validToken'] => {
    const here = (by.get(namespace) ?? []).filter(({from}) => from <= time);
    if (here.some(worksAt(time))) return 'here';
    if (!held.some(worksAt(time))) return 'nowhere';
    return here.length > 0 ? 'elsewhere' : 'not yet here';
  };

  const refusals: Refusal[] = [];
  const strange: RecordedPull[] = [];
  let asked = 0;
  let stalest = 0;
  for (const pull of pulls) {
    const namespace = pull.repositoryName === undefined ? undefined : namespaceOf(pull.repositoryName);
    if (namespace === undefined || pull.token === 'none') continue;
    const time = Date.parse(pull.time);
    asked += 1;
    stalest = Math.max(stalest, staleness(by.get(namespace) ?? [], pull.fingerprint, time));
    if (pull.token !== 'valid') refusals.push({namespace, time, token: pull.token, validToken: validAt(namespace, time)});
    else if (pull.status >= 400) strange.push(pull);
  }
  for (const {namespace, time, message} of failed) {
    if (isAnonymous(message)) refusals.push({namespace, time, token: 'none', validToken: validAt(namespace, time)});
  }
  return {asked, refusals: refusals.toSorted((a, b) => a.time - b.time), strange, stalest};
}

function staleness(held: readonly Held[], fingerprint: string | undefined, time: number): number {
  const own = held.findLastIndex((one) => one.fingerprint === fingerprint);
  const next = own === -1 ? undefined : held[own + 1];
  return next === undefined ? 0 : Math.max(0, time - next.from);
}

/** containerd's words for an answer of 401: it had nothing to show. */
export function isAnonymous(message: string): boolean {
  return /\b401\b|no basic auth credentials/i.test(message);
}
