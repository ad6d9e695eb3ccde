import type {Outcome} from '../outcome.ts';
import type {Failure, NamespaceView, Observed, RegistryView, Slot} from './observed.ts';
import {failureBy, failureOf, isImprovement, isValid, needOf, needsAttaching, type Measure} from './verdict.ts';

/** What all that is selected amounts to. Times are in milliseconds since 1970; Infinity where there are none. */
export interface Tally {
  /** Namespaces. */
  selected: number;
  /** Namespaces where all is valid, and attached to every chosen ServiceAccount. */
  ready: number;
  /** Secrets that are to be there. */
  secrets: number;
  /** Secrets that work; what is merely due does. */
  valid: number;
  expired: number;
  /** Need a token that is not in hand, and have no valid Secret. */
  blocked: number;
  /** The same, with the role of a ServiceAccount: each is among the failures. */
  refused: number;
  /** Are due, have a valid Secret, and the token is not in hand. */
  postponed: number;
  expires: number;
  due: number;
  /** What keeps the operator from getting a token, where Secrets are blocked or postponed for it. */
  trouble: Outcome | undefined;
  readonly failures: TalliedFailure[];
}

export interface TalliedFailure {
  readonly namespace: string;
  readonly serviceAccount?: string;
  readonly failure: Failure;
}

/** Namespaces that are being deleted do not count. */
export function tallyOf({namespaces, parties}: Observed, measure: Measure): Tally {
  const tally: Tally = {
    selected: 0,
    ready: 0,
    secrets: 0,
    valid: 0,
    expired: 0,
    blocked: 0,
    refused: 0,
    postponed: 0,
    expires: Infinity,
    due: Infinity,
    trouble: undefined,
    failures: [],
  };
  for (const view of namespaces.values()) {
    if (view.isTerminating) continue;
    if (view.failure) tally.failures.push({namespace: view.name, failure: view.failure});
    if (!view.isSelected) continue;
    tally.selected++;
    const served = view.slots.filter((slot) => countSlot(tally, view, slot, {measure, parties}));
    const isAttached = !view.accounts.some((account) => needsAttaching(account, measure));
    if (served.length === view.slots.length && isAttached) tally.ready++;
  }
  return tally;
}

interface Given {
  readonly measure: Measure;
  readonly parties: Observed['parties'];
}

/** Whether the Secret works. */
function countSlot(tally: Tally, {name: namespace}: NamespaceView, slot: Slot, {measure, parties}: Given): boolean {
  const {secret, party, asker} = slot;
  tally.secrets++;
  const need = needOf(secret, measure);
  if (secret !== undefined && secret.entries.length > 0) {
    const {expires, due} = measure.deadlines(secret.entries);
    tally.expires = Math.min(tally.expires, expires);
    tally.due = Math.min(tally.due, due);
  }
  if (need === 'expired') tally.expired++;
  const whose = {namespace, ...(measure.isForEach && asker.is !== 'operator' && {serviceAccount: nameOf(asker)})};
  const failure = failureOf(namespace, slot, measure);
  if (failure) {
    tally.failures.push({...whose, failure});
    return false;
  }
  if (isValid(need)) tally.valid++;
  if (need === undefined || isImprovement(slot, need, measure)) return isValid(need);
  const trouble = troubleOf(parties.get(party) ?? []);
  if (isValid(need)) tally.postponed++;
  else if (party === '' || trouble === undefined) tally.blocked++;
  else {
    tally.refused++;
    tally.failures.push({...whose, failure: failureBy(trouble)});
  }
  tally.trouble ??= trouble;
  return isValid(need);
}

function nameOf(asker: Exclude<Slot['asker'], {is: 'operator'}>): string {
  return asker.is === 'unable' ? asker.serviceAccount : asker.principal.name;
}

/** The first registry, in the order of the spec, that gave no token. */
export function troubleOf(registries: readonly RegistryView[]): Outcome | undefined {
  return registries.find(({trouble}) => trouble !== undefined)?.trouble;
}
