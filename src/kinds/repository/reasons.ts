import {identityReasons} from '../aws-reasons.ts';

/** Every reason that a Repository can show. */
export const reasons: Readonly<Record<string, string>> = {
  InSync: 'The repository is as the spec says.',
  Drifted: 'driftPolicy is Report, and the repository differs from the spec; the message says where. Change AWS or the spec.',
  Retained: 'The object is gone and the repository stays, as deletionPolicy says.',
  Deleted: 'The repository is gone.',
  RepositoryNotOwned:
    'A repository of this name exists and belongs to someone else (or nobody). Nothing is touched. Choose another name, or set adoptionPolicy: Adopt.',
  EncryptionDiffers:
    "The repository's encryption is not the one of the spec, and AWS cannot change it. Mend the spec, or make a new repository.",
  RepositoryNotEmpty: 'deletionPolicy is DeleteIfEmpty, and there are images. Delete them, or choose Retain or Delete.',
  RepositoryAlreadyExists: 'A repository of this name appeared while it was being created. It is looked at again.',
  RepositoryNotVisible: 'The repository was made, or deleted, a moment ago, and not all of AWS knows yet. It is looked at again.',
  LifecyclePreviewing: 'The lifecycle policy is to be changed, and ECR is working out what the new one would do. It is looked at again.',
  LifecyclePreviewFailed: 'ECR could not work out what the lifecycle policy would do, so it was not changed. It is tried again.',
  LifecycleWouldExpireRunningImage:
    'The new lifecycle policy would expire or archive an image that pods in this cluster use; the message names both. With lifecycleGuard Protect it was not changed: roll out another image, keep it by a rule, or choose Warn or Off.',
  InvalidLifecyclePolicy: 'lifecyclePolicyText is not JSON, or no lifecycle policy as AWS takes it; the message says where.',
  InvalidRepositoryPolicy: 'policyText is not a JSON object; the message says where it breaks.',
  ImagesObserved: 'The summary of the images in the status could be read.',
  PolicyWouldLockOut:
    "ECR refuses a repository policy that would keep the operator from setting another. Leave the operator's role out of the Deny statement, or set repositoryPolicy.force: true.",
  PrincipalNotFound:
    'The repository policy names a user or role that AWS does not know (yet). It is retried for five minutes, and every ten minutes after that.',
  PrincipalGone:
    'The repository policy names a user or role that was deleted after the policy was set. Nothing is written. Take it out of the policy; if it was made again, change the spec.',
  AdoptionNotAllowed:
    'The Registry does not let the namespace take over what exists. Ask its owner to change adoptionNamespaces or the labels of the namespace.',
  RegistryNotFound: 'There is no Registry of the name in registryRef.',
  NamespaceNotAllowed:
    'The Registry does not allow this namespace. Ask its owner to change allowedNamespaces or the labels of the namespace.',
  AccountMismatch: "The Registry names an account that is not the operator's.",
  RegistryMoved: 'The Registry is now another account or region than the repository is in.',
  RegionMissing: 'The Registry names no region, and the operator does not know its own.',
  ...identityReasons,
  AccessDenied: "AWS denies an action; the message names it. Add it to the policy of the operator's role.",
  InvalidParameter: 'AWS refuses what the spec asks for; the message holds its text.',
  LimitExceeded: 'A limit of the AWS account is reached (repositories of a region, tags of a repository).',
  KmsRefused: 'The KMS key cannot be used: it is missing, disabled, or not allowed to the operator.',
  RegionDisabled: 'The region is not enabled in the AWS account.',
  Throttled: 'AWS asks for fewer calls. The call is retried.',
  AwsUnavailable: 'AWS could not be reached, or failed. The call is retried.',
  AwsError: 'AWS refuses the call for a reason that the operator does not know. The call is retried.',
};
