import {deployments} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {stopTask} from './apply-stop.ts';
import type {Observed} from './observe.ts';
import type {ServiceStep} from './plan.ts';

/** One server-side apply, or one pod deleted. */
export async function apply(step: ServiceStep, doors: Doors): Promise<Applied<Observed>> {
  if (step.call === 'StopTask') {
    await stopTask(step.pod, step.workload, doors);
    const {uid} = step.pod.metadata;
    return {advance: (observed) => ({...observed, tasks: (observed.tasks ?? []).filter(({metadata}) => metadata.uid !== uid)})};
  }
  const deployment = await doors.kube.apply(deployments, step.manifest);
  return {advance: (observed) => ({...observed, deployment})};
}
