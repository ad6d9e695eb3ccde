import type {RegistryLocation} from '../../aws/aws.ts';
import type {RegistryHosts} from '../../schema/registry-hosts.ts';
import type {Reading, SettingName} from './setting.ts';

/** Who the operator is in the registry, what the registry is called, and how it is set up as far as that matters. */
export interface Observed {
  readonly accountId: string;
  readonly identityArn: string;
  readonly region: string;
  readonly hosts: RegistryHosts;
  readonly location: RegistryLocation;
  /** Only of settings that the spec has, or had. */
  readonly readings: Readonly<Partial<Record<SettingName, Reading>>>;
  /** Settings that an older Registry of the same account and region declares too, with its name. */
  readonly rivals: Readonly<Partial<Record<SettingName, string>>>;
  /** Settings that were changed in this walk. */
  readonly changed: readonly SettingName[];
}
