import type {RegistryLocation} from '../../aws/aws.ts';
import type {EcrRepository, Tags} from '../../aws/ecr.ts';
import type {RegistryHosts} from '../../aws/hosts.ts';
import type {Claim} from './ownership.ts';

/** Where the repository is to be. */
export type Place =
  | {
      readonly is: 'ready';
      readonly location: RegistryLocation;
      readonly accountId: string;
      readonly region: string;
      readonly hosts: RegistryHosts;
    }
  | {readonly is: 'missing'}
  | {readonly is: 'notAllowed'}
  | {readonly is: 'otherAccount'; readonly accountId: string; readonly expected: string}
  /** The repository was made in another account or region than the Registry now is. */
  | {readonly is: 'moved'; readonly repositoryArn: string; readonly accountId: string; readonly region: string}
  /** Nothing needs to be known: the object goes and the repository stays. */
  | {readonly is: 'indifferent'};

export type Ready = Extract<Place, {is: 'ready'}>;

/** A repository as it was read, with what has to be asked for one by one. */
export interface Found {
  readonly repository: EcrRepository;
  readonly tags: Tags;
  /** An object in this cluster that still exists has the owner tag. */
  readonly isContested: boolean;
  /** Absent where there is none, or where it was not asked for (the spec has none and set none). */
  readonly lifecyclePolicyText?: string;
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
