import type {ECRClient} from '@aws-sdk/client-ecr';
import type {Caller} from './caller.ts';
import type {RegistrySettings} from './registry-settings.ts';

export function createRegistrySettingsDoor(_options: {
  readonly client: ECRClient;
  readonly call: Caller;
  readonly registryId?: string;
}): RegistrySettings {
  return {};
}
