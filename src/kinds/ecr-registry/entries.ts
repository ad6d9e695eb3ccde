import {hash} from 'node:crypto';
import type {RegistrySettings, RepositoryFilter} from '../../aws/registry-settings.ts';
import {canonicalStatement} from '../../documents/iam-policy.ts';
import {isObject, type Json, listOf, parse, print} from '../../documents/json.ts';
import type {RegistrySpec} from './schema.ts';
import type {Entries, SettingName} from './setting.ts';

/** The entry of the scanning configuration that is no rule. */
export const scanTypeKey = 'scanType';

/** What the spec says of a setting, taken apart; empty where it says nothing. */
export function wantedEntries(spec: RegistrySpec, name: SettingName): Entries {
  switch (name) {
    case 'accountSettings':
      return new Map((spec.accountSettings ?? []).map((setting) => [setting.name, setting.value]));
    case 'registryPolicy':
      return statementsIn(spec.registryPolicy?.policyText);
    case 'replicationConfiguration':
      return byContent((spec.replicationConfiguration?.rules ?? []).map((rule) => replication(rule.destinations, rule.repositoryFilters)));
    case 'registryScanningConfiguration': {
      const {scanType, rules} = spec.registryScanningConfiguration ?? {scanType: undefined, rules: []};
      const entries = byContent(rules.map((rule) => scanning(rule.scanFrequency, rule.repositoryFilters)));
      return scanType === undefined ? entries : new Map([[scanTypeKey, scanType], ...entries]);
    }
    case 'signingConfiguration':
      return byContent((spec.signingConfiguration?.rules ?? []).map((rule) => signing(rule.signingProfileArn, rule.repositoryFilters)));
    case 'pullTimeUpdateExclusions':
      return new Map((spec.pullTimeUpdateExclusions ?? []).map((arn) => [arn, arn]));
  }
  return name satisfies never;
}

/** What AWS has of a setting, taken apart. Of account settings only those that are asked for. */
export async function readEntries(settings: RegistrySettings, name: SettingName, wanted: Entries): Promise<Entries> {
  switch (name) {
    case 'accountSettings': {
      const read = await Promise.all([...wanted.keys()].map(async (setting) => [setting, await settings.accountSetting(setting)] as const));
      return new Map(read.flatMap(([setting, value]) => (value === undefined ? [] : [[setting, value] as const])));
    }
    case 'registryPolicy':
      return statementsIn(await settings.registryPolicy());
    case 'replicationConfiguration':
      return byContent((await settings.replicationRules()).map((rule) => replication(rule.destinations, rule.repositoryFilters)));
    case 'registryScanningConfiguration': {
      const {scanType, rules} = await settings.scanning();
      return new Map<string, Json>([
        [scanTypeKey, scanType],
        ...byContent(rules.map((rule) => scanning(rule.scanFrequency, rule.repositoryFilters))),
      ]);
    }
    case 'signingConfiguration':
      return byContent((await settings.signingRules()).map((rule) => signing(rule.signingProfileArn, rule.repositoryFilters)));
    case 'pullTimeUpdateExclusions':
      return new Map((await settings.pullTimeUpdateExclusions()).map((arn) => [arn, arn]));
  }
  return name satisfies never;
}

/** The statements of a policy by their Sid; those without one by what they say. */
export function statementsIn(policyText: string | undefined): Entries {
  const parsed = policyText === undefined ? undefined : parse(policyText);
  if (!parsed || !isObject(parsed.value)) return new Map();
  const statements = listOf(parsed.value['Statement'] ?? []);
  return new Map(statements.map((statement) => [sidOf(statement) ?? print(canonicalStatement(statement)), statement]));
}

export function sidOf(statement: Json): string | undefined {
  const sid = isObject(statement) ? statement['Sid'] : undefined;
  return typeof sid === 'string' && sid !== '' ? sid : undefined;
}

/** A policy of these statements. */
export function policyOf(entries: Entries): string {
  return JSON.stringify({Version: '2012-10-17', Statement: [...entries.values()]});
}

/** Whether both say the same, entry by entry. */
export function isSameEntries(name: SettingName, one: Entries, other: Entries): boolean {
  if (one.size !== other.size) return false;
  const text = (value: Json | undefined) =>
    value === undefined ? '' : print(name === 'registryPolicy' ? canonicalStatement(value) : value);
  return [...one.keys()].every((key) => other.has(key) && text(one.get(key)) === text(other.get(key)));
}

/** An entry as it is remembered: its key may be a whole rule. */
export function fingerprint(key: string): string {
  return hash('sha256', key).slice(0, 16);
}

function byContent(values: readonly Json[]): Entries {
  return new Map(values.map((value) => [print(value), value]));
}

function replication(destinations: readonly {readonly region: string; readonly registryId: string}[], filters: Filters): Json {
  const sorted = destinations.map(({region, registryId}) => ({region, registryId})).toSorted((a, b) => (print(a) < print(b) ? -1 : 1));
  return {destinations: sorted, repositoryFilters: sortedFilters(filters)};
}

function scanning(scanFrequency: string, filters: Filters): Json {
  return {scanFrequency, repositoryFilters: sortedFilters(filters)};
}

function signing(signingProfileArn: string, filters: Filters): Json {
  return {signingProfileArn, repositoryFilters: sortedFilters(filters)};
}

type Filters = readonly RepositoryFilter[] | undefined;

function sortedFilters(filters: Filters = []): Json {
  return filters.map(({filter, filterType}) => ({filter, filterType})).toSorted((a, b) => (a.filter < b.filter ? -1 : 1));
}
