import type {RegistryLocation} from '../../aws/aws.ts';
import type {Tags} from '../../aws/ecr.ts';
import type {PullThroughCacheRule} from '../../aws/pull-through-cache-rules.ts';
import type {RepositoryTemplate} from '../../aws/repository-templates.ts';
import type {Step} from '../kind.ts';
import type {PullThroughCacheSpec} from './schema.ts';

interface At extends Step {
  readonly location: RegistryLocation;
}

/** A step that carries a Kubernetes Secret into AWS names it, and never holds its contents. */
interface Carrying extends At {
  readonly storedName: string;
  readonly spec: PullThroughCacheSpec;
}

export type CacheStep =
  | (Carrying & {readonly call: 'CreateSecret'; readonly tags: Tags})
  | (Carrying & {readonly call: 'PutSecretValue'; readonly tags: Tags})
  | (At & {readonly call: 'RestoreSecret'; readonly storedName: string})
  | (At & {readonly call: 'DeleteSecret'; readonly storedName: string})
  | (At & {readonly call: 'CreateRepositoryCreationTemplate'; readonly template: RepositoryTemplate})
  | (At & {readonly call: 'UpdateRepositoryCreationTemplate'; readonly template: RepositoryTemplate})
  | (At & {readonly call: 'DeleteRepositoryCreationTemplate'; readonly prefix: string})
  | (At & {readonly call: 'CreatePullThroughCacheRule'; readonly rule: PullThroughCacheRule})
  | (At & {readonly call: 'UpdatePullThroughCacheRule'; readonly rule: PullThroughCacheRule})
  | (At & {readonly call: 'DeletePullThroughCacheRule'; readonly prefix: string});
