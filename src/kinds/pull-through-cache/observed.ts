import type {PullThroughCacheRule, Validity} from '../../aws/pull-through-cache-rules.ts';
import type {RepositoryTemplate} from '../../aws/repository-templates.ts';
import type {StoredSecret} from '../../aws/secret-store.ts';
import type {Claim} from '../ownership.ts';
import type {Place} from '../registry-ref.ts';

/** Where the credentials for the upstream come from, and what is known of their copy in AWS. */
export type Credential =
  | {readonly is: 'none'}
  | {readonly is: 'arn'; readonly arn: string}
  | {
      readonly is: 'secret';
      /** Which version of the Kubernetes Secret there is; absent where there is none that may be used. */
      readonly version?: string;
      readonly stored: 'absent' | StoredSecret;
    };

export interface Observed {
  readonly place: Place;
  readonly claim: Claim;
  /** The name of the older object that has the prefix. */
  readonly elder?: string;
  readonly credential: Credential;
  /** `unseen`: not looked for, because it does not matter. */
  readonly rule: 'unseen' | 'absent' | PullThroughCacheRule;
  /** The creation template of the prefix; `unseen` where the spec has none, and never had. */
  readonly template: 'unseen' | 'absent' | RepositoryTemplate;
  /** Whether the rule works; absent where it has not been asked since the rule was changed. */
  readonly validity?: Validity;
  /** Repositories under the prefix. */
  readonly cached?: readonly string[];
}
