import {awsReasons} from '../aws-reasons.ts';

/** Every reason that a PullThroughCache can show. */
export const reasons: Readonly<Record<string, string>> = {
  InSync: 'The rule is as the spec says, and ECR reaches the upstream.',
  Valid: 'ECR reaches the upstream and is let in.',
  Validating: 'The rule is new, and ECR has not been asked yet whether it works.',
  UpstreamInvalid:
    'ECR does not reach the upstream, or is not let in; the message holds its reason. Most often the credentials are wrong or expired.',
  CredentialSecretNotFound:
    'There is no Secret as credentialSecretRef says, or it lacks the label drayage.dev/upstream-credentials: "true".',
  CredentialSecretInvalid: 'The Secret lacks username, or accessToken (or password), or its .dockerconfigjson does not know the upstream.',
  SecretNotOwned:
    'A secret of the name that is needed exists in AWS Secrets Manager and was not made from this object. Name it in credentialArn, or delete it.',
  RuleNotOwned:
    'A rule of this prefix exists, says something else, and was not made from this object. Nothing was touched. Set adoptionPolicy Adopt to take it over.',
  TemplateNotOwned:
    'A creation template of this prefix exists, says something else, and was not made from this object. Nothing was touched. Set adoptionPolicy Adopt, or keep it by a RepositoryTemplate and leave out spec.template.',
  InvalidLifecyclePolicy: 'The lifecycle policy of the template is not JSON, or not as AWS takes it; the message says where.',
  InvalidRepositoryPolicy: 'The repository policy of the template is not a JSON object; the message says where it breaks.',
  PrefixTaken: 'An older object has this prefix in this registry. Delete one of the two.',
  Drifted: 'driftPolicy is Report and the rule was changed in AWS. Change it back, or change the spec, or set Correct.',
  SecretNotFound: 'AWS finds no secret of the ARN in credentialArn.',
  SecretNotAccessible: 'ECR may not read the secret, or not decrypt it. It must be encrypted with the key aws/secretsmanager.',
  UnsupportedUpstream: 'AWS does not know the upstream of upstreamRegistryUrl.',
  Retained: 'The object is deleted, and the rule stays in AWS.',
  Deleted: 'The rule is deleted; what was cached stays.',
  ...awsReasons,
};
