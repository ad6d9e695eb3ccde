import type {Catalog, PublicRepository} from '../../aws/ecr-public.ts';
import type {Tags} from '../../aws/ecr.ts';
import type {Claim} from '../ownership.ts';
import type {Place as RegistryPlace, ReadyPlace} from '../registry-ref.ts';

/** Where the repository is to be. */
export type Place =
  | RegistryPlace
  /** The repository was made in another account than the Registry now is. */
  | {readonly is: 'moved'; readonly repositoryArn: string; readonly accountId: string}
  /** The account is where AWS has no ECR Public. */
  | {readonly is: 'without'; readonly partition: string}
  /** Nothing needs to be known: the object goes and the repository stays. */
  | {readonly is: 'indifferent'};

export type Ready = ReadyPlace;

/** A repository as it was read, with what has to be asked for one by one. */
export interface Found {
  readonly repository: PublicRepository;
  readonly tags: Tags;
  /** An object in this cluster that still exists has the owner tag. */
  readonly isContested: boolean;
  /** Absent where it was not asked for (the spec has none and set none). */
  readonly catalog?: Catalog;
  /** SHA-256 of the logo that was sent in this walk, or `none` where it was cleared. AWS does not give it back. */
  readonly sentLogo?: string;
  /** Absent where there is none, or where it was not asked for. */
  readonly policyText?: string;
  /** Counted only when the repository is to be deleted if it is empty. */
  readonly images?: number;
}

export interface Observed {
  readonly place: Place;
  readonly claim: Claim;
  /** `unseen`: not looked for, because creating it tells at once whether it exists. */
  readonly repository: 'unseen' | 'absent' | Found;
}
