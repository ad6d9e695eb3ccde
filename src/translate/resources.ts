import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {osOf} from './platform.ts';
import {cpuQuantity, memoryQuantity} from './quantity.ts';

export interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** How CPU units become millicores: up, unless the containers' parts would then not fit into the task's. */
export type Round = (value: number) => number;

export function roundingOf(task: TaskDefinition): Round {
  const up = task.containerDefinitions.reduce((sum, {cpu}) => sum + millicores(cpu ?? 0, Math.ceil), 0);
  return osOf(task) === 'linux' && task.cpu !== undefined && up > millicores(Number(task.cpu), Math.ceil) ? Math.floor : Math.ceil;
}

/**
 * A task's `cpu` and `memory` are reserved for it and are its cap: the pod's own requests and limits (pod-level resources:
 * on by default since Kubernetes 1.34).
 */
export function podResources(task: TaskDefinition): Resources | undefined {
  if (osOf(task) === 'windows') return undefined;
  const amounts = {
    ...(task.cpu === undefined ? {} : {cpu: cpuQuantity(millicores(Number(task.cpu), Math.ceil))}),
    ...(task.memory === undefined ? {} : {memory: memoryQuantity(Number(task.memory))}),
  };
  return Object.keys(amounts).length === 0 ? undefined : {requests: amounts, limits: amounts};
}

/**
 * A container's `cpu` is a share and no cap: a request. Its `memory` is the cap; `memoryReservation`, else `memory`, is what
 * it is placed by. 0 and 1 CPU units both mean the smallest share (the agent's minimum is 2), as does no request.
 */
export function containerResources(container: ContainerDefinition, {round, os, extra}: Sizing): Resources | undefined {
  const {cpu = 0, memory, memoryReservation} = container;
  const share = cpu <= 1 ? 0 : millicores(cpu, round);
  const reserved = memoryReservation ?? memory;
  const requests = {
    ...(share === 0 ? {} : {cpu: cpuQuantity(share)}),
    ...(reserved === undefined ? {} : {memory: memoryQuantity(reserved)}),
    ...extra,
  };
  const limits = {
    // On Windows a container's cpu is a cap, too.
    ...(share === 0 || os === 'linux' ? {} : {cpu: cpuQuantity(share)}),
    ...(memory === undefined ? {} : {memory: memoryQuantity(memory)}),
    ...extra,
  };
  if (Object.keys(requests).length === 0) return undefined;
  return Object.keys(limits).length === 0 ? {requests} : {requests, limits};
}

export interface Sizing {
  readonly round: Round;
  readonly os: 'linux' | 'windows';
  /** Resources that are asked for and limited alike: devices, disk. */
  readonly extra: Readonly<Record<string, string>>;
}

function millicores(units: number, round: Round): number {
  return round((units * 1000) / 1024);
}
