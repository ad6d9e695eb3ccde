import type {KubeObject} from '../../schema/object.ts';

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** How far a Deployment is, in ECS's words. */
export interface Rollout {
  readonly state: RolloutState;
  readonly desired: number;
  /** Pods that exist, those of them that run the newest template, and those that are ready. */
  readonly total: number;
  readonly updated: number;
  readonly ready: number;
  readonly isAvailable: boolean;
  /** Why it has failed or does not go on, where Kubernetes says so. */
  readonly trouble?: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Read as `kubectl rollout status` does. */
export function rolloutOf(deployment: KubeObject): Rollout {
  const spec = (deployment.spec ?? {}) as {replicas?: number};
  const status = (deployment.status ?? {}) as Readonly<Record<string, number | undefined>> & {conditions?: readonly Condition[]};
  const conditions = (Array.isArray(status.conditions) ? status.conditions : []) as readonly Condition[];
  const desired = spec.replicas ?? 1;
  const {replicas: total = 0, updatedReplicas: updated = 0, readyReplicas: ready = 0, availableReplicas: available = 0} = status;
  const isSeen = (status['observedGeneration'] ?? 0) >= (deployment.metadata.generation ?? 0);
  const isDone = isSeen && updated === desired && total === desired && available === desired;
  const progressing = conditions.find(({type}) => type === 'Progressing');
  const hasFailed = isSeen && progressing?.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded';
  const trouble =
    conditions.find(({type, status}) => type === 'ReplicaFailure' && status === 'True')?.message ??
    (hasFailed ? progressing.message : undefined);
  return {
    state: isDone ? 'COMPLETED' : hasFailed ? 'FAILED' : 'IN_PROGRESS',
    desired,
    total,
    updated,
    ready,
    isAvailable: conditions.some(({type, status}) => type === 'Available' && status === 'True'),
    ...(trouble === undefined ? {} : {trouble}),
  };
}
