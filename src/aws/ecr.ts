/** A repository as ECR describes it; the fields that this operator reads. */
export interface EcrRepository {
  readonly repositoryName: string;
  readonly repositoryArn: string;
  readonly repositoryUri: string;
  readonly registryId: string;
  readonly createdAt?: string;
  readonly imageTagMutability: string;
  readonly imageTagMutabilityExclusionFilters?: readonly {readonly filterType: string; readonly filter: string}[];
  readonly scanOnPush: boolean;
  readonly encryptionType?: string;
  readonly kmsKey?: string;
}

export type Tags = Readonly<Record<string, string>>;

export interface Answer<T> {
  readonly value: T;
  readonly requestId?: string;
}

/**
 * ECR's control plane for one registry: only the calls that are used, so that the operator's IAM policy can be read from
 * the kinds (`definition.actions`). What is absent is `undefined`; every other failure is an Interruption. Changes of a repository that
 * ECR does not know (yet, or any more) are `waiting` with reason RepositoryNotVisible: to look again tells which.
 */
export interface Ecr {
  /** Waits a moment for other callers and asks for up to 100 names in one call. */
  describeRepository(name: string): Promise<EcrRepository | undefined>;
  /** All repositories of the registry, a thousand a call, in AWS's order. */
  listRepositories(): AsyncIterable<EcrRepository>;
  /** `undefined` where a repository of that name exists already. */
  createRepository(input: {
    readonly repositoryName: string;
    readonly tags: Tags;
    readonly imageTagMutability: string;
    readonly imageTagMutabilityExclusionFilters?: readonly {readonly filterType: string; readonly filter: string}[];
    readonly scanOnPush: boolean;
    readonly encryption?: {readonly encryptionType: string; readonly kmsKey?: string};
  }): Promise<Answer<EcrRepository | undefined>>;
  /** `notEmpty` where it holds images and `force` is false; `absent` where it was gone. */
  deleteRepository(name: string, options: {readonly force: boolean}): Promise<Answer<'deleted' | 'absent' | 'notEmpty'>>;
  putImageTagMutability(
    name: string,
    imageTagMutability: string,
    filters?: readonly {readonly filterType: string; readonly filter: string}[],
  ): Promise<Answer<void>>;
  putImageScanningConfiguration(name: string, scanOnPush: boolean): Promise<Answer<void>>;
  getLifecyclePolicy(name: string): Promise<string | undefined>;
  putLifecyclePolicy(name: string, text: string): Promise<Answer<void>>;
  deleteLifecyclePolicy(name: string): Promise<Answer<void>>;
  getRepositoryPolicy(name: string): Promise<string | undefined>;
  /** `force`: also where the policy would keep the caller from setting another. Without it AWS refuses that. */
  setRepositoryPolicy(name: string, text: string, force?: boolean): Promise<Answer<void>>;
  deleteRepositoryPolicy(name: string): Promise<Answer<void>>;
  listTags(arn: string): Promise<Tags>;
  tag(arn: string, tags: Tags): Promise<Answer<void>>;
  untag(arn: string, keys: readonly string[]): Promise<Answer<void>>;
  /** How many images there are of ANY status, counted up to `limit`. */
  countImages(name: string, limit: number): Promise<number>;
}
