import type {Outcome} from '../outcome.ts';
import type {Failure, NamespaceView, Observed, RegistryView} from './observed.ts';
import {failureOf, isImprovement, isValid, needOf, needsAttaching, type Measure} from './verdict.ts';

/** What all selected namespaces together amount to. Times are in milliseconds since 1970; Infinity where there are none. */
export interface Tally {
  selected: number;
  /** Valid, and attached to every chosen ServiceAccount. */
  ready: number;
  /** Valid; what is merely due is valid. */
  valid: number;
  expired: number;
  /** Need a token that is not in hand, and have no valid secret. */
  blocked: number;
  /** Are due, have a valid secret, and the token is not in hand. */
  postponed: number;
  expires: number;
  due: number;
  readonly failures: {readonly namespace: string; readonly failure: Failure}[];
}

/** Namespaces that are being deleted do not count. */
export function tallyOf(namespaces: ReadonlyMap<string, NamespaceView>, measure: Measure): Tally {
  const tally: Tally = {
    selected: 0,
    ready: 0,
    valid: 0,
    expired: 0,
    blocked: 0,
    postponed: 0,
    expires: Infinity,
    due: Infinity,
    failures: [],
  };
  for (const view of namespaces.values()) {
    if (view.isTerminating) continue;
    const failure = view.isSelected ? failureOf(view, measure) : view.failure;
    if (failure) tally.failures.push({namespace: view.name, failure});
    if (view.isSelected) count(tally, view, failure, measure);
  }
  return tally;
}

function count(tally: Tally, view: NamespaceView, failure: Failure | undefined, measure: Measure): void {
  tally.selected++;
  const need = needOf(view.secret, measure);
  if (view.secret !== undefined && view.secret.entries.length > 0) {
    const {expires, due} = measure.deadlines(view.secret.entries);
    tally.expires = Math.min(tally.expires, expires);
    tally.due = Math.min(tally.due, due);
  }
  if (need === 'expired') tally.expired++;
  if (failure) return;
  if (isValid(need)) {
    tally.valid++;
    if (!view.accounts.some((account) => needsAttaching(account, measure))) tally.ready++;
  }
  if (need === undefined || isImprovement(view.secret, need, measure)) return;
  if (isValid(need)) tally.postponed++;
  else tally.blocked++;
}

/** While a namespace is not served, and nothing tells when that ends, it is looked at this often. */
const failureSeconds = 300;
const blockedSeconds = 60;

/** What is true of a ClusterPullSecret that is to stay, once the steps of its plan are done. */
export function servingOutcome(observed: Observed, measure: Measure, hasSteps: boolean): Outcome {
  const tally = tallyOf(observed.namespaces, measure);
  const trouble = troubleOf(observed.registries);
  if (tally.blocked > 0 && trouble) return {...trouble, ...pressing(trouble), message: `${trouble.message}; ${waiting(tally.blocked)}`};
  if (hasSteps) return {is: 'waiting', reason: 'Writing', message: 'pull secrets are being written', seconds: 1};
  const untilDue = secondsUntil(tally.due, measure.now);
  if (tally.failures.length > 0)
    return failed(
      tally,
      Math.min(failureSeconds, tally.postponed > 0 ? postponedSeconds(trouble, tally.expires - measure.now) : (untilDue ?? failureSeconds)),
    );
  if (tally.selected === 0) return {is: 'settled', reason: 'NothingSelected', message: 'no namespace is selected'};
  const until = new Date(tally.expires).toISOString();
  const message = `${plural(tally.ready)} the secret, valid until ${until}`;
  if (tally.postponed > 0) {
    return {is: 'settled', reason: 'RefreshPostponed', message, seconds: postponedSeconds(trouble, tally.expires - measure.now)};
  }
  return {is: 'settled', reason: 'Refreshed', message, ...(untilDue !== undefined && {seconds: untilDue})};
}

/** What is true of a ClusterPullSecret that goes. Without steps and settled, it may. */
export function removalOutcome(observed: Observed, hasSteps: boolean): Outcome {
  if (hasSteps) return {is: 'waiting', reason: 'Removing', message: 'pull secrets are being removed', seconds: 1};
  const failures = [...observed.namespaces.values()].flatMap(({name, failure, isTerminating}) => {
    return failure && !isTerminating ? [{namespace: name, failure}] : [];
  });
  if (failures.length > 0) return failed({failures}, failureSeconds);
  return {is: 'settled', reason: 'Removed', message: 'no namespace holds anything of it'};
}

/** The first registry, in the order of the spec, that gave no token. */
export function troubleOf(registries: readonly RegistryView[]): Outcome | undefined {
  return registries.find(({trouble}) => trouble !== undefined)?.trouble;
}

function failed({failures}: Pick<Tally, 'failures'>, seconds: number): Outcome {
  const [first] = failures;
  const more = failures.length > 1 ? `, and ${failures.length - 1} more` : '';
  const message = `${failures.length} ${failures.length === 1 ? 'namespace' : 'namespaces'} failed: ${first?.failure.message ?? ''}${more}`;
  // Only what nobody needs to mend is retried with back-off.
  if (failures.every(({failure}) => failure.mayPass)) return {is: 'failed', reason: 'NamespacesFailed', message};
  return {is: 'stalled', reason: 'NamespacesFailed', message, seconds};
}

/** Pods wait for it: look again soon, even where a user must act first, because what is mended in AWS sends no event. */
function pressing(trouble: Outcome): {seconds?: number} {
  if (trouble.is !== 'stalled') return {};
  return {seconds: Math.min(trouble.seconds ?? blockedSeconds, blockedSeconds)};
}

/**
 * The nearer the expiry, the more often: a twentieth of what is left, between 5 seconds and 5 minutes. Not before the time
 * that the other side named, but at the latest when the first secret expires: then that must be said.
 */
function postponedSeconds(trouble: Outcome | undefined, left: number): number {
  const paced = Math.max(trouble?.seconds ?? 0, Math.min(300, Math.max(5, Math.ceil(left / 20_000))));
  return Math.min(paced, Math.max(1, Math.ceil(left / 1000)));
}

function secondsUntil(time: number, now: number): number | undefined {
  return Number.isFinite(time) ? Math.max(1, Math.ceil((time - now) / 1000)) : undefined;
}

function waiting(namespaces: number): string {
  return namespaces === 1 ? '1 namespace waits for the token' : `${namespaces} namespaces wait for the token`;
}

function plural(namespaces: number): string {
  return namespaces === 1 ? '1 namespace has' : `${namespaces} namespaces have`;
}
