import type {Secret} from '../../aws/secret.ts';
import type {Step} from '../kind.ts';
import type {AccountView} from './observed.ts';
import type {Owner} from './ownership.ts';
import type {Entry} from './schedule.ts';

/** What is written into every namespace of a walk; all its steps share one. */
export interface Content {
  /** The .dockerconfigjson in base64, as a Secret's data has it. */
  readonly document: Secret;
  readonly entries: readonly Entry[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ApplySecret extends Step {
  readonly call: 'ApplySecret';
  readonly namespace: string;
  readonly name: string;
  /** Whether the Secret is known to be ours. One that is not is created, or left as it is. */
  readonly isOurs: boolean;
  readonly owner: Owner;
  readonly content: Content;
}

export interface AttachSecret extends Step {
  readonly call: 'AttachSecret';
  readonly namespace: string;
  readonly account: AccountView;
  readonly secretName: string;
  readonly owner: Owner;
  /** The Secret is not there yet: look first whether another one has its name. */
  readonly mustVerify: boolean;
}

export interface DetachSecret extends Step {
  readonly call: 'DetachSecret';
  readonly namespace: string;
  readonly account: AccountView;
  readonly owner: Owner;
}

export interface DeleteSecret extends Step {
  readonly call: 'DeleteSecret';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export type PullSecretStep = ApplySecret | AttachSecret | DetachSecret | DeleteSecret;
