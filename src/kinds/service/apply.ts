import {deployments} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {applySecret} from '../needed-secrets/apply.ts';
import type {Observed} from './observe.ts';
import type {ServiceStep} from './plan.ts';

/** One call. */
export async function apply(step: ServiceStep, doors: Doors): Promise<Applied<Observed>> {
  if (step.call !== 'ApplyDeployment') {
    const update = await applySecret(step, doors);
    return {advance: ({start, ...observed}) => ({...observed, ...(start && {start: {...start, secrets: update(start.secrets)}})})};
  }
  const deployment = await doors.kube.apply(deployments, step.manifest);
  return {advance: (observed) => ({...observed, deployment})};
}
