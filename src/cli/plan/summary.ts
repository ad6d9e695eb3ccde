import type {Fault} from '../yaml-values.ts';
import type {ObjectPlan} from './object-plan.ts';

/** Everything that a plan says. */
export interface Report {
  readonly plans: readonly ObjectPlan[];
  /** What could not be read. */
  readonly faults: readonly Fault[];
  /** What was not known when this was planned. */
  readonly notes: readonly string[];
}

export interface Summary {
  readonly calls: number;
  /** Objects that calls would be made for. */
  readonly changed: number;
  readonly inSync: number;
  readonly needPerson: number;
  readonly failed: number;
  /** Without anything in AWS. */
  readonly local: number;
}

/** In which of the counts an object is; with steps it may be in two. */
export function standing({steps, then}: ObjectPlan): 'local' | 'needsPerson' | 'failed' | 'inSync' | 'changed' {
  if (then === undefined) return 'local';
  if (then.is === 'stalled') return 'needsPerson';
  if (then.is === 'failed') return 'failed';
  return steps.length > 0 ? 'changed' : 'inSync';
}

export function summarize({plans, faults}: Report): Summary {
  const count = (wanted: ReturnType<typeof standing>) => plans.filter((plan) => standing(plan) === wanted).length;
  return {
    calls: plans.reduce((sum, {steps}) => sum + steps.length, 0),
    changed: plans.filter(({steps}) => steps.length > 0).length,
    inSync: count('inSync'),
    needPerson: count('needsPerson'),
    failed: count('failed') + faults.length,
    local: count('local'),
  };
}
