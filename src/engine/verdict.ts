import {Interruption, type Outcome, outcomeOf} from '../kinds/outcome.ts';
import {Halted, Superseded} from './walk.ts';

/** How a walk ended: with an outcome, an error, or (`undefined`) not in time. */
export type Ended = {readonly outcome: Outcome} | {readonly error: unknown} | undefined;

export interface Verdict {
  readonly outcome: Outcome;
  /** What was thrown. */
  readonly error?: unknown;
  /** Which failure metrics count it. */
  readonly failure?: 'retried' | 'terminal' | 'panic' | 'timeout';
}

/** What to make of a walk's end; `undefined` where it has no verdict: it was halted, or what it read was out of date. */
export function verdictOn(ended: Ended, walkSeconds: number): Verdict | undefined {
  if (ended === undefined) {
    const message = `the walk took longer than ${walkSeconds} seconds`;
    return {outcome: {is: 'failed', reason: 'Timeout', message}, failure: 'timeout'};
  }
  if ('outcome' in ended) return {outcome: ended.outcome, ...failureOf(ended.outcome)};
  const {error} = ended;
  if (error instanceof Halted || error instanceof Superseded) return undefined;
  const outcome = outcomeOf(error);
  return error instanceof Interruption ? {outcome, error, ...failureOf(outcome)} : {outcome, error, failure: 'panic'};
}

function failureOf({is}: Outcome): Pick<Verdict, 'failure'> {
  if (is === 'failed') return {failure: 'retried'};
  return is === 'stalled' ? {failure: 'terminal'} : {};
}
