import type {Json} from '../../documents/json.ts';
import type {Outcome} from '../outcome.ts';
import type {RegistrySpec} from './schema.ts';

/** The settings by the names of the spec, in the order in which they are put. */
export const settingNames = [
  'accountSettings',
  'registryPolicy',
  'replicationConfiguration',
  'registryScanningConfiguration',
  'signingConfiguration',
  'pullTimeUpdateExclusions',
] as const;

export type SettingName = (typeof settingNames)[number];

/** A setting taken apart: statements, rules, names. Two settings are the same if their entries are. */
export type Entries = ReadonlyMap<string, Json>;

export type Reading = {readonly is: 'read'; readonly entries: Entries} | {readonly is: 'failed'; readonly outcome: Outcome};

/** Whether the spec says anything of a setting. */
export function declares(spec: Pick<RegistrySpec, SettingName>, name: SettingName): boolean {
  return spec[name] !== undefined;
}
