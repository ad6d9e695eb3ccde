import type {ConditionClaim} from './kind.ts';
import type {Outcome} from './outcome.ts';

/** metav1.Condition. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly observedGeneration: number;
  /** RFC 3339, whole seconds. Moves only when `status` moves. */
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * How long retries may fail before an object that was ready stops saying so: ten minutes, the time that Kubernetes gives a
 * Deployment to make progress (`progressDeadlineSeconds`), and at least two retries at the longest back-off (300 s).
 */
export const graceSeconds = 600;

/** The reason of `Reconciling` while retries fail; the name that Flux and kstatus's users know. */
const retrying = 'ProgressingWithRetry';
const longestMessage = 32768;
const computed = new Set(['Ready', 'Reconciling', 'Stalled']);

export interface Judged {
  /** The conditions that the object has. */
  readonly previous: readonly Condition[];
  readonly outcome: Outcome;
  readonly claims: readonly ConditionClaim[];
  /** `metadata.generation` of the object that the outcome is about. */
  readonly generation: number;
  readonly now: Date;
}

/**
 * The conditions of an object, from what became of the walk. Readable by kstatus, `kubectl wait`, Argo CD and Flux:
 *
 * | outcome | Ready | Reconciling | Stalled |
 * | --- | --- | --- | --- |
 * | settled | True; False or Unknown where a claim that is not `aside` says so (False trumps Unknown) | – | – |
 * | waiting | False | True `Progressing` | – |
 * | stalled | False | – | True |
 * | failed | Unknown; but True stays for `graceSeconds` | True `ProgressingWithRetry` | – |
 *
 * `Reconciling` and `Stalled` are present only while True.
 *
 * **One failure does not make a ready object unready.** A failed walk says that we do not know, not that something broke:
 * when AWS cannot be reached for five minutes, the repositories are still there, and a fleet that turns unready at once
 * would set off every alarm and stop every roll-out that waits for it. So `Ready` stays True while the failures last no
 * longer than `graceSeconds` (counted from `Reconciling`'s transition, so that it holds over a restart), if it was True *for
 * this generation* and nothing is known to be False. A generation that never settled is never shown as ready.
 */
export function conditionsOf(judged: Judged): readonly Condition[] {
  const claims = judged.claims.filter((claim) => !computed.has(claim.type));
  const bearing = claims.filter((claim) => claim.aside !== true);
  const all = [readyOf(judged, bearing), ...signalsOf(judged.outcome), ...claims].map((claim) => conditionOf(claim, judged));
  const unique = [...new Map(all.map((condition) => [condition.type, condition])).values()];
  return unique.toSorted((a, b) => rank(a) - rank(b) || (a.type < b.type ? -1 : 1));
}

/** What the conditions said last, as an outcome's name and reason; `undefined` before the first verdict. */
export function verdictOf(conditions: readonly Condition[]): {readonly is: Outcome['is']; readonly reason: string} | undefined {
  const stalled = isTrue(conditions, 'Stalled');
  if (stalled !== undefined) return {is: 'stalled', reason: stalled.reason};
  const reconciling = isTrue(conditions, 'Reconciling');
  const ready = conditions.find((condition) => condition.type === 'Ready');
  if (reconciling?.reason === retrying) return {is: 'failed', reason: reconciling.message.split(': ', 1)[0] ?? ''};
  if (reconciling !== undefined) return {is: 'waiting', reason: ready?.reason ?? reconciling.reason};
  return ready === undefined ? undefined : {is: 'settled', reason: ready.reason};
}

function readyOf({previous, outcome, generation, now}: Judged, claims: readonly ConditionClaim[]): ConditionClaim {
  const {reason, message} = outcome;
  const denied = claims.find((claim) => claim.status === 'False');
  if (outcome.is === 'settled') {
    const against = denied ?? claims.find((claim) => claim.status === 'Unknown');
    return {...(against ?? {status: 'True', reason, message}), type: 'Ready'};
  }
  if (outcome.is !== 'failed') return {type: 'Ready', status: 'False', reason, message};
  if (denied !== undefined) return {...denied, type: 'Ready'};
  const ready = isTrue(previous, 'Ready');
  if (ready?.observedGeneration === generation && secondsOfFailures(previous, now) < graceSeconds) return ready;
  return {type: 'Ready', status: 'Unknown', reason, message};
}

function signalsOf({is, reason, message}: Outcome): readonly ConditionClaim[] {
  if (is === 'settled') return [];
  if (is === 'stalled') return [{type: 'Stalled', status: 'True', reason, message}];
  if (is === 'waiting') return [{type: 'Reconciling', status: 'True', reason: 'Progressing', message}];
  return [{type: 'Reconciling', status: 'True', reason: retrying, message: `${reason}: ${message}`}];
}

function secondsOfFailures(previous: readonly Condition[], now: Date): number {
  const reconciling = isTrue(previous, 'Reconciling');
  return reconciling?.reason === retrying ? (now.getTime() - Date.parse(reconciling.lastTransitionTime)) / 1000 : 0;
}

function conditionOf(claim: ConditionClaim, {previous, generation, now}: Judged): Condition {
  const before = previous.find((condition) => condition.type === claim.type);
  return {
    type: claim.type,
    status: claim.status,
    observedGeneration: generation,
    lastTransitionTime: before?.status === claim.status ? before.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`,
    reason: reasonText(claim.reason),
    message: trimmed(claim.message),
  };
}

/** The API server refuses a whole status for a reason that is not of this form, such as an error code with a dot. */
function reasonText(reason: string): string {
  const text = reason
    .replaceAll(/[^A-Za-z0-9_,:]/g, '')
    .replace(/^[^A-Za-z]+/, '')
    .replace(/[,:]+$/, '');
  return text.slice(0, 1024) || 'Unknown';
}

function trimmed(message: string): string {
  if (message.length <= longestMessage) return message;
  return `${message.slice(0, longestMessage - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function isTrue(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type && condition.status === 'True');
}

function rank({type}: Condition): number {
  const index = ['Ready', 'Reconciling', 'Stalled'].indexOf(type);
  return index < 0 ? 3 : index;
}
