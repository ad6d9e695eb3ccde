import type {Secret} from '../../schema/secret.ts';
import type {Outcome} from '../outcome.ts';
import type {SecretName} from './image-pull-secrets.ts';
import type {Asker} from './principal.ts';
import type {Entry} from './schedule.ts';

/** One of our Secrets, or one that has our entries, as the cluster has it, without its contents. */
export interface SecretCopy {
  readonly name: string;
  readonly uid: string;
  /** A Secret's type cannot be changed. */
  readonly type: string;
  /** It is somebody else's, and our entries are among its own. */
  readonly isMerged: boolean;
  /** Whether contents and annotations are as they were written. */
  readonly isIntact: boolean;
  /** The same for Secrets of the same contents and annotations, where they are intact. */
  readonly fingerprint: string | undefined;
  /** The uid of the object that it belongs to; undefined where its owner reference is gone. */
  readonly ownerUid: string | undefined;
  /** What it holds of ours. Secrets with the same entries share one list. */
  readonly entries: readonly Entry[];
}

/** A ServiceAccount that is to name a secret, or that we attached one to. */
export interface AccountView {
  readonly name: string;
  /** The secret that it is to name. */
  readonly wants: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly imagePullSecrets: readonly SecretName[];
  readonly annotation: string | undefined;
}

/** Why something could not be served in this walk. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
  /** Whether it may go away by itself. */
  readonly mayPass: boolean;
}

/** A Secret that is to be in a namespace. */
export interface Slot {
  /** Of the Secret. */
  readonly name: string;
  readonly asker: Asker;
  /** Which of `Observed.parties` its tokens come from. */
  readonly party: string;
  /** What is there, where it is ours. */
  readonly secret: SecretCopy | undefined;
  /** Another object of this operator has a Secret of this name here. */
  readonly isTaken: boolean;
  /** What a step of this walk ended in. */
  readonly failure: Failure | undefined;
}

/** A namespace that is selected, or that holds something of ours. */
export interface NamespaceView {
  readonly name: string;
  readonly isSelected: boolean;
  readonly isTerminating: boolean;
  /** None where it is not selected. */
  readonly slots: readonly Slot[];
  /** Our Secrets that are not wanted (any more). */
  readonly strays: readonly SecretCopy[];
  readonly accounts: readonly AccountView[];
  /** What taking away ended in, in this walk. */
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
  /** Keys of the registries that every Secret is to open. */
  readonly wanted: ReadonlySet<string>;
  /** What each asker has of each registry; that of the operator is ''. */
  readonly parties: ReadonlyMap<string, readonly RegistryView[]>;
}
