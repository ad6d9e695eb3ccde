/** Reasons that every kind that lives in a registry can show: what is wrong with the registry, or with AWS. */
export const awsReasons: Readonly<Record<string, string>> = {
  RegistryNotFound: 'There is no Registry of the name in registryRef.',
  RegistryMoved: 'It was made in another account or region than the Registry now is. Name the Registry that it is in.',
  AccountMismatch: 'The Registry names another account than the one that the operator is in.',
  RegionMissing: 'Neither the Registry nor the AWS_REGION of the operator says which region.',
  NoCredentials: 'The operator has no AWS credentials: annotate its ServiceAccount with a role, or create a Pod Identity association.',
  CredentialsInvalid: 'AWS refuses the credentials. They are fetched anew and the call is retried.',
  AccessDenied: 'AWS denies an action; the message names it. Add it to the policy that the message names.',
  RegionDisabled: 'The region is not enabled in the AWS account.',
  LimitExceeded: 'A limit of the AWS account is reached. Ask AWS to raise it, or delete something.',
  InvalidParameter: 'AWS refuses a parameter; the message holds its text.',
  KmsRefused: 'The KMS key cannot be used; the message says why.',
  Throttled: 'AWS asks for fewer calls. The call is retried.',
  AwsUnavailable: 'AWS could not be reached, or failed. The call is retried.',
  AwsError: 'AWS refuses the call for a reason that the operator does not know. The call is retried.',
};
