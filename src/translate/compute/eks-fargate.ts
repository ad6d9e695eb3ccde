import type {Context} from '../context.ts';
import type {ServiceInput, TaskDefinition, WhereToRun} from '../ecs.ts';
import {at} from '../field-path.ts';
import type {Report} from '../note.ts';
import {provisionedOnEks, sizeText} from './fargate-size.ts';
import {providersFor, type Share} from './providers.ts';

/** The most that a pod of EKS Fargate may have, in GiB. */
const mostStorage = 175;

/**
 * What EKS Fargate does not do. Both are read as they were written and not through a record: to look at a field here is not to
 * carry it. Source: https://docs.aws.amazon.com/eks/latest/userguide/fargate.html
 */
export function reportOnEksFargate(
  task: TaskDefinition,
  where: WhereToRun & Pick<ServiceInput, 'schedulingStrategy'>,
  root: string,
  {cluster, report}: Pick<Context, 'cluster' | 'report'>,
): void {
  // What is wrong with the strategy is said where the pods are placed.
  const [only] = providersFor(task, where, root, cluster, () => {});
  if (only?.provider.compute !== 'EKSFargate') return;
  const found: Found[] = [];
  const add = (condition: boolean, path: string, reason: string, what: string): void => {
    if (condition) found.push({path, reason, message: `EKS Fargate has no ${what}; remove it, or choose another capacity provider.`});
  };
  ofContainers(task, cluster.hostPorts === 'Node', add);
  add(task.networkMode === 'host', 'networkMode', 'HostNetworkUnsupportedOnFargate', 'network of a node');
  add(task.pidMode === 'host', 'pidMode', 'HostPidUnsupportedOnFargate', 'processes of a node');
  add(task.ipcMode === 'host', 'ipcMode', 'HostIpcUnsupportedOnFargate', 'IPC of a node');
  ofVolumes(task, add);
  const {cpuArchitecture, operatingSystemFamily} = task.runtimePlatform ?? {};
  add(cpuArchitecture === 'ARM64', 'runtimePlatform.cpuArchitecture', 'FargateArmUnsupported', 'ARM64');
  const isWindows = operatingSystemFamily?.toUpperCase().startsWith('WINDOWS') === true;
  add(isWindows, 'runtimePlatform.operatingSystemFamily', 'WindowsUnsupportedOnFargate', 'Windows');
  add(where.schedulingStrategy === 'DAEMON', at(root, 'schedulingStrategy'), 'DaemonUnsupportedOnFargate', 'nodes for daemons');
  add('volumeConfigurations' in where, at(root, 'volumeConfigurations'), 'EbsUnsupportedOnFargate', 'EBS volumes');
  const isByPodIdentity = cluster.taskRoles?.provider === 'PodIdentity' && task.taskRoleArn !== undefined;
  add(isByPodIdentity, 'taskRoleArn', 'PodIdentityUnsupportedOnFargate', 'Pod Identity (taskRoles.provider IRSA works there)');
  for (const one of found) report({level: 'refused', ...one});
  reportStorage(task, report);
  reportSize(task, report);
  reportSpot(only, root, report);
}

interface Found {
  readonly path: string;
  readonly reason: string;
  readonly message: string;
}

type Add = (condition: boolean, path: string, reason: string, what: string) => void;

function ofContainers(task: TaskDefinition, isOnNode: boolean, add: Add): void {
  for (const [index, container] of task.containerDefinitions.entries()) {
    const path = at('containerDefinitions', index);
    add(container.privileged === true, at(path, 'privileged'), 'PrivilegedUnsupportedOnFargate', 'privileged containers');
    for (const [which, {hostPort = 0}] of (container.portMappings ?? []).entries()) {
      const isFixed = isOnNode && hostPort > 0 && task.networkMode !== 'awsvpc';
      add(isFixed, at(path, 'portMappings', which, 'hostPort'), 'HostPortUnsupportedOnFargate', 'ports of a node');
    }
    const {resourceRequirements} = container;
    const hasDevices = Array.isArray(resourceRequirements) && resourceRequirements.length > 0;
    add(hasDevices, at(path, 'resourceRequirements'), 'GpuUnsupportedOnFargate', 'GPUs and accelerators');
  }
}

function ofVolumes(task: TaskDefinition, add: Add): void {
  for (const [index, volume] of (task.volumes ?? []).entries()) {
    const path = at('volumes', index);
    add(volume.host?.sourcePath !== undefined, at(path, 'host', 'sourcePath'), 'HostPathUnsupportedOnFargate', 'folders of a node');
    add(volume['configuredAtLaunch'] === true, at(path, 'configuredAtLaunch'), 'EbsUnsupportedOnFargate', 'EBS volumes');
  }
}

function reportStorage({ephemeralStorage}: TaskDefinition, report: Report): void {
  const {sizeInGiB} = (ephemeralStorage ?? {}) as {readonly sizeInGiB?: unknown};
  if (typeof sizeInGiB !== 'number' || sizeInGiB <= mostStorage) return;
  const message = `EKS Fargate has at most ${mostStorage} GiB for a pod; ask for less, or choose another capacity provider.`;
  report({path: 'ephemeralStorage.sizeInGiB', level: 'refused', reason: 'EphemeralStorageExceedsFargate', message});
}

function reportSize({cpu, memory}: TaskDefinition, report: Report): void {
  if (cpu === undefined || memory === undefined) return;
  const asked = {cpu: Number(cpu), memory: Number(memory)};
  const given = provisionedOnEks(asked);
  if (given === undefined) {
    const message = `EKS Fargate has no size for ${sizeText(asked)} and the 256 MiB that Kubernetes needs itself; ask for less.`;
    report({path: 'memory', level: 'refused', reason: 'FargateSizeUnavailable', message});
    return;
  }
  const message = `The task asks for ${sizeText(asked)}; EKS Fargate adds 256 MiB for Kubernetes and bills the next size, ${sizeText(given)}.`;
  report({path: 'memory', level: 'approximated', reason: 'FargateSizeRoundedUp', message});
}

function reportSpot({provider: {name, capacityType}}: Share, root: string, report: Report): void {
  if (capacityType !== 'Spot' && name !== 'FARGATE_SPOT') return;
  const message = 'EKS Fargate has no Spot capacity: the pods run at the price of FARGATE.';
  report({path: at(root, 'capacityProviderStrategy'), level: 'approximated', reason: 'FargateSpotUnavailable', message});
}
