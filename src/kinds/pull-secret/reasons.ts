/** Every reason of this kind's own; those of AWS and API server errors keep the names that their doors give them. */
export const reasons: Readonly<Record<string, string>> = {
  Refreshed: 'Every selected namespace has a valid secret.',
  NothingSelected: 'No namespace is selected. Look at namespaceSelector and excludedNamespaces.',
  RefreshPostponed: 'All secrets are still valid, but a new token could not be fetched. It is tried again; see TokenRefreshed.',
  NamespacesFailed: 'Some namespaces could not be served; the others are. See status.failures for each.',
  SecretNotOwned:
    'A Secret of that name exists which this object did not make. Delete or rename it, choose another secretName, or exclude the namespace.',
  SecretWrongType: 'The Secret is labelled as ours but has another type, which cannot be changed. Delete it.',
  RegistryNotFound: 'spec.registries names a Registry that does not exist.',
  Writing: 'Secrets are written.',
  Removing: 'The secret is taken out of ServiceAccounts, then deleted.',
  Removed: 'Nothing is left of it in any namespace.',
  Valid: 'SecretsValid: every selected namespace has a secret that has not expired.',
  SecretsMissing: 'SecretsValid: some selected namespaces have no complete secret yet.',
  SecretsExpired: 'SecretsValid: some secrets have expired; pulls with them fail.',
  TokensCurrent: 'TokenRefreshed: every registry gave a token when it was last asked.',
};
