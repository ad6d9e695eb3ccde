import type {Step} from '../kind.ts';
import type {Content} from './content.ts';
import type {AccountView} from './observed.ts';
import type {Owner} from './owner.ts';

export interface ApplySecret extends Step {
  readonly call: 'ApplySecret';
  readonly namespace: string;
  readonly name: string;
  /** Whether the Secret is known to be ours. One that is not is created, or left as it is, or merged into. */
  readonly isOurs: boolean;
  readonly mayMerge: boolean;
  readonly owner: Owner;
  readonly content: Content;
}

/** Our entries go into somebody else's Secret. */
export interface MergeSecret extends Step {
  readonly call: 'MergeSecret';
  readonly namespace: string;
  readonly name: string;
  readonly owner: Owner;
  readonly content: Content;
}

/** Our entries go out of somebody else's Secret. */
export interface UnmergeSecret extends Step {
  readonly call: 'UnmergeSecret';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly owner: Owner;
}

export interface DeleteSecret extends Step {
  readonly call: 'DeleteSecret';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface AttachSecret extends Step {
  readonly call: 'AttachSecret';
  readonly namespace: string;
  readonly account: AccountView;
  readonly secretName: string;
  readonly owner: Owner;
  readonly mayMerge: boolean;
  /** The Secret is not there yet: look first whether another one has its name. */
  readonly mustVerify: boolean;
}

export interface DetachSecret extends Step {
  readonly call: 'DetachSecret';
  readonly namespace: string;
  readonly account: AccountView;
  readonly owner: Owner;
}

export type PullSecretStep = ApplySecret | MergeSecret | UnmergeSecret | DeleteSecret | AttachSecret | DetachSecret;
