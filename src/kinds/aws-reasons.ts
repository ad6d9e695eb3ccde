/** What can be wrong with an identity in AWS: there is none, it may not be used, or it has run out. */
export const identityReasons: Readonly<Record<string, string>> = {
  NoCredentials: 'The operator has no AWS credentials: annotate its ServiceAccount with a role, or create a Pod Identity association.',
  WebIdentityAudienceRefused:
    'The audience of the ServiceAccount token is no client id of the IAM OIDC provider, or not the aud of the trust policy. The message names it.',
  WebIdentityIssuerUnknown:
    "The role's AWS account has no IAM OIDC provider for the issuer of the token. Create one; the message has its URL.",
  WebIdentityIssuerUnreachable:
    'STS cannot fetch the keys of the issuer of the token, or does not trust its certificate. The first is retried; for the second, update the thumbprint of the IAM OIDC provider.',
  WebIdentityTokenExpired:
    'The ServiceAccount token has expired. It is read anew and the call is retried; if this stays, the kubelet does not renew it, or a clock is wrong.',
  WebIdentityTokenInvalid:
    'AWS takes the ServiceAccount token for invalid (its signature, most often). It is read anew and the call is retried.',
  RoleTrustDenied:
    'The trust policy of a role does not allow it to be assumed. The message names the role, and whom it must trust: issuer, sub and aud; for a role of a Registry the principal and the external id; for EKS Pod Identity pods.eks.amazonaws.com.',
  CredentialsExpired: 'The session has ended. A new one is fetched and the call is retried.',
  CredentialsInvalid: 'AWS refuses the credentials. They are fetched anew and the call is retried.',
};

/** What can go wrong with any call. */
export const callReasons: Readonly<Record<string, string>> = {
  RegionMissing: 'The AWS_REGION of the operator does not say which region.',
  ...identityReasons,
  AccessDenied: 'AWS denies an action; the message names it. Add it to the policy that the message names.',
  Throttled: 'AWS asks for fewer calls. The call is retried.',
  AwsUnavailable: 'AWS could not be reached, or failed. The call is retried.',
  AwsError: 'AWS refuses the call for a reason that the operator does not know. The call is retried.',
};

/** Reasons that every kind that lives in a registry can show: what is wrong with the registry, or with AWS. */
export const awsReasons: Readonly<Record<string, string>> = {
  RegistryNotFound: 'There is no Registry of the name in registryRef.',
  RegistryMoved: 'It was made in another account or region than the Registry now is. Name the Registry that it is in.',
  AccountMismatch: 'The Registry names another account than the one that the operator is in.',
  RegionMissing: 'Neither the Registry nor the AWS_REGION of the operator says which region.',
  ...identityReasons,
  AccessDenied: 'AWS denies an action; the message names it. Add it to the policy that the message names.',
  RegionDisabled: 'The region is not enabled in the AWS account.',
  LimitExceeded: 'A limit of the AWS account is reached. Ask AWS to raise it, or delete something.',
  InvalidParameter: 'AWS refuses a parameter; the message holds its text.',
  KmsRefused: 'The KMS key cannot be used; the message says why.',
  Throttled: 'AWS asks for fewer calls. The call is retried.',
  AwsUnavailable: 'AWS could not be reached, or failed. The call is retried.',
  AwsError: 'AWS refuses the call for a reason that the operator does not know. The call is retried.',
};
