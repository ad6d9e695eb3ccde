import type {Answer, EcrRepository, Tags} from './ecr.ts';

/** A repository creation template, as ECR has it. What it does not set is absent. */
export interface RepositoryTemplate {
  /** A prefix without the `/` that ECR assumes behind it, or ROOT. */
  readonly prefix: string;
  readonly description?: string;
  readonly encryption?: {readonly encryptionType: string; readonly kmsKey?: string};
  readonly resourceTags: Tags;
  readonly imageTagMutability: string;
  readonly imageTagMutabilityExclusionFilters?: readonly {readonly filterType: string; readonly filter: string}[];
  readonly repositoryPolicy?: string;
  readonly lifecyclePolicy?: string;
  readonly appliedFor: readonly string[];
  readonly customRoleArn?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface RepositoryTemplates {
  find(prefix: string): Promise<RepositoryTemplate | undefined>;
  /** All templates of the registry. */
  all(): Promise<readonly RepositoryTemplate[]>;
  /** `undefined` where there is a template of that prefix already. */
  create(template: RepositoryTemplate): Promise<Answer<RepositoryTemplate | undefined>>;
  /** Makes the whole template so; what it does not set is cleared. */
  update(template: RepositoryTemplate): Promise<Answer<RepositoryTemplate>>;
  /** One that is gone is fine. */
  delete(prefix: string): Promise<Answer<void>>;
  /** Every repository of the registry: a call for each thousand. */
  repositories(): Promise<readonly EcrRepository[]>;
}
