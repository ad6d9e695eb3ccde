import type {TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {networkModeOf} from './network-mode.ts';
import type {Context} from './context.ts';

interface Sysctl {
  readonly name: string;
  readonly value: string;
}

// What a kubelet allows by itself (Kubernetes 1.36, pkg/kubelet/sysctl).
const safe = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/**
 * `systemControls` as the sysctls of the pod. A pod with one that its kubelet does not allow fails for good, and its Deployment
 * would make another again and again: such a setting is left out, with a note.
 */
export function sysctlsOf(task: TaskDefinition, {cluster, report}: Context): readonly Sysctl[] {
  const allowed = cluster.allowedUnsafeSysctls ?? [];
  const set = new Map<string, {readonly value: string; readonly path: string}>();
  for (const [index, {systemControls = []}] of task.containerDefinitions.entries()) {
    for (const [which, {namespace = '', value = ''}] of systemControls.entries()) {
      const path = at('containerDefinitions', index, 'systemControls', which);
      if (!/^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(namespace) || value === '') {
        const message = 'It needs a namespace, such as net.core.somaxconn, and a value.';
        report({path, level: 'refused', reason: 'InvalidSysctl', message});
        continue;
      }
      const host = hostNamespace(namespace, task);
      if (host !== undefined) {
        const message = `With ${host} it would change the node for all pods; remove it.`;
        report({path, level: 'refused', reason: 'SysctlOfHost', message});
        continue;
      }
      if (!safe.has(namespace) && !allowed.some((pattern) => matches(pattern, namespace))) {
        const message = `The node's own value counts: a kubelet refuses pods that set ${namespace}, unless it was told to allow it; then list it in allowedUnsafeSysctls of the Cluster.`;
        report({path, level: 'ignored', reason: 'UnsafeSysctl', message});
        continue;
      }
      const other = set.get(namespace);
      if (other !== undefined && other.value !== value) {
        const message = `It differs from ${other.path}, and a pod has one value for all of its containers; make them equal.`;
        report({path, level: 'refused', reason: 'SettingsOfContainersDiffer', message});
      } else set.set(namespace, {value, path});
    }
  }
  if (set.size > 0 && networkModeOf(task) === 'bridge' && task.containerDefinitions.length > 1) {
    const [first] = set.values();
    const message = 'A pod has it for all of its containers; in ECS only this one would have it.';
    report({path: first?.path ?? '', level: 'approximated', reason: 'SettingOfWholePod', message});
  }
  return [...set].map(([name, {value}]) => ({name, value}));
}

function hostNamespace(name: string, task: TaskDefinition): string | undefined {
  if (/^net[./]/.test(name)) return networkModeOf(task) === 'host' ? 'networkMode host' : undefined;
  return task.ipcMode === 'host' ? 'ipcMode host' : undefined;
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
