import {deployments} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import type {Observed} from './observe.ts';
import type {ServiceStep} from './plan.ts';

/** One server-side apply. */
export async function apply(step: ServiceStep, doors: Doors): Promise<Applied<Observed>> {
  const deployment = await doors.kube.apply(deployments, step.manifest);
  return {advance: (observed) => ({...observed, deployment})};
}
