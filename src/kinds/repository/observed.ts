import type {EcrRepository, Tags} from '../../aws/ecr.ts';
import type {Claim} from '../ownership.ts';
import type {LifecycleLook} from './lifecycle-look.ts';
import type {ImageLook} from './image-look.ts';
import type {Place as RegistryPlace, ReadyPlace} from '../registry-ref.ts';

/** Where the repository is to be. */
export type Place =
  | RegistryPlace
  /** The repository was made in another account or region than the Registry now is. */
  | {readonly is: 'moved'; readonly repositoryArn: string; readonly accountId: string; readonly region: string}
  /** Nothing needs to be known: the object goes and the repository stays. */
  | {readonly is: 'indifferent'};

export type Ready = ReadyPlace;

/** A repository as it was read, with what has to be asked for one by one. */
export interface Found {
  readonly repository: EcrRepository;
  readonly tags: Tags;
  /** An object in this cluster that still exists has the owner tag. */
  readonly isContested: boolean;
  /** Absent where there is none, or where it was not asked for (the spec has none and set none). */
  readonly lifecyclePolicyText?: string;
  readonly policyText?: string;
  /** Where the lifecycle policy is to be changed: what is known of what the new one would do. */
  readonly lifecycleLook?: LifecycleLook;
  /** What was read anew of the images, where the spec asks for a summary. */
  readonly imageLook?: ImageLook;
  /** Counted only when the repository is to be deleted if it is empty. */
  readonly images?: number;
}

export interface Observed {
  readonly place: Place;
  readonly claim: Claim;
  /** `unseen`: not looked for, because creating it tells at once whether it exists. */
  readonly repository: 'unseen' | 'absent' | Found;
}
