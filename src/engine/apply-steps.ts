import type {Applied, Step} from '../kinds/kind.ts';

/** A step that was done. */
export interface Done {
  readonly step: Step;
  readonly requestId: string | undefined;
}

export interface Applying<Observed> {
  readonly steps: readonly Step[];
  /** How many may be under way at once. */
  readonly parallel: number;
  readonly apply: (step: Step) => Promise<Applied<Observed>>;
  /** Called for each step that was done, in the order in which they end. */
  readonly onDone: (done: Done, applied: Applied<Observed>) => void;
}

/**
 * Applies steps, in their order where `parallel` is 1. After a failure no further step is started; those under way are
 * awaited, because what they did counts. Throws the first failure.
 */
export async function applySteps<Observed>({steps, parallel, apply, onDone}: Applying<Observed>): Promise<void> {
  let next = 0;
  let failure: {readonly error: unknown} | undefined;
  await Promise.all(Array.from({length: Math.max(1, Math.min(parallel, steps.length))}, run));
  if (failure !== undefined) throw failure.error;

  async function run(): Promise<void> {
    for (let step = steps[next++]; step !== undefined && failure === undefined; step = steps[next++]) {
      try {
        const applied = await apply(step);
        onDone({step, requestId: applied.requestId}, applied);
      } catch (error) {
        failure ??= {error};
      }
    }
  }
}
