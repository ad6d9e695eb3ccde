import type {ContainerDefinition, TaskDefinition, Volume} from './ecs.ts';
import {at} from './field-path.ts';
import {labelName} from './names.ts';
import type {Report} from './note.ts';

type Json = Readonly<Record<string, unknown>>;

/** Empty volumes and folders of the node. Other sorts are refused as leftovers. */
export function volumesOf(task: TaskDefinition, report: Report): readonly Json[] {
  return (task.volumes ?? []).map((volume, index) => ({name: labelName(volume.name), ...sourceOf(volume, at('volumes', index), report)}));
}

export function mountsOf(container: ContainerDefinition, path: string, report: Report): readonly Json[] {
  return (container.mountPoints ?? []).map(({sourceVolume, containerPath, readOnly}, index) => {
    if (containerPath.replace(/^[A-Za-z]:(?=[\\/])/, '').includes(':')) {
      const where = at(path, 'mountPoints', index, 'containerPath');
      report({path: where, level: 'refused', reason: 'InvalidMountPath', message: 'Kubernetes takes no ":" in a mount path.'});
    }
    return {name: labelName(sourceVolume), mountPath: containerPath, ...(readOnly === true ? {readOnly: true} : {})};
  });
}

const otherSources = [
  'efsVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
  's3filesVolumeConfiguration',
  'configuredAtLaunch',
];

function sourceOf(volume: Volume, path: string, report: Report): Json {
  const sourcePath = volume.host?.sourcePath;
  if (sourcePath !== undefined) return {hostPath: hostPathOf(sourcePath, at(path, 'host', 'sourcePath'), report)};
  if (otherSources.some((key) => key in volume)) return {};
  const docker = volume.dockerVolumeConfiguration;
  const {scope = 'task', driver = 'local', driverOpts} = docker ?? {};
  const isLocal = scope === 'task' && driver === 'local' && driverOpts === undefined;
  if (!isLocal) {
    const message = 'Only volumes of scope task with the local driver are carried so far; use one, or host.sourcePath.';
    report({path: at(path, 'dockerVolumeConfiguration'), level: 'refused', reason: 'DockerVolumeNotCarried', message});
    return {};
  }
  return {emptyDir: {}};
}

function hostPathOf(sourcePath: string, path: string, report: Report): Json {
  if (!/^(\/|[A-Za-z]:[\\/])/.test(sourcePath) || sourcePath.split(/[\\/]/).includes('..')) {
    const message = 'It must be an absolute path on the node, without "..".';
    report({path, level: 'refused', reason: 'InvalidHostPath', message});
  }
  if (sourcePath.endsWith('docker.sock')) {
    const message = 'Nodes run containerd and have no Docker socket; the container has to do without it.';
    report({path, level: 'refused', reason: 'DockerSocketUnavailable', message});
  }
  return {path: sourcePath, type: 'DirectoryOrCreate'};
}
