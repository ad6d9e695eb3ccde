import type {ContainerDefinition, PortMapping, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {isAddress, isHostname} from './hosts.ts';
import {portName} from './names.ts';
import type {Report} from './note.ts';

export interface ContainerPort {
  readonly containerPort: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly name?: string;
  readonly hostPort?: number;
}

export type NetworkMode = 'awsvpc' | 'bridge' | 'host' | 'none';

/** ECS's default on Linux is bridge. */
export function networkModeOf(task: TaskDefinition): NetworkMode {
  return task.networkMode === undefined || task.networkMode === 'default' ? 'bridge' : task.networkMode;
}

/** What a network mode adds to the pod, and what it cannot keep. */
export function podNetwork(task: TaskDefinition, report: Report): Readonly<Record<string, unknown>> {
  const approximated = (reason: string, message: string): void => report({path: 'networkMode', level: 'approximated', reason, message});
  const mode = networkModeOf(task);
  if (mode === 'bridge' && task.containerDefinitions.length > 1) {
    approximated('BridgeNetworkFlattened', 'The containers share one address and reach each other on localhost, as with awsvpc.');
  }
  if (mode === 'none') approximated('NetworkNoneApproximated', 'The pod has a network; keep it from using it with a NetworkPolicy.');
  return mode === 'host' ? {hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet'} : {};
}

/**
 * The ports of each container, in the order of the containers. All containers of a pod share one address, so no port may
 * be asked for twice, which ECS allows in bridge mode.
 */
export function portsOf(task: TaskDefinition, report: Report): readonly (readonly ContainerPort[])[] {
  const mode = networkModeOf(task);
  const taken = new Map<string, string>();
  const names = new Set<string>();
  return task.containerDefinitions.map((container, index) =>
    (container.portMappings ?? []).flatMap((mapping, which): ContainerPort[] => {
      const path = at('containerDefinitions', index, 'portMappings', which);
      const {containerPort, name} = mapping;
      if (containerPort === undefined) return withoutPort(mapping, path, report);
      hostPort(mapping, mode, path, report);
      const protocol = mapping.protocol?.toLowerCase() === 'udp' ? 'UDP' : 'TCP';
      const key = `${containerPort}/${protocol}`;
      const other = taken.get(key);
      if (other !== undefined) {
        const message = `${other} has port ${key} already, and the containers of a pod share one address; choose another port.`;
        report({path: at(path, 'containerPort'), level: 'refused', reason: 'PortConflict', message});
        return [];
      }
      taken.set(key, container.name);
      if (name !== undefined && names.has(name)) {
        report({path: at(path, 'name'), level: 'refused', reason: 'DuplicateName', message: `Two ports are called ${name}; rename one.`});
      }
      if (name !== undefined) names.add(name);
      return [{containerPort, protocol, ...namedAs(name, path, report), ...(mode === 'host' ? {hostPort: containerPort} : {})}];
    }),
  );
}

function namedAs(name: string | undefined, path: string, report: Report): {name?: string} {
  if (name === undefined) return {};
  const legal = portName(name);
  if (legal !== name) {
    const message = `The port is called ${legal} in the pod: Kubernetes takes 15 characters of a-z, 0-9 and "-".`;
    report({path: at(path, 'name'), level: 'approximated', reason: 'NameNormalised', message});
  }
  return {name: legal};
}

function withoutPort(mapping: PortMapping, path: string, report: Report): never[] {
  if (mapping.containerPortRange !== undefined) {
    const message = 'The pod can be reached on all of its ports, but these are not listed in it.';
    report({path: at(path, 'containerPortRange'), level: 'approximated', reason: 'PortRangeNotListed', message});
    return [];
  }
  report({path: at(path, 'containerPort'), level: 'refused', reason: 'InvalidField', message: 'A port mapping needs containerPort.'});
  return [];
}

function hostPort({hostPort, containerPort}: PortMapping, mode: NetworkMode, path: string, report: Report): void {
  if (hostPort === undefined || hostPort === 0) return;
  if (mode === 'bridge') {
    const message = `The pod listens on ${String(containerPort)} at its own address, and no port of the node is opened; reach it through a Service.`;
    report({path: at(path, 'hostPort'), level: 'ignored', reason: 'HostPortNotOpened', message});
  } else if (hostPort !== containerPort) {
    const message = `With networkMode ${mode} hostPort must be left out or equal containerPort.`;
    report({path: at(path, 'hostPort'), level: 'refused', reason: 'HostPortMismatch', message});
  }
}

/** `links` (siblings are on localhost here) and `extraHosts` as lines of /etc/hosts, one entry for each address. */
export function hostAliasesOf(task: TaskDefinition, report: Report): readonly {ip: string; hostnames: readonly string[]}[] {
  const aliases = new Map<string, Set<string>>();
  const add = (ip: string, hostname: string): unknown => aliases.set(ip, (aliases.get(ip) ?? new Set()).add(hostname));
  for (const [index, container] of task.containerDefinitions.entries()) {
    const path = at('containerDefinitions', index);
    linksOf(container, path, report).forEach((alias) => add('127.0.0.1', alias));
    for (const [which, {hostname, ipAddress}] of (container.extraHosts ?? []).entries()) {
      if (!isHostname(hostname) || !isAddress(ipAddress)) {
        const message = 'Kubernetes takes a DNS name in lower case and an IP address.';
        report({path: at(path, 'extraHosts', which), level: 'refused', reason: 'InvalidHost', message});
      } else add(ipAddress, hostname);
    }
  }
  return [...aliases].map(([ip, names]) => ({ip, hostnames: [...names]}));
}

function linksOf(container: ContainerDefinition, path: string, report: Report): readonly string[] {
  return (container.links ?? []).flatMap((link, which) => {
    const here = at(path, 'links', which);
    const [name = '', alias = name] = link.split(':');
    if (!isHostname(alias)) {
      const message = `${alias} is no DNS name in lower case; give the link an alias that is (name:alias).`;
      report({path: here, level: 'refused', reason: 'InvalidHost', message});
      return [];
    }
    const message = `${alias} leads to localhost, which the containers share; the variables that Docker sets for a link are missing.`;
    report({path: here, level: 'approximated', reason: 'LinksFlattened', message});
    return [alias];
  });
}
