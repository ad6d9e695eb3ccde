import type {RegistryLocation} from '../../aws/aws.ts';
import type {Json} from '../../documents/json.ts';
import {fingerprint, isSameEntries, policyOf, scanTypeKey, sidOf} from './entries.ts';
import type {Entries, SettingName} from './setting.ts';
import type {SettingStep} from './step.ts';

export interface Given {
  readonly name: SettingName;
  readonly location: RegistryLocation;
  /** What the spec says; empty where the setting left the spec. */
  readonly wanted: Entries;
  readonly actual: Entries;
  /** Fingerprints of the entries that were set from the spec. */
  readonly applied: readonly string[];
  readonly ownership: 'Exclusive' | 'Merge';
  /** The setting left the spec, or the object goes: what is ours is taken back. */
  readonly isLeaving: boolean;
}

/** What a setting is to be: with Exclusive what the spec says, with Merge that and what others wrote. */
export function targetOf({name, wanted, actual, applied, ownership, isLeaving}: Given): Entries {
  if (name === 'accountSettings') return isLeaving ? actual : wanted;
  if (ownership === 'Exclusive' && !isLeaving) return wanted;
  const ours = new Set(applied);
  const others = [...actual].filter(([key]) => !ours.has(fingerprint(key)) || (key === scanTypeKey && wanted.size === 0));
  return new Map<string, Json>([...others, ...wanted]);
}

/** Statements of a policy that cannot be merged, because nothing tells them from those of others. */
export function unmergeable({name, wanted, ownership}: Pick<Given, 'name' | 'wanted' | 'ownership'>): boolean {
  return name === 'registryPolicy' && ownership === 'Merge' && [...wanted.values()].some((statement) => sidOf(statement) === undefined);
}

/** The calls that make a setting so; none where it is. */
export function settingSteps(given: Given): readonly SettingStep[] {
  const {name, actual, location} = given;
  const target = targetOf(given);
  if (isSameEntries(name, target, actual)) return [];
  const at = {setting: name, location};
  const why = whyOf(given, target);
  switch (name) {
    case 'accountSettings':
      return [...target]
        .filter(([setting, value]) => actual.get(setting) !== value)
        .map(([setting, value]) => ({
          call: 'PutAccountSetting',
          why: `${setting} is ${text(actual.get(setting))}, and ${text(value)} in the spec`,
          ...at,
          name: setting,
          value: text(value),
        }));
    case 'registryPolicy':
      return target.size === 0
        ? [{call: 'DeleteRegistryPolicy', why, ...at}]
        : [{call: 'PutRegistryPolicy', why, ...at, text: policyOf(target), target}];
    case 'replicationConfiguration':
      return [{call: 'PutReplicationConfiguration', why, ...at, target}];
    case 'registryScanningConfiguration':
      return [{call: 'PutRegistryScanningConfiguration', why, ...at, target}];
    case 'signingConfiguration':
      return [{call: target.size === 0 ? 'DeleteSigningConfiguration' : 'PutSigningConfiguration', why, ...at, target}];
    case 'pullTimeUpdateExclusions':
      return [
        ...[...target.keys()]
          .filter((arn) => !actual.has(arn))
          .map((principalArn) => ({
            call: 'RegisterPullTimeUpdateExclusion' as const,
            why: `${principalArn} is not excluded yet`,
            ...at,
            principalArn,
          })),
        ...[...actual.keys()]
          .filter((arn) => !target.has(arn))
          .map((principalArn) => ({
            call: 'DeregisterPullTimeUpdateExclusion' as const,
            why: `the spec does not exclude ${principalArn}`,
            ...at,
            principalArn,
          })),
      ];
  }
  return name satisfies never;
}

function whyOf({name, actual, isLeaving}: Given, target: Entries): string {
  if (isLeaving) return `${name} left the spec`;
  const missing = [...target.keys()].filter((key) => !actual.has(key)).length;
  const extra = [...actual.keys()].filter((key) => !target.has(key)).length;
  return `${name} differs: ${missing} entries are missing, ${extra} too many, others are changed`;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : 'not set';
}
