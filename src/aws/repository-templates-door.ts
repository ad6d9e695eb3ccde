import type {ECRClient} from '@aws-sdk/client-ecr';
import type {Caller} from './caller.ts';
import type {RepositoryTemplates} from './repository-templates.ts';

export function createRepositoryTemplatesDoor(_options: {
  readonly client: ECRClient;
  readonly call: Caller;
  readonly registryId?: string;
}): RepositoryTemplates {
  return {};
}
