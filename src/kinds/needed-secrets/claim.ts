import type {ConditionClaim} from '../kind.ts';
import type {Demand, SeenSecrets} from './observed.ts';
import {planSecrets} from './plan.ts';

/** The condition `Resolved`: whether everything that the definition names in AWS is there for the pods. */
export function resolvedClaim(demand: Demand, seen: SeenSecrets): readonly ConditionClaim[] {
  const count = demand.needs.length;
  if (count === 0) return [];
  const planned = planSecrets(demand, seen);
  if ('is' in planned) return [{type: 'Resolved', status: 'False', reason: planned.reason, message: planned.message}];
  if (planned.length > 0) return [];
  const message = `${count === 1 ? '1 Secret holds' : `${count} Secrets hold`} what the task definition names in AWS.`;
  return [{type: 'Resolved', status: 'True', reason: 'Resolved', message}];
}
