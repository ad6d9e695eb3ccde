import type {Resource} from '../../schema/object.ts';
import type {RegistrySpec, RegistryStatus} from './schema.ts';
import {declares, type SettingName, settingNames} from './setting.ts';

/** The status as it was last written; empty before. */
export function statusOf(resource: Resource<RegistrySpec>): RegistryStatus {
  return resource.status ?? {};
}

/** Fingerprints of the entries of a setting that were set from the spec. */
export function appliedOf(status: RegistryStatus, name: SettingName): readonly string[] {
  return status.settings?.find((setting) => setting.name === name)?.applied ?? [];
}

/** The settings that matter now: those of the spec, and those that are to be taken back. */
export function settingsToKeep(resource: Resource<RegistrySpec>): readonly SettingName[] {
  const {spec, metadata} = resource;
  const status = statusOf(resource);
  const takesBack = spec.settingsDeletionPolicy === 'Delete';
  const isGoing = metadata.deletionTimestamp !== undefined;
  return settingNames.filter((name) => (!isGoing && declares(spec, name)) || (takesBack && appliedOf(status, name).length > 0));
}

/** So often within so long is a setting set right before it is left to whoever changes it. */
export const mostCorrections = 3;
const contestMilliseconds = 3_600_000;

/** How often a setting was set right lately, by what the status remembers. */
export function correctionsOf(status: RegistryStatus, name: SettingName, now: Date): number {
  const {corrections = 0, correctedAt} = status.settings?.find((setting) => setting.name === name) ?? {};
  return correctedAt !== undefined && now.getTime() - Date.parse(correctedAt) < contestMilliseconds ? corrections : 0;
}
