import type {KubeObject, Resource} from '../../schema/object.ts';
import {labelValue} from '../../translate/names.ts';
import type {Course} from './course.ts';
import {finished} from './manifest.ts';
import {deploymentIdOf, replicasAt, replicasOf, sized, slotted} from './slots.ts';
import {sizesOf} from './stages.ts';
import {directed} from './traffic.ts';

/** All objects that a service is made of at this point of its deployment, as they are applied; the workload last. */
export function madeOf(resource: Resource, course: Course): readonly KubeObject[] {
  const {target, decision} = course;
  if (target?.workload === undefined) return [];
  const beside = directed(target.beside, labelValue(resource.metadata.name), trafficOf(course));
  const placed = placedOf(target.workload, target.id, course);
  const workload = decision.rollout.state === 'FAILED' ? halted(placed, course) : placed;
  return [...beside, workload].map((object) => finished(object, resource));
}

function placedOf(workload: KubeObject, id: string, {settings, decision, desired, there, production}: Course): KubeObject {
  if (settings.strategy === 'ROLLING') return workload;
  return sized(slotted(workload, id, there, production), replicasAt(decision.step, desired));
}

/** Nothing new is started any more, also where more tasks are asked for. What runs is left as it is, to be looked at. */
function halted(workload: KubeObject, {there}: Course): KubeObject {
  const spec = workload.spec as object;
  if (workload.kind === 'DaemonSet') return {...workload, spec: {...spec, updateStrategy: {type: 'OnDelete'}}};
  const before = there.find(({metadata}) => metadata.name === workload.metadata.name);
  const replicas = Math.min(replicasOf(workload), before === undefined ? 0 : replicasOf(before));
  return {...workload, spec: {...spec, replicas, paused: true}};
}

/** The deployment that gets the traffic; undefined where it is all of them, by the numbers of their pods. */
export function trafficOf({settings, decision, production, desired, factsOf}: Course): string | undefined {
  if (settings.strategy === 'ROLLING') return undefined;
  const {rollout, step} = decision;
  if (production === undefined || rollout.way === 'BACK' || step === undefined) return rollout.id;
  if (step.share === 0) return production;
  // Nobody is left without pods: until all of the new ones are ready, those of both get traffic.
  return step.share >= 100 && factsOf(rollout.id, step).ready >= desired ? rollout.id : undefined;
}

/** The workload of the deployment before, and how many pods it is to have meanwhile; undefined where it has them. */
export function resized(course: Course): {readonly workload: KubeObject; readonly replicas: number} | undefined {
  const {settings, decision, production, desired, there, factsOf} = course;
  const {rollout, step} = decision;
  if (settings.strategy === 'ROLLING' || production === undefined || step === undefined) return undefined;
  if (rollout.way === 'BACK' || step.stage === 'CLEAN_UP') return undefined;
  const workload = there.find((one) => deploymentIdOf(one) === production);
  if (workload === undefined) return undefined;
  const {before} = sizesOf(desired, step.share);
  const isEarly = before < replicasOf(workload) && factsOf(rollout.id, step).ready < desired;
  return before === replicasOf(workload) || isEarly ? undefined : {workload, replicas: before};
}
