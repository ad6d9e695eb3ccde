import type {ECRClient} from '@aws-sdk/client-ecr';
import type {Caller} from './caller.ts';
import type {PullThroughCacheRules} from './pull-through-cache-rules.ts';

export function createPullThroughCacheRulesDoor(_options: {
  readonly client: ECRClient;
  readonly call: Caller;
  readonly registryId?: string;
}): PullThroughCacheRules {
  return {};
}
