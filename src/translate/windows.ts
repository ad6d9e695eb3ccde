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
