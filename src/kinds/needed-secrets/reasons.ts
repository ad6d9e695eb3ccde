/** Reasons that a kind shows whose pods need Secrets from AWS. */
export const secretReasons: Readonly<Record<string, string>> = {
  Resolved: 'Everything that the task definition names in AWS is in Secrets.',
  SecretUnresolved:
    'A value cannot be read; the message names the container, the variable, the ARN, and what is missing. What runs stays. It is tried again every minute.',
  SecretNotAllowed:
    'The Cluster does not allow a value to be read for tasks. Add its ARN, or a pattern, to secrets.allowedResources of the Cluster. What runs stays.',
  SecretNotOwned: 'A Secret of a name that is needed exists, and this object did not make it. It is left alone; delete it.',
};

/** The IAM actions that reading them takes. */
export const secretActions = ['s3:GetObject', 'secretsmanager:GetSecretValue', 'ssm:GetParameters'];
