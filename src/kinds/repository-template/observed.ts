import type {EcrRepository, Tags} from '../../aws/ecr.ts';
import type {RepositoryTemplate} from '../../aws/repository-templates.ts';
import type {Place} from '../registry-ref.ts';

/** A repository that the template is for, with what was read of it. */
export interface Existing {
  readonly repository: EcrRepository;
  readonly tags: Tags;
  readonly lifecyclePolicyText?: string;
  readonly policyText?: string;
  /** Why it could not be read, or changed. */
  readonly failure?: string;
}

/** Some of the repositories that the template is for, in the order of their names. */
export interface Look {
  /** Whether these are the last. */
  readonly isLast: boolean;
  readonly matching: number;
  readonly batch: readonly Existing[];
}

export interface Observed {
  readonly place: Place;
  /** The name of the older object that has the prefix. */
  readonly elder?: string;
  /** `unseen`: not looked for, because it does not matter. */
  readonly template: 'unseen' | 'absent' | RepositoryTemplate;
  /** Where repositories are due to be looked at. */
  readonly look?: Look;
  /** Repositories changed in this walk, by name. */
  readonly changed: readonly string[];
}
