import type {Doors} from '../../src/kinds/doors.ts';
import type {Kind, Plan, Report, Step} from '../../src/kinds/kind.ts';
import {Interruption, outcomeOf, type Outcome} from '../../src/kinds/outcome.ts';
import type {KubeObject, Resource} from '../../src/schema/object.ts';

/** The process dies. */
export class Killed extends Error {}

export interface Walked<Spec, S extends Step> {
  readonly outcome: Outcome;
  readonly steps: readonly S[];
  readonly report: Report;
  /** The object with the status that the walk leaves. */
  readonly resource: Resource<Spec>;
}

/**
 * One walk as the engine does it, with doors in memory. Where `onStep` throws Killed, the status of the walk is lost, as it
 * is where a process dies.
 */
export async function walkOnce<Spec, Observed, S extends Step>(
  kind: Kind<Spec, Observed, S>,
  resource: Resource<Spec>,
  doors: Doors,
  onStep: (step: S) => void = () => {},
): Promise<Walked<Spec, S>> {
  const steps: S[] = [];
  let observed: Observed | undefined;
  let outcome: Outcome;
  try {
    observed = await kind.observe(resource, doors);
    let plan: Plan<S> = kind.plan(resource, observed, doors.now());
    for (let round = 0; plan.steps.length > 0 && round < 3; round += 1) {
      for (const step of plan.steps) {
        const applied = await kind.apply(step, doors);
        steps.push(step);
        observed = applied.advance(observed);
        onStep(step);
      }
      plan = kind.plan(resource, observed, doors.now());
    }
    outcome = plan.steps.length > 0 ? {is: 'failed', reason: 'NotConverging', message: plan.steps.map(({call}) => call).join()} : plan.then;
  } catch (error) {
    if (error instanceof Killed || !(error instanceof Interruption)) throw error;
    outcome = outcomeOf(error);
  }
  const report = kind.status(resource, observed, outcome, doors.now());
  return {outcome, steps, report, resource: {...resource, status: report.fields}};
}

/** Reads objects by kind, as the synced copies do. */
export function cacheOf(objects: () => readonly KubeObject[]): Doors['cache'] {
  return {
    get: ({type}, name, namespace) =>
      objects().find(
        ({kind, metadata}) => kind === type.kind && metadata.name === name && (namespace === undefined || metadata.namespace === namespace),
      ),
    list: ({type}, namespace) =>
      objects().filter(({kind, metadata}) => kind === type.kind && (namespace === undefined || metadata.namespace === namespace)),
  };
}
