/** Every reason that a Registry can show. */
export const reasons: Readonly<Record<string, string>> = {
  Identified: 'AWS knows the operator, and the account is the one that the spec names, if it names one.',
  AccountMismatch: 'spec.accountId is not the account of the operator. Mend the spec, or give the operator a role of that account.',
  RegionMissing: 'Neither spec.region nor the AWS_REGION of the operator is set.',
  NoCredentials: 'The operator has no AWS credentials: annotate its ServiceAccount with a role, or create a Pod Identity association.',
  CredentialsInvalid: 'AWS refuses the credentials. They are fetched anew and the call is retried.',
  AccessDenied: 'AWS denies an action; the message names it. Add it to the policy (or the trust policy) that the message names.',
  RegionDisabled: 'The region is not enabled in the AWS account.',
  Throttled: 'AWS asks for fewer calls. The call is retried.',
  AwsUnavailable: 'AWS could not be reached, or failed. The call is retried.',
  AwsError: 'AWS refuses the call for a reason that the operator does not know. The call is retried.',
  InvalidParameter: 'AWS refuses a parameter; the message holds its text.',
};
