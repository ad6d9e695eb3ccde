import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {labelName} from './names.ts';
import type {Report} from './note.ts';
import {memoryQuantity} from './quantity.ts';

interface MemoryVolume {
  readonly name: string;
  readonly mountPath: string;
  readonly mebibytes: number;
  readonly readOnly: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** `tmpfs` and `sharedMemorySize` as volumes in memory. What is in them counts against the container's memory, as in ECS. */
export function memoryVolumesOf(task: TaskDefinition): readonly Json[] {
  const volumes = new Map<string, number>();
  for (const {name, mebibytes} of task.containerDefinitions.flatMap((container) => volumesOf(container, task))) {
    volumes.set(name, Math.max(mebibytes, volumes.get(name) ?? 0));
  }
  return [...volumes].map(([name, mebibytes]) => ({name, emptyDir: {medium: 'Memory', sizeLimit: memoryQuantity(mebibytes)}}));
}

export function memoryMountsOf(container: ContainerDefinition, task: TaskDefinition, path: string, report: Report): readonly Json[] {
  reportLosses(container, task, at(path, 'linuxParameters'), report);
  return volumesOf(container, task).map(({name, mountPath, readOnly}) => ({name, mountPath, ...(readOnly ? {readOnly: true} : {})}));
}

function volumesOf(container: ContainerDefinition, {ipcMode}: TaskDefinition): readonly MemoryVolume[] {
  const {tmpfs = [], sharedMemorySize = 0} = container.linuxParameters ?? {};
  // No name in ECS has a space, so that none of these can be that of a volume of the task.
  const volumes = tmpfs.map(({containerPath, size, mountOptions = []}, index): MemoryVolume => {
    const name = labelName(`${container.name} tmpfs ${index}`);
    return {name, mountPath: containerPath, mebibytes: size, readOnly: optionsIn(mountOptions).has('ro')};
  });
  if (sharedMemorySize === 0 || ipcMode === 'host') return volumes;
  // Containers that share their IPC namespace find each other's files in it.
  const name = labelName(ipcMode === 'task' ? 'task shm' : `${container.name} shm`);
  return [...volumes, {name, mountPath: '/dev/shm', mebibytes: sharedMemorySize, readOnly: false}];
}

function reportLosses({linuxParameters}: ContainerDefinition, {ipcMode}: TaskDefinition, path: string, report: Report): void {
  for (const [index, {mountOptions = []}] of (linuxParameters?.tmpfs ?? []).entries()) {
    const options = optionsIn(mountOptions);
    ['ro', 'rw', 'defaults'].forEach((known) => options.delete(known));
    if (options.size === 0) continue;
    const message = `${[...options].join(', ')} cannot be set; the file system is there without.`;
    report({path: at(path, 'tmpfs', index, 'mountOptions'), level: 'ignored', reason: 'TmpfsOptionsIgnored', message});
  }
  if (ipcMode !== 'host' || (linuxParameters?.sharedMemorySize ?? 0) === 0) return;
  const message = 'With ipcMode host the shared memory is that of the node.';
  report({path: at(path, 'sharedMemorySize'), level: 'ignored', reason: 'SharedMemoryOfNode', message});
}

function optionsIn(mountOptions: readonly string[]): Set<string> {
  return new Set(mountOptions.flatMap((text) => text.split(',')));
}
