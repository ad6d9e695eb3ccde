import type {Attributes, Compute} from '../cluster-settings.ts';

/** How an attribute of container instances shows on nodes. */
export interface NodeLabel {
  /** The label that has one of its values, and how it is written there; undefined where no label has it. */
  readonly of: (value: string) => {readonly key: string; readonly value: string} | undefined;
  /** The label that is there exactly where the attribute is; undefined where none is. */
  readonly key?: string;
}

export const attributePrefix = 'attribute.ecs.drayage.dev/';

const computeType = 'eks.amazonaws.com/compute-type';
const windowsBuild = 'node.kubernetes.io/windows-build';
/** Kubernetes has no label for the whole family, so CORE and FULL are one. */
const windowsBuilds: Readonly<Record<string, string>> = {2019: '10.0.17763', 2022: '10.0.20348', 2025: '10.0.26100'};

const builtIn: Readonly<Record<string, NodeLabel>> = {
  'ecs.instance-type': plain('node.kubernetes.io/instance-type'),
  'ecs.availability-zone': plain('topology.kubernetes.io/zone'),
  'ecs.availability-zone-id': plain('topology.k8s.aws/zone-id'),
  'ecs.os-type': plain('kubernetes.io/os'),
  'ecs.cpu-architecture': plain('kubernetes.io/arch', (value) => (value === 'x86_64' ? 'amd64' : value)),
  'ecs.os-family': {of: osFamily, key: 'kubernetes.io/os'},
};

/** `attribute:ecs.capability.external exists` are the nodes outside of AWS. */
export const external = {attribute: 'ecs.capability.external', key: computeType, value: 'hybrid'} as const;

/** The label for an attribute, by its name without `attribute:`. Undefined where no node label says it. */
export function nodeLabelOf(attribute: string, {labels = {}, labelPrefix = attributePrefix}: Attributes): NodeLabel | undefined {
  const own = Object.hasOwn(labels, attribute) ? labels[attribute] : undefined;
  if (own !== undefined) return plain(own);
  if (Object.hasOwn(builtIn, attribute)) return builtIn[attribute];
  // What begins so is set by ECS itself, so nobody has put it on a node.
  if (/^(com\.amazonaws\.)?ecs\./.test(attribute)) return undefined;
  return isLabelName(attribute) ? plain(`${labelPrefix}${attribute}`) : undefined;
}

/** The label that holds an instance type's family (`t3`), where the nodes have one. */
export function familyLabelOf({labels = {}}: Attributes, computes: readonly Compute[]): string | undefined {
  if (labels['instance-family'] !== undefined) return labels['instance-family'];
  const known = computes.map((compute) => familyLabels[compute]);
  const [first] = known;
  return known.every((label) => label === first) ? first : undefined;
}

const familyLabels: Readonly<Partial<Record<Compute, string>>> = {
  Karpenter: 'karpenter.k8s.aws/instance-family',
  EKSAutoMode: 'eks.amazonaws.com/instance-family',
};

export const regionLabel = 'topology.kubernetes.io/region';

export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= 63 && isLabelName(value));
}

function isLabelName(name: string): boolean {
  return /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name);
}

function plain(key: string, written: (value: string) => string = (value) => value): NodeLabel {
  return {
    key,
    of: (value) => {
      const there = written(value);
      return isLabelValue(there) ? {key, value: there} : undefined;
    },
  };
}

function osFamily(family: string): {key: string; value: string} | undefined {
  if (family === 'LINUX') return {key: 'kubernetes.io/os', value: 'linux'};
  const build = windowsBuilds[/^WINDOWS_SERVER_(\d{4})_(?:CORE|FULL)$/.exec(family)?.[1] ?? ''];
  return build === undefined ? undefined : {key: windowsBuild, value: build};
}
