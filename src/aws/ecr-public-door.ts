import type {ECRPUBLICClient} from '@aws-sdk/client-ecr-public';
import type {Caller} from './caller.ts';
import type {EcrPublic} from './ecr-public.ts';

export function createEcrPublicDoor(_options: {
  readonly client: ECRPUBLICClient;
  readonly call: Caller;
  readonly registryId?: string;
}): EcrPublic {
  return {};
}
