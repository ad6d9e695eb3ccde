/**
 * What became of one walk for one object. The engine holds the only `switch` over it.
 *
 * - `settled`: observed equals desired. Looked at again after `seconds`, or after the resync period.
 * - `waiting`: AWS or a rollout is busy; nothing is wrong. Looked at again after `seconds`.
 * - `stalled`: a user must act. Looked at again when the object or one that it watches changes, and after
 *   `seconds` (or the resync period), because what a user mends in AWS sends no event.
 * - `failed`: retried with back-off, and not before `seconds` where the other side named a time.
 */
export type Outcome =
  | {readonly is: 'settled'; readonly reason: string; readonly message: string; readonly seconds?: number}
  | {readonly is: 'waiting'; readonly reason: string; readonly message: string; readonly seconds: number}
  | {readonly is: 'stalled'; readonly reason: string; readonly message: string; readonly seconds?: number}
  | {readonly is: 'failed'; readonly reason: string; readonly message: string; readonly seconds?: number};

/**
 * An error that knows what becomes of the walk. Doors throw it; anything else that is thrown ends in `failed` with
 * reason `InternalError`.
 */
export class Interruption extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome, options?: ErrorOptions) {
    super(outcome.message, options);
    this.name = 'Interruption';
    this.outcome = outcome;
  }
}

/** The outcome of an error, whoever threw it. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Interruption) return error.outcome;
  const message = error instanceof Error ? error.message : String(error);
  return {is: 'failed', reason: 'InternalError', message};
}
