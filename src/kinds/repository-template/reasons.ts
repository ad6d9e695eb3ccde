import {awsReasons} from '../aws-reasons.ts';

/** Every reason that a RepositoryTemplate can show. */
export const reasons: Readonly<Record<string, string>> = {
  InSync: 'The template is as the spec says.',
  ApplyingToExisting: 'Repositories that are there are being brought in line. The status says how far it has come.',
  ExistingNotInLine: 'Some repositories could not be brought in line; status.existing.failed names them. It is tried again.',
  Drifted: 'driftPolicy is Report and the template was changed in AWS. Change it back, or change the spec, or set Correct.',
  TemplateNotOwned:
    'A template of this prefix exists, says something else, and was not made from this object. Nothing was touched. Set adoptionPolicy Adopt to take it over.',
  PrefixTaken: 'An older object has this prefix in this registry. Delete one of the two.',
  InvalidLifecyclePolicy: 'The lifecycle policy is not JSON, or not as AWS takes it; the message says where.',
  InvalidRepositoryPolicy: 'policyText is not a JSON object; the message says where it breaks.',
  Retained: 'The object is deleted, and the template stays in AWS.',
  Deleted: 'The template is deleted.',
  ...awsReasons,
};
