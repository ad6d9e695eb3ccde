import type {KubeObject} from '../../src/schema/object.ts';
import type {Translation} from '../../src/translate/translate.ts';

type Json = Readonly<Record<string, unknown>>;

/** What must be true of every translation, whatever went in. Gives what is not. */
export function faultsOf({manifests, notes, needs}: Translation, name: string, namespace: string): readonly string[] {
  const refused = notes.filter(({level}) => level === 'refused');
  return [
    ...(manifests.length > 0 === (refused.length === 0) ? [] : ['manifests without being translated, or none without a refusal']),
    ...notes.flatMap(({path, reason, message}) => [
      ...(/^[A-Z][A-Za-z0-9]+$/.test(reason) ? [] : [`reason ${reason}`]),
      ...(message.length > 0 && message.length <= 1024 && message.endsWith('.') ? [] : [`message of ${path}: ${message}`]),
    ]),
    ...duplicates(manifests.map((one) => `${one.kind} ${one.metadata.name}`)).map((twice) => `twice: ${twice}`),
    ...manifests.flatMap((one) => objectFaults(one, name, namespace)),
    ...needs.flatMap((need) =>
      JSON.stringify(manifests).includes(JSON.stringify(need.name)) ? [] : [`nobody refers to the Secret ${need.name}`],
    ),
  ];
}

function objectFaults(object: KubeObject, name: string, namespace: string): readonly string[] {
  const {kind, metadata} = object;
  const where = `${kind} ${metadata.name}`;
  const isCluster = metadata.namespace === undefined && kind !== 'Deployment';
  const template = at(object, 'spec', 'template') ?? {};
  return [
    ...(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(metadata.name) ? [] : [`name of ${where}`]),
    ...(metadata.namespace === namespace || isCluster ? [] : [`namespace of ${where}: ${metadata.namespace}`]),
    ...(metadata.labels?.['app.kubernetes.io/managed-by'] === 'drayage' ? [] : [`${where} does not say whose it is`]),
    ...Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => (isLabelValue(value) ? [] : [`label ${key} of ${where}: ${value}`])),
    ...Object.entries(metadata.annotations ?? {}).flatMap(([key, value]) =>
      typeof value === 'string' ? [] : [`annotation ${key} of ${where}`],
    ),
    ...(kind === 'Deployment' && metadata.name !== name ? [`the workload is called ${metadata.name}`] : []),
    ...(at(template, 'spec', 'containers') === undefined ? [] : podFaults(object, template as Json).map((fault) => `${where}: ${fault}`)),
    ...holes(object, where),
  ];
}

function podFaults(object: KubeObject, template: Json): readonly string[] {
  const spec = template['spec'] as Json;
  const selector = (at(object, 'spec', 'selector', 'matchLabels') ?? {}) as Readonly<Record<string, string>>;
  const labels = (at(template, 'metadata', 'labels') ?? {}) as Readonly<Record<string, string>>;
  const containers = [...listOf(spec, 'containers'), ...listOf(spec, 'initContainers')];
  const volumes = listOf(spec, 'volumes').map(({name}) => String(name));
  const names = containers.map(({name}) => String(name));
  return [
    ...Object.entries(selector).flatMap(([key, value]) => (labels[key] === value ? [] : [`does not select its own pods by ${key}`])),
    ...(listOf(spec, 'containers').length > 0 ? [] : ['no containers']),
    ...[...names, ...volumes].flatMap((name) => (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? [] : [`name ${name}`])),
    ...duplicates(names).map((name) => `two containers ${name}`),
    ...duplicates(volumes).map((name) => `two volumes ${name}`),
    ...duplicates(containers.flatMap((one) => listOf(one, 'ports').flatMap(({name}) => (typeof name === 'string' ? [name] : [])))).map(
      (name) => `two ports ${name}`,
    ),
    ...containers.flatMap((container) => [
      ...(typeof container['image'] === 'string' && container['image'] !== '' ? [] : ['no image']),
      ...listOf(container, 'volumeMounts').flatMap(({name}) =>
        volumes.includes(String(name)) ? [] : [`mounts ${String(name)}, which is no volume`],
      ),
      ...duplicates(listOf(container, 'volumeMounts').map(({mountPath}) => String(mountPath))).map((path) => `two mounts at ${path}`),
      ...duplicates(listOf(container, 'env').map(({name}) => String(name))).map((name) => `two variables ${name}`),
    ]),
  ];
}

/** Numbers that are none, and numbers that JSON or Kubernetes cannot hold. */
function holes(node: unknown, where: string): readonly string[] {
  if (typeof node === 'number') return Number.isSafeInteger(node) ? [] : [`${where} is ${node}`];
  if (node === undefined || node === null) return [`${where} is ${String(node)}`];
  if (typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, value]) => holes(value, `${where}.${key}`));
}

function isLabelValue(value: unknown): boolean {
  return typeof value === 'string' && /^([A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/.test(value);
}

function duplicates(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

function listOf(node: Json, key: string): readonly Json[] {
  const list = node[key];
  return Array.isArray(list) ? (list as readonly Json[]) : [];
}

function at(node: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Json)[key] : undefined), node);
}
