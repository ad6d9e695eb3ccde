import {identityReasons} from '../aws-reasons.ts';

/** Every reason that a Registry can show. */
export const reasons: Readonly<Record<string, string>> = {
  Identified: 'AWS knows the operator, and the account is the one that the spec names, if it names one.',
  AccountMismatch: 'spec.accountId is not the account of the operator. Mend the spec, or give the operator a role of that account.',
  NotInSync: 'A setting is not as the spec says (yet); Ready says why.',
  InSync: 'Every setting of the spec is as it says.',
  InvalidRegistryPolicy:
    'policyText is not a JSON object, or a statement lacks the Sid that settingsOwnership Merge needs; the message says which.',
  SettingsConflict:
    'An older Registry of the same account and region has the setting too. Take it out of one of the two, or set Merge in both.',
  SettingsContested:
    'Someone else keeps changing a setting after it was set right. It is left for now: find who does (CloudTrail), or set settingsOwnership Merge.',
  Drifted: 'driftPolicy is Report and a setting was changed in AWS. Change it back, or change the spec, or set Correct.',
  LimitExceeded: 'A limit of the AWS account is reached. Ask AWS to raise it, or delete something.',
  Retained: 'The object is deleted, and its settings stay in AWS.',
  Deleted: 'The object is deleted, and what was set from it is taken back.',
  RegionMissing: 'Neither spec.region nor the AWS_REGION of the operator is set.',
  ...identityReasons,
  AccessDenied: 'AWS denies an action; the message names it. Add it to the policy that the message names.',
  RegionDisabled: 'The region is not enabled in the AWS account.',
  Throttled: 'AWS asks for fewer calls. The call is retried.',
  AwsUnavailable: 'AWS could not be reached, or failed. The call is retried.',
  AwsError: 'AWS refuses the call for a reason that the operator does not know. The call is retried.',
  InvalidParameter: 'AWS refuses a parameter; the message holds its text.',
};
