import type {KubeObject} from '../../schema/object.ts';
import {managedSelector} from '../../schema/labels.ts';
import {essentialAnnotation} from '../../translate/endings.ts';
import * as types from '../../schema/types.ts';
import type {Source} from '../kind.ts';

export interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number;
  readonly state?: State;
  readonly lastState?: State;
}

interface State {
  readonly waiting?: {readonly reason?: string; readonly message?: string};
  readonly running?: {readonly startedAt?: string};
  readonly terminated?: {readonly reason?: string; readonly exitCode?: number; readonly finishedAt?: string};
}

export interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** What is read of a pod's status. */
export interface PodStatus {
  readonly phase?: string;
  readonly startTime?: string;
  readonly conditions?: readonly PodCondition[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

/** The pods that this operator's workloads made, as little as tells how they are. */
export const managedPods: Source = {name: 'managed pods', type: types.pods, labelSelector: managedSelector, project: brief};

const conditionsRead = new Set(['Ready', 'PodScheduled']);

export function brief({apiVersion, kind, metadata, status = {}}: KubeObject): KubeObject {
  const {name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, labels, annotations, ownerReferences} = metadata;
  const essential = annotations?.[essentialAnnotation];
  const {phase, startTime, conditions, containerStatuses, initContainerStatuses} = status as PodStatus;
  const kept = {
    phase,
    startTime,
    conditions: conditions?.filter(({type}) => conditionsRead.has(type)),
    containerStatuses: containerStatuses?.map(briefContainer),
    initContainerStatuses: initContainerStatuses?.map(briefContainer),
  };
  const identity = {
    name,
    namespace,
    uid,
    resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    labels,
    ownerReferences,
    annotations: essential === undefined ? undefined : {[essentialAnnotation]: essential},
  };
  return defined({apiVersion, kind, metadata: identity, status: kept}) as KubeObject;
}

function briefContainer({name, restartCount, state, lastState}: ContainerStatus): ContainerStatus {
  return {name, ...(restartCount !== undefined && {restartCount}), ...(state && {state}), ...(lastState && {lastState})};
}

/** Without members that are undefined. */
function defined(value: object): object {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [
        key,
        typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? defined(inner as object) : inner,
      ]),
  );
}

export function statusOfPod(pod: KubeObject): PodStatus {
  return pod['status'] ?? {};
}

/** Whether a pod counts: it is neither being deleted nor at its end. */
export function isLive(pod: KubeObject): boolean {
  const {phase} = statusOfPod(pod);
  return pod.metadata.deletionTimestamp === undefined && phase !== 'Failed' && phase !== 'Succeeded';
}

export function conditionOfPod(pod: KubeObject, type: string): PodCondition | undefined {
  return statusOfPod(pod).conditions?.find((condition) => condition.type === type);
}

export function isReadyPod(pod: KubeObject): boolean {
  return conditionOfPod(pod, 'Ready')?.status === 'True';
}
