import type {RegistryLocation} from '../../aws/aws.ts';
import type {Step} from '../kind.ts';
import type {Entries, SettingName} from './setting.ts';

interface At extends Step {
  readonly setting: SettingName;
  readonly location: RegistryLocation;
}

/** One call for one setting. `target`: the whole of the setting, taken apart. */
export type SettingStep =
  | (At & {readonly call: 'PutAccountSetting'; readonly name: string; readonly value: string})
  | (At & {readonly call: 'PutRegistryPolicy'; readonly text: string; readonly target: Entries})
  | (At & {readonly call: 'DeleteRegistryPolicy'})
  | (At & {
      readonly call:
        | 'PutReplicationConfiguration'
        | 'PutRegistryScanningConfiguration'
        | 'PutSigningConfiguration'
        | 'DeleteSigningConfiguration';
      readonly target: Entries;
    })
  | (At & {readonly call: 'RegisterPullTimeUpdateExclusion' | 'DeregisterPullTimeUpdateExclusion'; readonly principalArn: string});
