import type {TaskDefinition} from './ecs.ts';
import type {Report} from './note.ts';

/** `runtimePlatform` and FARGATE's default as node labels. */
export function platformOf(task: TaskDefinition, report: Report): {nodeSelector?: Readonly<Record<string, string>>} {
  const {cpuArchitecture, operatingSystemFamily} = task.runtimePlatform ?? {};
  if (operatingSystemFamily !== undefined && operatingSystemFamily.toUpperCase() !== 'LINUX') {
    const message = 'Only LINUX is carried so far.';
    report({path: 'runtimePlatform.operatingSystemFamily', level: 'refused', reason: 'OperatingSystemNotCarried', message});
  }
  // ECS on FARGATE takes X86_64 where nothing is said; elsewhere the image decides which nodes will do.
  const isFargate = [...(task.requiresCompatibilities ?? [])].includes('FARGATE');
  const architecture = cpuArchitecture ?? (isFargate ? 'X86_64' : undefined);
  const nodeSelector = {
    ...(architecture === undefined ? {} : {'kubernetes.io/arch': architecture === 'ARM64' ? 'arm64' : 'amd64'}),
    ...(operatingSystemFamily === undefined ? {} : {'kubernetes.io/os': 'linux'}),
  };
  return Object.keys(nodeSelector).length === 0 ? {} : {nodeSelector};
}
