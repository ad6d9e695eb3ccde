import type {TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

// Node images of EKS, by the label that Kubernetes gives every Windows node.
const builds: Readonly<Record<string, string>> = {'2019': '10.0.17763', '2022': '10.0.20348', '2025': '10.0.26100'};

/** Where a pod of Windows containers runs. Full and Core are hosts of the same build, and containers do not tell them apart. */
export function windowsOf(
  family: string,
  report: Report,
): {readonly os: {readonly name: 'windows'}; readonly labels: Readonly<Record<string, string>>} {
  const [, year = ''] = /^WINDOWS_SERVER_(\d{4})_(?:CORE|FULL)$/.exec(family.toUpperCase()) ?? [];
  const build = builds[year];
  if (build === undefined) {
    const message = 'Kubernetes has no nodes of this version any more; build the image for WINDOWS_SERVER_2019, 2022 or 2025.';
    report({path: 'runtimePlatform.operatingSystemFamily', level: 'refused', reason: 'WindowsVersionUnavailable', message});
  }
  return {
    os: {name: 'windows'},
    labels: {'kubernetes.io/os': 'windows', ...(build === undefined ? {} : {'node.kubernetes.io/windows-build': build})},
  };
}

const linuxOnly = ['user', 'privileged', 'readonlyRootFilesystem', 'linuxParameters', 'ulimits', 'systemControls'];

/** Notes for what Windows containers do not have, in ECS too: it is left out. */
export function reportLinuxOnly(task: TaskDefinition, report: Report): void {
  const leaveOut = (value: unknown, path: string, reason: string, message: string): void => {
    if (value === undefined) return;
    // All that is in it has been looked at, and is under this one note.
    JSON.stringify(value);
    report({path, level: 'ignored', reason, message});
  };
  const none = 'Windows containers have no such setting, in ECS too.';
  for (const [index, container] of task.containerDefinitions.entries()) {
    for (const field of linuxOnly) leaveOut(container[field], at('containerDefinitions', index, field), 'NotOnWindows', none);
  }
  for (const field of ['pidMode', 'ipcMode'] as const) leaveOut(task[field], field, 'NotOnWindows', none);
  const sizes = "ECS takes no notice of a task's size on Windows; the containers' sizes count.";
  for (const field of ['cpu', 'memory'] as const) leaveOut(task[field], field, 'TaskSizeOnWindows', sizes);
  if (task.networkMode !== 'host') return;
  const message = 'Windows containers are not on the network of the host; use awsvpc, or leave networkMode out.';
  report({path: 'networkMode', level: 'refused', reason: 'HostNetworkOnWindows', message});
}
