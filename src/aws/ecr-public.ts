import type {Answer, Tags} from './ecr.ts';

/** A public repository as ECR Public describes it. */
export interface PublicRepository {
  readonly repositoryName: string;
  readonly repositoryArn: string;
  readonly repositoryUri: string;
  readonly registryId: string;
  readonly createdAt?: string;
}

/** The texts and badges of a public repository; what is not set is left out. */
export interface CatalogTexts {
  readonly description?: string;
  readonly architectures?: readonly string[];
  readonly operatingSystems?: readonly string[];
  readonly aboutText?: string;
  readonly usageText?: string;
}

/** What the Public Gallery shows of a repository. Of a logo AWS tells where it is, and never its bytes. */
export interface Catalog extends CatalogTexts {
  readonly logoUrl?: string;
}

/** What is sent. An empty text, list or logo clears what there is. */
export interface CatalogInput extends CatalogTexts {
  /** Base64. */
  readonly logoImageBlob?: string;
}

/**
 * ECR Public, whose API is in us-east-1 only, for one account: only the calls that are used. What is absent is `undefined`;
 * every other failure is an Interruption.
 */
export interface EcrPublic {
  describeRepository(name: string): Promise<PublicRepository | undefined>;
  /** `undefined` where a repository of that name exists already. */
  createRepository(input: {
    readonly repositoryName: string;
    readonly tags: Tags;
    readonly catalog?: CatalogInput;
  }): Promise<Answer<{readonly repository: PublicRepository; readonly catalog: Catalog} | undefined>>;
  /** `notEmpty` where it holds images and `force` is false; `absent` where it was gone. */
  deleteRepository(name: string, options: {readonly force: boolean}): Promise<Answer<'deleted' | 'absent' | 'notEmpty'>>;
  /** Empty where there is none. */
  getCatalog(name: string): Promise<Catalog>;
  /** Replaces the whole of it. */
  putCatalog(name: string, catalog: CatalogInput): Promise<Answer<Catalog>>;
  getRepositoryPolicy(name: string): Promise<string | undefined>;
  setRepositoryPolicy(name: string, text: string): Promise<Answer<void>>;
  deleteRepositoryPolicy(name: string): Promise<Answer<void>>;
  listTags(arn: string): Promise<Tags>;
  tag(arn: string, tags: Tags): Promise<Answer<void>>;
  untag(arn: string, keys: readonly string[]): Promise<Answer<void>>;
  /** How many images there are, counted up to `limit`. */
  countImages(name: string, limit: number): Promise<number>;
}
