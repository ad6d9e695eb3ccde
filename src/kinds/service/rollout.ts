import type {KubeObject} from '../../schema/object.ts';

/** How far a Deployment or DaemonSet is with its newest pods. */
export interface Progress {
  readonly desired: number;
  /** Pods that run the newest template, and those of all that are ready. */
  readonly updated: number;
  readonly ready: number;
  /** All pods are new, and available for as long as they must be. */
  readonly isDone: boolean;
  /** Enough pods are ready. */
  readonly isAvailable: boolean;
  /** What keeps it from making pods, where Kubernetes says so. */
  readonly trouble?: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** Read as `kubectl rollout status` does. A deadline that has passed ends nothing: ECS too tries for ever. */
export function progressOf(workload: KubeObject): Progress {
  const spec = (workload.spec ?? {}) as {replicas?: number};
  const status = (workload.status ?? {}) as Readonly<Record<string, number | undefined>> & {conditions?: readonly Condition[]};
  const isSeen = (status['observedGeneration'] ?? 0) >= (workload.metadata.generation ?? 0);
  if (workload.kind === 'DaemonSet') {
    const {desiredNumberScheduled: desired = 0, currentNumberScheduled: total = 0, updatedNumberScheduled: updated = 0} = status;
    const {numberReady: ready = 0, numberAvailable: available = 0} = status;
    const isDone = isSeen && updated === desired && total === desired && available === desired;
    return {desired, updated, ready, isDone, isAvailable: isSeen && available === desired};
  }
  const conditions = Array.isArray(status.conditions) ? status.conditions : [];
  const desired = spec.replicas ?? 1;
  const {replicas: total = 0, updatedReplicas: updated = 0, readyReplicas: ready = 0, availableReplicas: available = 0} = status;
  const trouble = conditions.find(({type, status}) => type === 'ReplicaFailure' && status === 'True')?.message;
  return {
    desired,
    updated,
    ready,
    isDone: isSeen && updated === desired && total === desired && available === desired,
    isAvailable: conditions.some(({type, status}) => type === 'Available' && status === 'True'),
    ...(trouble === undefined ? {} : {trouble}),
  };
}
