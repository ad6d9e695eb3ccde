import {registryHosts} from '../../schema/registry-hosts.ts';
import type {KubeObject, Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {Interruption, outcomeOf} from '../outcome.ts';
import {roleOf} from '../registry-ref.ts';
import {registries} from '../sources.ts';
import {elderOf} from '../untagged.ts';
import {readEntries, wantedEntries} from './entries.ts';
import {settingsToKeep} from './memory.ts';
import type {Observed} from './observed.ts';
import type {RegistrySpec, RegistryStatus} from './schema.ts';
import type {Reading, SettingName} from './setting.ts';

/** Who the operator is; and of settings only what the spec has, or had: a Registry without any costs no call to ECR. */
export async function observe(resource: Resource<RegistrySpec>, doors: Doors): Promise<Observed> {
  const {spec} = resource;
  const role = roleOf(spec);
  const {accountId, arn, region: own} = await doors.aws.identity(role);
  const region = spec.region ?? own;
  const location = {region, accountId, ...(role && {role})};
  const identified = {accountId, identityArn: arn, region, hosts: registryHosts(accountId, region), location, changed: []};
  if (spec.accountId !== undefined && spec.accountId !== accountId) return {...identified, readings: {}, rivals: {}};
  const names = settingsToKeep(resource);
  if (names.length === 0) return {...identified, readings: {}, rivals: {}};
  const rivals = rivalsOf(resource, names, {accountId, region}, doors);
  const settings = doors.aws.registrySettings(location);
  const read = async (name: SettingName): Promise<readonly [SettingName, Reading]> => {
    try {
      return [name, {is: 'read', entries: await readEntries(settings, name, wantedEntries(spec, name))}];
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      return [name, {is: 'failed', outcome: outcomeOf(error)}];
    }
  };
  const readings = await Promise.all(names.filter((name) => rivals[name] === undefined).map(read));
  return {...identified, readings: Object.fromEntries(readings), rivals};
}

/** Two that both merge may share a setting; otherwise the older has it. */
function rivalsOf(
  resource: Resource<RegistrySpec>,
  names: readonly SettingName[],
  here: {readonly accountId: string; readonly region: string},
  {cache}: Doors,
): Observed['rivals'] {
  const others = cache.list(registries).filter((other) => other.metadata.name !== resource.metadata.name && isIn(other, here));
  const rivals = names.map((name) => {
    const claiming = others.filter((other) => {
      const raw = rawSpec(other);
      const merges = resource.spec.settingsOwnership === 'Merge' && (raw.settingsOwnership ?? 'Merge') === 'Merge';
      return raw[name] !== undefined && (!merges || name === 'accountSettings');
    });
    return [name, elderOf(resource, claiming)?.metadata.name] as const;
  });
  return Object.fromEntries(rivals.filter(([, elder]) => elder !== undefined));
}

function isIn(other: KubeObject, {accountId, region}: {readonly accountId: string; readonly region: string}): boolean {
  const status = (other['status'] ?? {}) as RegistryStatus;
  return status.accountId === accountId && status.region === region;
}

function rawSpec(object: KubeObject): Readonly<Record<string, unknown>> {
  return (object['spec'] ?? {}) as Record<string, unknown>;
}
