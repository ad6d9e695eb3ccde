import type {Context} from './context.ts';
import type {TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';
import type {Place} from './order.ts';
import {osOf} from './platform.ts';
import {sysctlsOf} from './sysctls.ts';

type Json = Readonly<Record<string, unknown>>;

/** Docker filters the system calls of every container that is not privileged; Kubernetes does so only where it is told to. */
export function podSecurity(task: TaskDefinition, context: Context): Json {
  if (osOf(task) === 'windows') return {};
  const sysctls = sysctlsOf(task, context);
  return {securityContext: {seccompProfile: {type: 'RuntimeDefault'}, ...(sysctls.length === 0 ? {} : {sysctls})}};
}

/**
 * `ephemeralStorage` as the disk of one container: a pod's own resources have no disk, and the kubelet counts all containers and
 * empty volumes of a pod against the sum of theirs.
 */
export function diskOf(
  task: TaskDefinition,
  placed: ReadonlyMap<string, Place>,
  report: Report,
): {readonly of: string; readonly disk: string} | undefined {
  const gibibytes = task.ephemeralStorage?.sizeInGiB;
  const first = task.containerDefinitions.find(({name}) => placed.get(name) === 'main');
  if (gibibytes === undefined || first === undefined) return undefined;
  const message =
    'So much disk of the node is reserved, with one container; a pod that uses more is evicted, where ECS would have no space left.';
  report({path: 'ephemeralStorage.sizeInGiB', level: 'approximated', reason: 'EphemeralStorageEvicts', message});
  return {of: first.name, disk: `${gibibytes}Gi`};
}

/** Whether processes that nobody waits for are reaped by the pod's own first process (`initProcessEnabled`). */
export function reapsBySharing(task: TaskDefinition, report: Report): boolean {
  let isShared = false;
  for (const [index, {linuxParameters}] of task.containerDefinitions.entries()) {
    if (linuxParameters?.initProcessEnabled !== true) continue;
    const path = at('containerDefinitions', index, 'linuxParameters', 'initProcessEnabled');
    if (task.pidMode === 'host' || task.pidMode === 'task' || task.containerDefinitions.length === 1) {
      isShared = task.pidMode !== 'host';
      const message = "Its processes are reaped by the pod's own first process; signals go to the container's process itself.";
      report({path, level: 'approximated', reason: 'InitProcessApproximated', message});
    } else {
      const message =
        'No init process is added, as the containers would then see one another; put one (tini) into the image where it must reap children.';
      report({path, level: 'ignored', reason: 'InitProcessIgnored', message});
    }
  }
  return isShared;
}

/** Switches that have no effect here; where they are off, that is as it should be. */
export function reportSwitches(task: TaskDefinition, report: Report): void {
  if (task.enableFaultInjection === true) {
    const message = 'AWS FIS reaches pods from outside, through its EKS actions.';
    report({path: 'enableFaultInjection', level: 'ignored', reason: 'FaultInjectionIgnored', message});
  }
  const isOffline = task.containerDefinitions.map(({disableNetworking}) => disableNetworking === true);
  for (const [index, off] of isOffline.entries()) {
    const path = at('containerDefinitions', index, 'disableNetworking');
    if (off && isOffline.every(Boolean)) {
      const message = 'The pod has a network; keep it from using it with a NetworkPolicy.';
      report({path, level: 'approximated', reason: 'NetworkNoneApproximated', message});
    } else if (off) {
      const message = 'A container of a pod has the network that the others have; remove the field to go on.';
      report({path, level: 'refused', reason: 'DisableNetworkingUnsupported', message});
    }
  }
}
