import type {Ecr} from './ecr.ts';
import type {EcrImages} from './ecr-images.ts';
import type {EcrPublic} from './ecr-public.ts';
import type {Identity} from './identity.ts';
import type {LifecyclePreviews} from './lifecycle-previews.ts';
import type {PullThroughCacheRules} from './pull-through-cache-rules.ts';
import type {RegistrySettings} from './registry-settings.ts';
import type {AskForToken} from './registry-token.ts';
import type {ReplicationBackfills} from './replication-backfills.ts';
import type {RepositoryTemplates} from './repository-templates.ts';
import type {ParameterStore} from './parameter-store.ts';
import type {SecretStore} from './secret-store.ts';
import type {StoredFiles} from './stored-files.ts';

/** A role that the operator assumes with its own identity, to act in another account. */
export interface AssumedRole {
  readonly roleArn: string;
  /** What the role's trust policy asks for as sts:ExternalId. */
  readonly externalId?: string;
  /** Session tags: seen by policies as aws:PrincipalTag, and in CloudTrail. */
  readonly sessionTags?: Readonly<Record<string, string>>;
}

/** Which registry calls go to. Left out, the operator's own account and region, as the operator itself. */
export interface RegistryLocation {
  readonly region?: string;
  readonly accountId?: string;
  readonly role?: AssumedRole;
}

/** AWS, as this operator uses it. All clients of one identity share one credential provider. */
export interface Aws {
  /** Who the operator is (STS GetCallerIdentity), as itself or in a role; remembered for an hour. */
  identity(role?: AssumedRole): Promise<Identity>;
  readonly authorizationToken: AskForToken;
  ecr(location: RegistryLocation): Ecr;
  /** What is in repositories. */
  images(location: RegistryLocation): EcrImages;
  lifecyclePreviews(location: RegistryLocation): LifecyclePreviews;
  /** What there is once for an account and region. */
  registrySettings(location: RegistryLocation): RegistrySettings;
  replicationBackfills(location: RegistryLocation): ReplicationBackfills;
  repositoryTemplates(location: RegistryLocation): RepositoryTemplates;
  pullThroughCacheRules(location: RegistryLocation): PullThroughCacheRules;
  /** ECR Public: its API is in us-east-1 only, whatever the location's region. */
  ecrPublic(location: RegistryLocation): EcrPublic;
  /** AWS Secrets Manager. */
  secrets(location: RegistryLocation): SecretStore;
  /** AWS Systems Manager Parameter Store. */
  parameters(location: RegistryLocation): ParameterStore;
  /** Amazon S3. */
  files(location: RegistryLocation): StoredFiles;
}
