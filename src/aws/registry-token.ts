import type {Secret} from '../schema/secret.ts';
import type {RegistryLocation} from './aws.ts';

/** Docker credentials for one registry. */
export interface RegistryToken {
  readonly username: string;
  readonly password: Secret;
  /** By the operator's own clock: where that is wrong, it is wrong by as much. */
  readonly expiresAt: Date;
  /** The registry's host, as ECR names it, without a scheme. */
  readonly host: string;
}

/** Somebody in the cluster who has a role of their own: a ServiceAccount, by its web identity. */
export interface Workload {
  readonly roleArn: string;
  /** What CloudTrail shows as the session's name: 2 to 64 of the characters that STS takes. */
  readonly sessionName: string;
  /** Whose tokens they are: with the role, everything that they depend on. */
  readonly id: string;
  /** A web identity token for STS, a new one at each call. Throws Interruption. */
  readonly webIdentityToken: () => Promise<Secret>;
}

/** Which registry a token is to open, and who asks for it. */
export interface TokenTarget {
  readonly location: RegistryLocation;
  /** ECR Public, whatever the location's account and region. */
  readonly isPublic?: boolean;
  /** Left out, the operator, as itself or in the location's role. */
  readonly workload?: Workload;
}

export interface TokenWish {
  /** The token is to be valid past this time; left out, for half of its life from now. */
  readonly expiringAfter?: Date;
  /** How long a call may take before the asker is refused (AwsUnavailable); it goes on for those who ask later. Default: without end. */
  readonly patienceMilliseconds?: number;
}

/**
 * Gives Docker credentials. One call to AWS for an identity and region however many ask, also at the same moment: the answer
 * is shared while it is as they wish, and a refusal for a second. Never gives an expired token.
 */
export type AskForToken = (target: TokenTarget, wish?: TokenWish) => Promise<RegistryToken>;
