import type {Answer} from './ecr.ts';

/** A pull-through cache rule, as ECR has it. */
export interface PullThroughCacheRule {
  /** A prefix without the `/` that ECR assumes behind it, or ROOT. */
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistry?: string;
  readonly upstreamRegistryUrl: string;
  /** ROOT where it is not set. */
  readonly upstreamRepositoryPrefix: string;
  readonly credentialArn?: string;
  readonly customRoleArn?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export type Validity = {readonly isValid: true} | {readonly isValid: false; readonly failure: string};

export interface PullThroughCacheRules {
  find(ecrRepositoryPrefix: string): Promise<PullThroughCacheRule | undefined>;
  /** All rules of the registry. */
  all(): Promise<readonly PullThroughCacheRule[]>;
  /** `undefined` where there is a rule of that prefix already. */
  create(rule: PullThroughCacheRule): Promise<Answer<PullThroughCacheRule | undefined>>;
  /** The only members that AWS can change. */
  update(
    ecrRepositoryPrefix: string,
    change: {readonly credentialArn?: string; readonly customRoleArn?: string},
  ): Promise<Answer<{readonly updatedAt?: string}>>;
  /** One that is gone is fine. */
  delete(ecrRepositoryPrefix: string): Promise<Answer<void>>;
  /** Whether ECR reaches the upstream and is let in; `undefined` where there is no such rule. */
  validate(ecrRepositoryPrefix: string): Promise<Validity | undefined>;
  /** The names of all repositories of the registry: a call for each thousand, remembered for five minutes. */
  repositoryNames(): Promise<readonly string[]>;
}
