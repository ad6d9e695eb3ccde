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
  return task.containerDefinitions
    .flatMap((container) => volumesOf(container, ''))
    .map(({name, mebibytes}) => ({name, emptyDir: {medium: 'Memory', sizeLimit: memoryQuantity(mebibytes)}}));
}

export function memoryMountsOf(container: ContainerDefinition, path: string, report: Report): readonly Json[] {
  return volumesOf(container, path, report).map(({name, mountPath, readOnly}) => ({
    name,
    mountPath,
    ...(readOnly ? {readOnly: true} : {}),
  }));
}

function volumesOf(container: ContainerDefinition, path: string, report?: Report): readonly MemoryVolume[] {
  const {tmpfs = [], sharedMemorySize = 0} = container.linuxParameters ?? {};
  // No name in ECS has a space, so that none of these can be that of a volume of the task.
  const nameOf = (what: string): string => labelName(`${container.name} ${what}`);
  const volumes = tmpfs.map(({containerPath, size, mountOptions = []}, index): MemoryVolume => {
    const options = new Set(mountOptions.flatMap((text) => text.split(',')));
    const readOnly = options.has('ro');
    ['ro', 'rw', 'defaults'].forEach((known) => options.delete(known));
    if (options.size > 0 && report !== undefined) {
      const where = at(path, 'linuxParameters', 'tmpfs', index, 'mountOptions');
      const message = `${[...options].join(', ')} cannot be set; the file system is there without.`;
      report({path: where, level: 'ignored', reason: 'TmpfsOptionsIgnored', message});
    }
    return {name: nameOf(`tmpfs ${index}`), mountPath: containerPath, mebibytes: size, readOnly};
  });
  if (sharedMemorySize === 0) return volumes;
  return [...volumes, {name: nameOf('shm'), mountPath: '/dev/shm', mebibytes: sharedMemorySize, readOnly: false}];
}
