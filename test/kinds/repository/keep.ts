import type {ConditionClaim, Plan} from '../../../src/kinds/kind.ts';
import {Interruption, outcomeOf, type Outcome} from '../../../src/kinds/outcome.ts';
import {repository} from '../../../src/kinds/repository/index.ts';
import {RepositorySpec, type RepositoryStatus} from '../../../src/kinds/repository/schema.ts';
import type {RepositoryStep} from '../../../src/kinds/repository/step.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';
import {doorsTo, type MemoryEcr} from './memory-ecr.ts';

export type Input = Partial<{[K in keyof RepositorySpec]: unknown}>;

/** An object as the API server gives it, with the defaults of its spec filled in. */
export function resourceOf(
  spec: Input = {},
  more: Partial<Resource['metadata']> & {readonly status?: RepositoryStatus} = {},
): Resource<RepositorySpec> {
  const {status, ...metadata} = more;
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'Repository',
    metadata: {name: 'app', namespace: 'team', uid: 'uid-1', generation: 1, ...metadata},
    spec: RepositorySpec.parse(spec),
    ...(status && {status}),
  };
}

export interface Walked {
  readonly outcome: Outcome;
  readonly resource: Resource<RepositorySpec>;
  readonly steps: readonly RepositoryStep[];
  readonly conditions: readonly ConditionClaim[];
}

/** The process dies. */
export class Killed extends Error {}

/** One walk as the engine does it. `status` is lost where `Killed` is thrown. */
export async function keep(
  resource: Resource<RepositorySpec>,
  ecr: MemoryEcr,
  options: {readonly objects?: readonly KubeObject[]; readonly onStep?: (step: RepositoryStep) => void} = {},
): Promise<Walked> {
  const doors = doorsTo(ecr, options.objects);
  const steps: RepositoryStep[] = [];
  let observed: Parameters<typeof repository.status>[1];
  let outcome: Outcome;
  try {
    observed = await repository.observe(resource, doors);
    let plan: Plan<RepositoryStep> = repository.plan(resource, observed);
    for (let round = 0; plan.steps.length > 0 && round < 3; round += 1) {
      for (const step of plan.steps) {
        const applied = await repository.apply(step, doors);
        steps.push(step);
        observed = applied.advance(observed);
        options.onStep?.(step);
      }
      plan = repository.plan(resource, observed);
    }
    outcome = plan.steps.length > 0 ? {is: 'failed', reason: 'NotConverging', message: plan.steps.map(({call}) => call).join()} : plan.then;
  } catch (error) {
    if (error instanceof Killed) throw error;
    if (!(error instanceof Interruption)) throw error;
    outcome = outcomeOf(error);
  }
  const {fields, conditions} = repository.status(resource, observed, outcome);
  return {outcome, steps, conditions, resource: {...resource, status: fields}};
}

export function statusIn(resource: Resource): RepositoryStatus {
  return resource.status ?? {};
}
