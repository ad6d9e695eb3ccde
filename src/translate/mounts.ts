import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {memoryMountsOf} from './memory-volumes.ts';
import type {Report} from './note.ts';
import {osOf} from './platform.ts';
import {mountsOf} from './storage.ts';

type Json = Readonly<Record<string, unknown>>;

/** Everything that is mounted into a container: `mountPoints`, those of other containers (`volumesFrom`), and memory. */
export function allMountsOf(container: ContainerDefinition, task: TaskDefinition, path: string, report: Report): readonly Json[] {
  const own = mountsOf(container, path, report);
  const mounts = new Map(own.map((mount) => [mount['mountPath'], mount]));
  for (const mount of borrowed(container, task, path, report)) {
    // Docker too keeps the container's own.
    if (!mounts.has(mount['mountPath'])) mounts.set(mount['mountPath'], mount);
  }
  if (osOf(task) === 'windows') return [...mounts.values()];
  reportDrives(container, path, report);
  for (const mount of memoryMountsOf(container, task, path, report)) {
    if (mounts.has(mount['mountPath'])) {
      const message = `Two file systems would be mounted at ${String(mount['mountPath'])}; remove one.`;
      report({path: at(path, 'linuxParameters'), level: 'refused', reason: 'DuplicateMount', message});
    }
    mounts.set(mount['mountPath'], mount);
  }
  return [...mounts.values()];
}

function reportDrives({mountPoints = []}: ContainerDefinition, path: string, report: Report): void {
  for (const [index, {containerPath}] of mountPoints.entries()) {
    if (!/^[A-Za-z]:/.test(containerPath)) continue;
    const message = 'It is a path of Windows: name a Windows family in runtimePlatform.operatingSystemFamily.';
    report({path: at(path, 'mountPoints', index, 'containerPath'), level: 'refused', reason: 'InvalidMountPath', message});
  }
}

function borrowed(
  {name, volumesFrom = []}: ContainerDefinition,
  {containerDefinitions}: TaskDefinition,
  path: string,
  report: Report,
): readonly Json[] {
  return volumesFrom.flatMap(({sourceContainer, readOnly}, index): readonly Json[] => {
    const here = at(path, 'volumesFrom', index);
    if (sourceContainer === name || !containerDefinitions.some((one) => one.name === sourceContainer)) {
      const message = `The task has no other container ${sourceContainer}; name one that it has.`;
      report({path: at(here, 'sourceContainer'), level: 'refused', reason: 'UnknownContainer', message});
      return [];
    }
    const message = `It has what mountPoints of ${sourceContainer} name; what the image of that one declares as VOLUME is not shared.`;
    report({path: here, level: 'approximated', reason: 'VolumesFromImageVolumesLost', message});
    const mounts = sourcesOf(sourceContainer, containerDefinitions, new Set([name])).flatMap((one) => mountsOf(one, '', () => {}));
    return mounts.map((mount) => (readOnly === true ? {...mount, readOnly: true} : mount));
  });
}

/** The container and those that it takes volumes from itself, each once. */
function sourcesOf(name: string, containers: readonly ContainerDefinition[], seen: Set<string>): readonly ContainerDefinition[] {
  const found = containers.find((one) => one.name === name);
  if (found === undefined || seen.has(name)) return [];
  seen.add(name);
  return [found, ...(found.volumesFrom ?? []).flatMap(({sourceContainer}) => sourcesOf(sourceContainer, containers, seen))];
}
