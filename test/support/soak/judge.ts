import type {RecordedPull} from '../../cloud/gateway/pulls.ts';
import type {IssuedToken} from '../../cloud/gateway/tokens.ts';

/** A Secret of a namespace holds a token from a moment on, until its next one. Times are milliseconds since 1970. */
export interface Held {
  readonly namespace: string;
  readonly fingerprint: string;
  readonly from: number;
}

export interface Evidence {
  readonly pulls: readonly RecordedPull[];
  readonly tokens: readonly IssuedToken[];
  /** In the order in which they were seen. */
  readonly held: readonly Held[];
  /** When pods said that a pull had failed. */
  readonly failures: readonly {readonly namespace: string; readonly time: number}[];
  /** Whose pull a request to a repository was. */
  readonly namespaceOf: (repositoryName: string) => string | undefined;
  /** How long a token may be on its way from the first Secret that holds it to a request, in milliseconds. */
  readonly grace: number;
}

/** A pull that was refused. */
export interface Refusal {
  readonly namespace: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** What it showed; `none` where the kubelet had nothing to show. */
  readonly token: 'expired' | 'unknown' | 'none';
  /**
   * Where a token was at that moment that was valid, and in a Secret for longer than the grace: in a Secret of the same namespace
   * (`here`), in others (`elsewhere`), or in others while this namespace did not have its first one yet (`not yet here`).
   * `nowhere`: no pull could have worked.
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

/** Sorts what the registry saw. */
export function judge({pulls, tokens, held, failures, namespaceOf, grace}: Evidence): Verdict {
  const expiry = new Map(tokens.map(({fingerprint, expiresAt}) => [fingerprint, Date.parse(expiresAt)]));
  const heldBy = Map.groupBy(held, ({namespace}) => namespace);

  const validAt = (namespace: string, time: number): Refusal['validToken'] => {
    const arrived = (one: Held) => one.from <= time - grace;
    const works = (one: Held) => arrived(one) && (expiry.get(one.fingerprint) ?? 0) > time;
    const here = (heldBy.get(namespace) ?? []).filter(arrived);
    if (here.some(works)) return 'here';
    if (!held.some(works)) return 'nowhere';
    return here.length > 0 ? 'elsewhere' : 'not yet here';
  };

  const refusals: Refusal[] = [];
  const strange: RecordedPull[] = [];
  let asked = 0;
  let stalest = 0;
  for (const [namespace = '', requests] of Map.groupBy(pulls, ({repositoryName = ''}) => namespaceOf(repositoryName))) {
    if (namespace === '') continue;
    const refuse = (time: number, token: Refusal['token']) => refusals.push({namespace, time, token, validToken: validAt(namespace, time)});
    // On a busy machine a client may take longer to ask again; then it gets what it asks for, and no pull fails.
    const hasFailed = (time: number) => failures.some((one) => one.namespace === namespace && one.time >= time && one.time < time + told);
    for (const time of withoutToken(requests)) if (hasFailed(time)) refuse(time, 'none');
    for (const request of requests) {
      if (request.token === 'none') continue;
      const time = Date.parse(request.time);
      asked += 1;
      stalest = Math.max(stalest, staleness(heldBy.get(namespace) ?? [], request.fingerprint, time));
      if (request.token !== 'valid') refuse(time, request.token);
      else if (request.status >= 400) strange.push(request);
    }
  }
  return {asked, refusals: refusals.toSorted((a, b) => a.time - b.time), strange, stalest};
}

/** Within which time a pod says that its pull has failed, in milliseconds. */
const told = 5000;
/**
 * In milliseconds. containerd asks again at once, on a busy machine within seconds, also of the mirror's server where the mirror
 * refused it. Each answer is taken for one question only, so that the time may be long.
 */
const atOnce = told;

/**
 * The times of pulls that had no token to show. Every client asks without one first, is answered 401, and asks the same again
 * with one: what is not asked again is such a pull.
 */
function withoutToken(requests: readonly RecordedPull[]): readonly number[] {
  const open: number[] = [];
  const heads = requests
    .filter(({method, kind}) => method === 'HEAD' && kind === 'manifests')
    .map((request) => ({time: Date.parse(request.time), token: request.token}))
    .toSorted((a, b) => a.time - b.time);
  for (const {time, token} of heads) {
    if (token === 'none') open.push(time);
    else {
      // The newest: one that nobody asks again, as its pod is gone, stays where it was.
      const asked = open.findLastIndex((before) => time - before < atOnce);
      if (asked !== -1) open.splice(asked, 1);
    }
  }
  return open.filter((time, index) => time - (open[index - 1] ?? -Infinity) >= atOnce);
}

function staleness(held: readonly Held[], fingerprint: string | undefined, time: number): number {
  const own = held.findLastIndex((one) => one.fingerprint === fingerprint);
  const next = own === -1 ? undefined : held[own + 1];
  return next === undefined ? 0 : Math.max(0, time - next.from);
}
