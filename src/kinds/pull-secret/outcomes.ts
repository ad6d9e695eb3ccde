import type {Outcome} from '../outcome.ts';
import type {Observed} from './observed.ts';
import {tallyOf, type Tally, type TalliedFailure} from './tally.ts';
import type {Measure} from './verdict.ts';

/** While something is not served, and nothing tells when that ends, it is looked at this often. */
const failureSeconds = 300;
const blockedSeconds = 60;

/** What is true of an object that is to stay, once the steps of its plan are done. */
export function servingOutcome(observed: Observed, measure: Measure, hasSteps: boolean): Outcome {
  const tally = tallyOf(observed, measure);
  const {trouble} = tally;
  if (tally.blocked > 0 && trouble) return {...trouble, ...pressing(trouble), message: blockedText(trouble, tally, measure)};
  if (hasSteps) return {is: 'waiting', reason: 'Writing', message: 'pull secrets are being written', seconds: 1};
  const untilDue = secondsUntil(tally.due, measure.now);
  if (tally.failures.length > 0) {
    const soonest = tally.postponed > 0 ? postponedSeconds(trouble, tally.expires - measure.now) : (untilDue ?? failureSeconds);
    return failed(tally, measure, Math.min(tally.refused > 0 ? blockedSeconds : failureSeconds, soonest));
  }
  if (tally.selected === 0) return {is: 'settled', reason: 'NothingSelected', message: 'no namespace is selected'};
  if (tally.secrets === 0) {
    const message = 'no chosen ServiceAccount has the annotation eks.amazonaws.com/ecr-role-arn';
    return {is: 'settled', reason: 'NothingSelected', message};
  }
  const message = `${holders(tally, measure)} the secret, valid until ${new Date(tally.expires).toISOString()}`;
  if (tally.postponed > 0) {
    return {is: 'settled', reason: 'RefreshPostponed', message, seconds: postponedSeconds(trouble, tally.expires - measure.now)};
  }
  return {is: 'settled', reason: 'Refreshed', message, ...(untilDue !== undefined && {seconds: untilDue})};
}

/** What is true of an object that goes. Without steps and settled, it may. */
export function removalOutcome(observed: Observed, measure: Measure, hasSteps: boolean): Outcome {
  if (hasSteps) return {is: 'waiting', reason: 'Removing', message: 'pull secrets are being removed', seconds: 1};
  const failures = [...observed.namespaces.values()].flatMap(({name, failure, slots, isTerminating}): TalliedFailure[] => {
    const found = failure ?? slots.find((slot) => slot.failure !== undefined)?.failure;
    return found && !isTerminating ? [{namespace: name, failure: found}] : [];
  });
  if (failures.length > 0) return failed({failures}, measure, failureSeconds);
  return {is: 'settled', reason: 'Removed', message: 'no namespace holds anything of it'};
}

/** A PullSecret has one namespace: what is wrong there is what is wrong with it. */
function failed({failures}: Pick<Tally, 'failures'>, {owner}: Measure, seconds: number): Outcome {
  const [first] = failures;
  const isSingle = owner.kind === 'PullSecret' && failures.length === 1;
  const count = owner.kind === 'PullSecret' ? secrets(failures.length) : namespaces(new Set(failures.map(({namespace}) => namespace)).size);
  const more = failures.length > 1 ? `, and ${failures.length - 1} more` : '';
  const text = first?.failure.message ?? '';
  const message = isSingle ? text : `${count} failed: ${text}${more}`;
  const reason = isSingle ? (first?.failure.reason ?? '') : owner.kind === 'PullSecret' ? 'SecretsFailed' : 'NamespacesFailed';
  // Only what nobody needs to mend is retried with back-off.
  if (failures.every(({failure}) => failure.mayPass)) return {is: 'failed', reason, message};
  return {is: 'stalled', reason, message, seconds};
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

function blockedText({message}: Outcome, {blocked}: Tally, {owner}: Measure): string {
  if (owner.kind === 'PullSecret') return message;
  return `${message}; ${blocked === 1 ? '1 namespace waits for the token' : `${blocked} namespaces wait for the token`}`;
}

function holders({ready, secrets: count}: Tally, {owner, isForEach}: Measure): string {
  if (isForEach) return count === 1 ? '1 ServiceAccount has' : `${count} ServiceAccounts have`;
  if (owner.kind === 'PullSecret') return 'the namespace has';
  return ready === 1 ? '1 namespace has' : `${ready} namespaces have`;
}

function namespaces(count: number): string {
  return count === 1 ? '1 namespace' : `${count} namespaces`;
}

function secrets(count: number): string {
  return count === 1 ? '1 secret' : `${count} secrets`;
}
