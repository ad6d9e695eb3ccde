import type {RegistryLocation} from '../../aws/aws.ts';
import type {CatalogInput} from '../../aws/ecr-public.ts';
import type {Tags} from '../../aws/ecr.ts';
import type {Step} from '../kind.ts';
import type {Claim} from '../ownership.ts';

/** Which parts of a repository to ask for. */
export interface Wanted {
  readonly catalog: boolean;
  readonly policy: boolean;
  readonly images: boolean;
}

interface At extends Step {
  readonly location: RegistryLocation;
  readonly name: string;
}

export interface CreateStep extends At {
  readonly call: 'CreateRepository';
  readonly tags: Tags;
  readonly catalog?: CatalogInput;
  /** SHA-256 of the logo in `catalog`. */
  readonly logoDigest?: string;
  /** What is needed to tell whether a repository that exists already is ours. */
  readonly claim: Claim;
  readonly adoptionPolicy: 'IfOwned' | 'Adopt' | 'Never';
  readonly wanted: Wanted;
}

/** One call to ECR Public, with all that it needs. */
export type PublicRepositoryStep =
  | CreateStep
  | (At & {readonly call: 'TagResource'; readonly arn: string; readonly tags: Tags})
  | (At & {readonly call: 'UntagResource'; readonly arn: string; readonly keys: readonly string[]})
  /** `logoDigest` is that of the logo that is sent; left out where none is. */
  | (At & {readonly call: 'PutRepositoryCatalogData'; readonly catalog: CatalogInput; readonly logoDigest?: string})
  | (At & {readonly call: 'SetRepositoryPolicy'; readonly text: string})
  | (At & {readonly call: 'DeleteRepositoryPolicy'})
  | (At & {readonly call: 'DeleteRepository'; readonly force: boolean});
