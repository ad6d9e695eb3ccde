import {verdictOf} from '../kinds/conditions.ts';
import type {Outcome} from '../kinds/outcome.ts';
import type {Done} from './apply-steps.ts';
import type {Happening} from './events.ts';
import type {Condition} from '../kinds/conditions.ts';

/** One Event for each API operation that was called: its name, why, and the request id of the last call that has one. */
export function happeningsOf(done: readonly Done[]): readonly Happening[] {
  return [...Map.groupBy(done, ({step}) => step.call)].map(([call, group]) => {
    const why = group[0]?.step.why ?? '';
    const note = group.length === 1 ? why : `${why} and ${group.length - 1} more`;
    const requestId = group.findLast((each) => each.requestId !== undefined)?.requestId;
    return {type: 'Normal', reason: call, action: call, note, ...(requestId !== undefined && {requestId})};
  });
}

/**
 * What to say when the verdict moves: a Warning when it becomes stalled or failed, or that for another reason; a Normal when
 * it becomes settled. Judged by the conditions, which outlive this process: a restart repeats nothing.
 */
export function transitionOf(before: readonly Condition[], after: readonly Condition[], outcome: Outcome): Happening | undefined {
  const was = verdictOf(before);
  const is = verdictOf(after);
  if (is === undefined || is.is === 'waiting') return undefined;
  if (was?.is === 'settled' && is.is === 'settled') return claimTransitionOf(before, after);
  if (was?.is === is.is && was.reason === is.reason) return undefined;
  const type = is.is === 'settled' ? 'Normal' : 'Warning';
  return {type, reason: outcome.reason, action: 'Reconcile', note: outcome.message};
}

/** While the object stays settled: the first of its other conditions that turns False, or is True again. */
function claimTransitionOf(before: readonly Condition[], after: readonly Condition[]): Happening | undefined {
  const moved = after.find(({type, status}) => {
    const old = before.find((condition) => condition.type === type)?.status;
    return type !== 'Ready' && old !== undefined && old !== status && (status === 'False' || old === 'False');
  });
  if (moved === undefined) return undefined;
  const type = moved.status === 'False' ? 'Warning' : 'Normal';
  return {type, reason: moved.reason, action: 'Reconcile', note: moved.message};
}
