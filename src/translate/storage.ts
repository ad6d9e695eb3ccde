import type {Context} from './context.ts';
import {dockerVolume} from './docker-volume.ts';
import {checkLaunch, launchVolume} from './ebs-volume.ts';
import type {ContainerDefinition, TaskDefinition, Volume} from './ecs.ts';
import {efsVolume, s3FilesVolume} from './efs-volume.ts';
import {at} from './field-path.ts';
import {labelName} from './names.ts';
import type {Report} from './note.ts';
import {acknowledge} from './recorder.ts';

type Json = Readonly<Record<string, unknown>>;

/** The volumes of the pod. What they refer to is added beside the workload. */
export function volumesOf(task: TaskDefinition, context: Context): readonly Json[] {
  checkLaunch(task, context);
  return (task.volumes ?? []).map((volume, index) => ({
    name: labelName(volume.name),
    ...sourceOf(volume, at('volumes', index), task, context),
  }));
}

export function mountsOf(container: ContainerDefinition, path: string, report: Report): readonly Json[] {
  return (container.mountPoints ?? []).map(({sourceVolume, containerPath, readOnly}, index) => {
    if (containerPath.replace(/^[A-Za-z]:(?=[\\/])/, '').includes(':')) {
      const where = at(path, 'mountPoints', index, 'containerPath');
      report({
        path: where,
        level: 'refused',
        reason: 'InvalidMountPath',
        message: 'Kubernetes takes no ":" in a mount path; choose another.',
      });
    }
    return {name: labelName(sourceVolume), mountPath: containerPath, ...(readOnly === true ? {readOnly: true} : {})};
  });
}

/** The sorts of which a volume may have one. FSx is here for the count only: it ends as a leftover. */
const sorts = [
  'host',
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  's3filesVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
] as const;

function sourceOf(volume: Volume, path: string, task: TaskDefinition, context: Context): Json {
  const {report} = context;
  const asked = [...sorts.filter((sort) => sort in volume), ...(volume.configuredAtLaunch === true ? ['configuredAtLaunch'] : [])];
  if (asked.length > 1) {
    acknowledge(volume);
    report({
      path,
      level: 'refused',
      reason: 'VolumeOfSeveralSorts',
      message: `A volume is of one sort; remove all but one of ${asked.join(', ')}.`,
    });
  }
  const {host, dockerVolumeConfiguration: docker, efsVolumeConfiguration: efs, s3filesVolumeConfiguration: s3} = volume;
  if (volume.configuredAtLaunch === true) return launchVolume(volume.name, path, task, context);
  if (host?.sourcePath !== undefined) return {hostPath: hostPathOf(host.sourcePath, at(path, 'host', 'sourcePath'), report)};
  if (efs !== undefined) return efsVolume(volume.name, efs, at(path, 'efsVolumeConfiguration'), context);
  if (s3 !== undefined) return s3FilesVolume(volume.name, s3, at(path, 's3filesVolumeConfiguration'), context);
  if ('fsxWindowsFileServerVolumeConfiguration' in volume) return {};
  const ofDocker = docker === undefined ? undefined : dockerVolume(volume.name, docker, at(path, 'dockerVolumeConfiguration'), context);
  if (ofDocker !== undefined) return ofDocker;
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
