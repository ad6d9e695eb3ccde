import type {RegistryLocation} from '../../aws/aws.ts';
import type {Ecr, Tags} from '../../aws/ecr.ts';
import type {Step} from '../kind.ts';
import type {Wanted} from './observe.ts';
import type {Claim} from '../ownership.ts';

interface At extends Step {
  readonly location: RegistryLocation;
  readonly name: string;
}

export interface CreateStep extends At {
  readonly call: 'CreateRepository';
  readonly input: Parameters<Ecr['createRepository']>[0];
  /** What is needed to tell whether a repository that exists already is ours. */
  readonly claim: Claim;
  readonly adoptionPolicy: 'IfOwned' | 'Adopt' | 'Never';
  readonly wanted: Wanted;
}

export interface SetPolicyStep extends At {
  readonly call: 'SetRepositoryPolicy';
  readonly text: string;
  readonly force?: boolean;
  /** Since when AWS has not known a principal of the policy; `over` where it was waited for long enough. */
  readonly refusedSince?: string;
}

/** One call to ECR, with all that it needs. */
export type RepositoryStep =
  | CreateStep
  | (At & {
      readonly call: 'PutImageTagMutability';
      readonly imageTagMutability: string;
      readonly filters?: readonly {readonly filterType: string; readonly filter: string}[];
    })
  | (At & {readonly call: 'PutImageScanningConfiguration'; readonly scanOnPush: boolean})
  | (At & {readonly call: 'TagResource'; readonly arn: string; readonly tags: Tags})
  | (At & {readonly call: 'UntagResource'; readonly arn: string; readonly keys: readonly string[]})
  | (At & {readonly call: 'PutLifecyclePolicy'; readonly text: string})
  | (At & {readonly call: 'StartLifecyclePolicyPreview'; readonly text: string})
  | (At & {readonly call: 'DeleteLifecyclePolicy'})
  | SetPolicyStep
  | (At & {readonly call: 'DeleteRepositoryPolicy'})
  | (At & {readonly call: 'DeleteRepository'; readonly force: boolean});
