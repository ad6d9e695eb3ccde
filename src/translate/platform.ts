import type {TaskDefinition} from './ecs.ts';
import type {Report} from './note.ts';
import {reportLinuxOnly, windowsOf} from './windows.ts';

export interface Platform {
  readonly os?: {readonly name: 'windows'};
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

export function osOf(task: TaskDefinition): 'linux' | 'windows' {
  return /^windows/i.test(task.runtimePlatform?.operatingSystemFamily ?? '') ? 'windows' : 'linux';
}

/** `runtimePlatform` and FARGATE's default as node labels. */
export function platformOf(task: TaskDefinition, report: Report): Platform {
  const {cpuArchitecture, operatingSystemFamily} = task.runtimePlatform ?? {};
  const windows = osOf(task) === 'windows' ? windowsOf(operatingSystemFamily ?? '', report) : undefined;
  if (windows !== undefined) reportLinuxOnly(task, report);
  else if (operatingSystemFamily !== undefined && operatingSystemFamily.toUpperCase() !== 'LINUX') {
    const message = 'ECS has LINUX and WINDOWS_SERVER_2019_CORE and newer ones; choose one of these.';
    report({path: 'runtimePlatform.operatingSystemFamily', level: 'refused', reason: 'OperatingSystemNotCarried', message});
  }
  // ECS on FARGATE takes X86_64 where nothing is said; elsewhere the image decides which nodes will do.
  const isFargate = [...(task.requiresCompatibilities ?? [])].includes('FARGATE');
  const architecture = cpuArchitecture ?? (isFargate ? 'X86_64' : undefined);
  const nodeSelector = {
    ...(architecture === undefined ? {} : {'kubernetes.io/arch': architecture === 'ARM64' ? 'arm64' : 'amd64'}),
    ...(windows?.labels ?? (operatingSystemFamily === undefined ? {} : {'kubernetes.io/os': 'linux'})),
  };
  return {
    ...(windows === undefined ? {} : {os: windows.os}),
    ...(Object.keys(nodeSelector).length === 0 ? {} : {nodeSelector}),
  };
}
