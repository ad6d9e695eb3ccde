import type {Secret} from '../../aws/secret.ts';
import type {Outcome} from '../outcome.ts';
import type {SecretName} from './image-pull-secrets.ts';
import type {Entry} from './schedule.ts';

/** One of our Secrets, as the cluster has it, without its contents. */
export interface SecretCopy {
  readonly name: string;
  readonly uid: string;
  /** Whether its type is kubernetes.io/dockerconfigjson; a Secret's type cannot be changed. */
  readonly isDockerConfig: boolean;
  /** Whether contents and annotations are as they were written. */
  readonly isIntact: boolean;
  /** The uid of the ClusterPullSecret that it belongs to; undefined where its owner reference is gone. */
  readonly ownerUid: string | undefined;
  /** What it holds. Secrets with the same entries share one list. */
  readonly entries: readonly Entry[];
}

/** A ServiceAccount that is chosen, or that we attached a secret to. */
export interface AccountView {
  readonly name: string;
  readonly isChosen: boolean;
  readonly resourceVersion: string | undefined;
  readonly imagePullSecrets: readonly SecretName[];
  readonly annotation: string | undefined;
}

/** Why a namespace could not be served in this walk. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
  /** Whether it may go away by itself. */
  readonly mayPass: boolean;
}

/** A namespace that is selected, or that holds something of ours. */
export interface NamespaceView {
  readonly name: string;
  readonly isSelected: boolean;
  readonly isTerminating: boolean;
  /** The Secret of the wanted name, where it is ours. */
  readonly secret: SecretCopy | undefined;
  /** Another object of this operator has a Secret of the wanted name here. */
  readonly isTaken: boolean;
  /** Our Secrets of other names. */
  readonly strays: readonly SecretCopy[];
  readonly accounts: readonly AccountView[];
  /** What a step of this walk ended in. */
  readonly failure: Failure | undefined;
}

/** A token in hand, for one registry. */
export interface Credential {
  readonly entry: Entry;
  readonly username: string;
  readonly password: Secret;
}

/** A registry of the spec. It has no credential where none was needed, or none was to be had. */
export interface RegistryView {
  readonly key: string;
  readonly credential?: Credential;
  /** What came of asking for a token, where that failed. A credential beside it is an older one that still works. */
  readonly trouble?: Outcome;
}

/**
 * What one walk sees. `namespaces` is brought up to date in place: a rotation has thousands of steps, and a copy for each
 * would cost their square.
 */
export interface Observed {
  readonly namespaces: Map<string, NamespaceView>;
  readonly registries: readonly RegistryView[];
}
