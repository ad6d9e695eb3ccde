import type {Context} from './context.ts';
import type {ContainerDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {acknowledge} from './recorder.ts';

/** `linuxParameters.devices` as resources of a device plugin, where the Cluster says which; a privileged container has all anyway. */
export function devicesOf(container: ContainerDefinition, path: string, {cluster, report}: Context): Readonly<Record<string, string>> {
  const limits: Record<string, string> = {};
  for (const [index, {hostPath, containerPath, permissions = []}] of (container.linuxParameters?.devices ?? []).entries()) {
    const here = at(path, 'linuxParameters', 'devices', index);
    acknowledge(permissions);
    const isRenamed = containerPath !== undefined && containerPath !== hostPath;
    const resource = cluster.deviceResources?.[hostPath];
    if (!isRenamed && container.privileged === true) {
      const message = 'The container is privileged, and has every device of its node.';
      report({path: here, level: 'ignored', reason: 'DevicesOfPrivileged', message});
    } else if (!isRenamed && resource !== undefined) {
      limits[resource] = '1';
      const asked = permissions.length === 0 ? 'all' : permissions.join(', ');
      const message = `${resource} brings it; what may be done with it (here ${asked}) is up to the device plugin.`;
      report({path: here, level: 'approximated', reason: 'DeviceByPlugin', message});
    } else {
      const message =
        'Kubernetes hands out devices through device plugins only: name its resource in deviceResources of the Cluster, or remove it.';
      report({path: here, level: 'refused', reason: 'DevicesUnsupported', message});
    }
  }
  return limits;
}
