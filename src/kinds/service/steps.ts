import type {KubeObject, Resource} from '../../schema/object.ts';
import type {SecretStep} from '../needed-secrets/plan.ts';
import {endedTasks, whyStopped} from './ended-tasks.ts';
import {entryOf, isSameObject} from '../made-objects/inventory.ts';
import {driftOf} from './manifest.ts';
import type {Observed} from './observe.ts';
import {isOurs, isPrunable, isStaying, leftBehind} from '../made-objects/owner.ts';

export type ServiceStep =
  | {readonly is: 'apply'; readonly call: string; readonly why: string; readonly object: KubeObject}
  /** Only the number of pods: of a workload that is otherwise left as it is. */
  | {readonly is: 'scale'; readonly call: string; readonly why: string; readonly object: KubeObject; readonly replicas: number}
  /** A pod, of which the workload then makes another. */
  | {readonly is: 'stop'; readonly call: 'StopTask'; readonly why: string; readonly object: KubeObject; readonly makers: readonly string[]}
  | {readonly is: 'secret'; readonly call: string; readonly why: string; readonly secret: SecretStep}
  | {readonly is: 'delete'; readonly call: string; readonly why: string; readonly object: KubeObject};

/** Secrets that are filled, or removed. */
export function secretSteps(steps: readonly SecretStep[]): readonly ServiceStep[] {
  return steps.map((secret) => ({is: 'secret', call: secret.call, why: secret.why, secret}));
}

export function applySteps(wanted: readonly KubeObject[], there: readonly KubeObject[]): readonly ServiceStep[] {
  return wanted.flatMap((object) => applyStep(object, there));
}

function applyStep(object: KubeObject, there: readonly KubeObject[]): readonly ServiceStep[] {
  const why = driftOf(
    there.find((one) => isSameObject(entryOf(one), entryOf(object))),
    object,
  );
  if (why === undefined) return [];
  return [{is: 'apply', call: `Apply${object.kind}`, why: `apply ${nameOf(object)}: ${why}`, object}];
}

export function scaleStep(object: KubeObject, replicas: number): ServiceStep {
  return {is: 'scale', call: `Scale${object.kind}`, why: `scale ${nameOf(object)} to ${replicas}: it shares the traffic`, object, replicas};
}

/** Removes what the service made and does not want any more. */
export function pruneSteps(resource: Resource, wanted: readonly KubeObject[], there: readonly KubeObject[]): readonly ServiceStep[] {
  return there
    .filter((object) => isOurs(object, resource) && !isWanted(object, wanted) && isPrunable(object) && isStaying(object))
    .map((object) => ({is: 'delete', call: `Delete${object.kind}`, why: `delete ${nameOf(object)}: it is not wanted any more`, object}));
}

/** Stops tasks of which an essential container has ended. Only what one of the service's own workloads made: a label proves nothing. */
export function stopSteps({pods, objects}: Pick<Observed, 'pods' | 'objects'>, now: Date): readonly ServiceStep[] {
  const makers = objects.flatMap(({metadata}) => metadata.uid ?? []);
  return endedTasks(pods, now).map((task) => ({is: 'stop', call: 'StopTask', why: whyStopped(task), object: task.pod, makers}));
}

/** Kubernetes removes what the service owns; what no object in a namespace can own is removed before. */
export function undoSteps(resource: Resource, there: readonly KubeObject[]): readonly ServiceStep[] {
  return leftBehind(resource, there).map((object) => ({
    is: 'delete',
    call: `Delete${object.kind}`,
    why: `delete ${nameOf(object)}: its service is deleted`,
    object,
  }));
}

/** An object that is wanted and is there already, made by someone else. */
export function foreignIn(resource: Resource, wanted: readonly KubeObject[], there: readonly KubeObject[]): KubeObject | undefined {
  return there.find((object) => isWanted(object, wanted) && !isOurs(object, resource));
}

function isWanted(object: KubeObject, wanted: readonly KubeObject[]): boolean {
  return wanted.some((one) => isSameObject(entryOf(one), entryOf(object)));
}

function nameOf({kind, metadata}: KubeObject): string {
  return `the ${kind} ${metadata.name}`;
}
