import type {KubeObject, Resource} from '../../schema/object.ts';
import {deploymentLabel} from '../../translate/deployment.ts';
import {labelled} from './manifest.ts';
import {isOurs} from '../made-objects/owner.ts';
import {sizesOf, type Step} from './stages.ts';

const slotLabel = 'ecs.drayage.dev/slot';
const workloadKinds = new Set(['Deployment', 'DaemonSet']);

/** The workloads that the service has made, whatever they run. */
export function workloadsOf(resource: Resource, objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(
    (object) => workloadKinds.has(object.kind) && isOurs(object, resource) && object.metadata.deletionTimestamp === undefined,
  );
}

export function deploymentIdOf({metadata}: KubeObject): string {
  return metadata.labels?.[deploymentLabel] ?? '';
}

/**
 * The workload under the name that it has, or that it gets beside the one in production: the service's own, or that with
 * `-green`. The second name needs a selector of its own, and the selector of a Deployment never changes.
 */
export function slotted(workload: KubeObject, id: string, there: readonly KubeObject[], production: string | undefined): KubeObject {
  const {name} = workload.metadata;
  const green = greenName(name);
  const mine = there.find((one) => deploymentIdOf(one) === id);
  const isTaken = there.some((one) => one.metadata.name === name && deploymentIdOf(one) === production);
  const isGreen = mine === undefined ? isTaken : mine.metadata.name === green;
  if (!isGreen) return workload;
  const marked = labelled(workload, {[slotLabel]: 'green'});
  const spec = marked.spec as {selector: {matchLabels: Readonly<Record<string, string>>}};
  const selector = {matchLabels: {...spec.selector.matchLabels, [slotLabel]: 'green'}};
  return {...marked, metadata: {...marked.metadata, name: green}, spec: {...spec, selector}};
}

function greenName(name: string): string {
  return `${name.slice(0, 253 - '-green'.length)}-green`;
}

/** The workload under each of the names that it may get. */
export function slotsOf(workload: KubeObject, strategy = 'ROLLING'): readonly KubeObject[] {
  if (strategy === 'ROLLING') return [workload];
  return [workload, {...workload, metadata: {...workload.metadata, name: greenName(workload.metadata.name)}}];
}

/** The workload with so many pods. */
export function sized(workload: KubeObject, replicas: number): KubeObject {
  return {...workload, spec: {...(workload.spec as object), replicas}};
}

export function replicasOf({spec}: KubeObject): number {
  return (spec as {replicas?: number} | undefined)?.replicas ?? 1;
}

/** How many pods the new deployment has in this step, of `desired`. */
export function replicasAt(step: Step | undefined, desired: number): number {
  return step === undefined ? desired : sizesOf(desired, step.sizedFor).next;
}
