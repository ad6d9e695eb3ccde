/** Every reason of this kind's own; those of AWS and API server errors keep the names that their doors give them. */
export const reasons: Readonly<Record<string, string>> = {
  Refreshed: 'Every selected namespace has a valid secret.',
  NothingSelected:
    'No namespace is selected, or no chosen ServiceAccount has a role. Look at namespaceSelector, serviceAccounts and annotations.',
  RefreshPostponed: 'All secrets are still valid, but a new token could not be fetched. It is tried again; see TokenRefreshed.',
  NamespacesFailed: 'ClusterPullSecret: some namespaces could not be served; the others are. See status.failures for each.',
  SecretsFailed: 'PullSecret: some secrets could not be kept; the others are. See status.failures for each.',
  SecretNotOwned:
    'A Secret of that name exists which this object did not make. Delete or rename it, choose another secretName, exclude the namespace, or say existingSecretPolicy: Merge.',
  SecretWrongType: 'The Secret of that name has another type, which cannot be changed. Delete it, or choose another secretName.',
  SecretUnreadable: 'The Secret to merge into is no .dockerconfigjson. Mend it, or choose another secretName.',
  RegistryNotFound: 'spec.registries names a Registry that does not exist.',
  NamespaceNotAllowed:
    'PullSecret: the Registry does not allow this namespace. Ask its owner to change allowedNamespaces or the labels of the namespace.',
  ServiceAccountNotFound: 'The ServiceAccount of identity.serviceAccountRef does not exist in the namespace.',
  RoleMissing: 'The ServiceAccount has no annotation that names a role.',
  RoleInvalid: "The ServiceAccount's annotation is no ARN of an IAM role.",
  TokenRequestForbidden: "The operator may not ask for the ServiceAccount's tokens. The message is the Role that it needs.",
  TokenAudienceWrong: 'The API server gave a token for another audience than was asked for. Look at its --api-audiences.',
  Writing: 'Secrets are written.',
  Removing: 'The secret is taken out of ServiceAccounts, then deleted.',
  Removed: 'Nothing is left of it in any namespace.',
  Valid: 'SecretsValid: every secret is there and has not expired.',
  SecretsMissing: 'SecretsValid: some secrets are not there, or not complete, yet.',
  SecretsExpired: 'SecretsValid: some secrets have expired; pulls with them fail.',
  TokensCurrent: 'TokenRefreshed: every registry gave a token when it was last asked.',
};
