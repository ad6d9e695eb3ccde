import type {Context} from './context.ts';
import type {PortMapping, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {portName} from './names.ts';
import {networkModeOf, type NetworkMode} from './network-mode.ts';
import type {Report} from './note.ts';
import {protocolOf, rangeOf, type Protocol} from './task-ports.ts';

export interface ContainerPort {
  readonly containerPort: number;
  readonly protocol: Protocol;
  readonly name?: string;
  readonly hostPort?: number;
}

/** So many ports of a range are listed in the pod. It can be reached on the others too. */
const listed = 100;

/**
 * The ports of each container, in the order of the containers. All containers of a pod share one address, so no port may
 * be asked for twice, which ECS allows in bridge mode.
 */
export function portsOf(task: TaskDefinition, {cluster, report}: Context): readonly (readonly ContainerPort[])[] {
  const mode = networkModeOf(task);
  const opensHost = mode === 'host' || (mode === 'bridge' && cluster.hostPorts === 'Node');
  const taken = new Map<string, string>();
  const names = new Set<string>();
  const isFree = (first: number, last: number, protocol: Protocol, container: string, where: string): boolean => {
    for (let port = first; port <= last; port += 1) {
      const key = `${port}/${protocol}`;
      const other = taken.get(key);
      if (other !== undefined) {
        const message = `${other} has port ${key} already, and the containers of a pod share one address; choose another port.`;
        report({path: where, level: 'refused', reason: 'PortConflict', message});
        return false;
      }
      taken.set(key, container);
    }
    return true;
  };
  return task.containerDefinitions.map((container, index) =>
    (container.portMappings ?? []).flatMap((mapping, which): readonly ContainerPort[] => {
      const path = at('containerDefinitions', index, 'portMappings', which);
      const {name} = mapping;
      const range = checkedRange(mapping, mode, path, report);
      if (range === undefined) return [];
      checkHostPort(mapping, mode, opensHost, path, report);
      const protocol = protocolOf(mapping);
      const {first, last, field} = range;
      if (!isFree(first, last, protocol, container.name, at(path, field))) return [];
      if (name !== undefined && names.has(name)) {
        report({path: at(path, 'name'), level: 'refused', reason: 'DuplicateName', message: `Two ports are called ${name}; rename one.`});
      }
      if (name !== undefined) names.add(name);
      if (field === 'containerPortRange' && name !== undefined) {
        const message = 'A range of ports has no name in a pod.';
        report({path: at(path, 'name'), level: 'ignored', reason: 'PortRangeNameIgnored', message});
      }
      if (field === 'containerPortRange') return rangePorts(first, last, protocol, at(path, field), report);
      return [{containerPort: first, protocol, ...namedAs(name, path, report), ...(opensHost ? hostPortOf(mapping, mode) : {})}];
    }),
  );
}

type PortField = 'containerPort' | 'containerPortRange';

function checkedRange(
  mapping: PortMapping,
  mode: NetworkMode,
  path: string,
  report: Report,
): {first: number; last: number; field: PortField} | undefined {
  const refuse = (field: string, message: string): undefined => {
    report({path: at(path, field), level: 'refused', reason: 'InvalidField', message});
  };
  const {containerPort, containerPortRange} = mapping;
  if (containerPort === undefined && containerPortRange === undefined)
    return refuse('containerPort', 'A port mapping needs containerPort.');
  const range = rangeOf(mapping);
  if (containerPortRange === undefined) return range === undefined ? undefined : {...range, field: 'containerPort'};
  if (containerPort !== undefined) return refuse('containerPortRange', 'Write either containerPort or containerPortRange.');
  if (range === undefined)
    return refuse('containerPortRange', 'It must be two ports with "-" between them, the lower one first: 8000-8010.');
  if (mode === 'host') return refuse('containerPortRange', 'With networkMode host a range of ports is not allowed; list the ports.');
  return {...range, field: 'containerPortRange'};
}

function rangePorts(first: number, last: number, protocol: Protocol, path: string, report: Report): readonly ContainerPort[] {
  const count = Math.min(last - first + 1, listed);
  if (count < last - first + 1) {
    const message = `The pod can be reached on all of its ports, but only the first ${listed} are listed in it.`;
    report({path, level: 'approximated', reason: 'PortRangeTruncated', message});
  }
  return Array.from({length: count}, (_none, index) => ({containerPort: first + index, protocol}));
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

/** On the host's own network every port is one of the host. In bridge mode a port without a fixed one is any that is free. */
function hostPortOf({hostPort = 0, containerPort}: PortMapping, mode: NetworkMode): {hostPort?: number} {
  if (mode === 'host') return containerPort === undefined ? {} : {hostPort: containerPort};
  return hostPort === 0 ? {} : {hostPort};
}

function checkHostPort(mapping: PortMapping, mode: NetworkMode, opensHost: boolean, path: string, report: Report): void {
  const {hostPort, containerPort} = mapping;
  if (hostPort === undefined || hostPort === 0) return;
  if (mode === 'bridge' && !opensHost) {
    const message = `No port of the node is opened: a service is reached at its name on port ${hostPort}, inside of the cluster. The Cluster can open ports of nodes (hostPorts: Node).`;
    report({path: at(path, 'hostPort'), level: 'approximated', reason: 'HostPortAsService', message});
  } else if (mode !== 'bridge' && hostPort !== containerPort) {
    const message = `With networkMode ${mode} hostPort must be left out or equal containerPort.`;
    report({path: at(path, 'hostPort'), level: 'refused', reason: 'HostPortMismatch', message});
  }
}
