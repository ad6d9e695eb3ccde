import type {Outcome} from '../outcome.ts';
import type {ReadyPlace} from '../registry-ref.ts';
import type {PullThroughCacheSpec, PullThroughCacheStatus} from './schema.ts';

/** How often an upstream that does not let ECR in is tried again: a token may be renewed there without any event. */
const invalidSeconds = 120;

export function inSync(prefix: string): Outcome {
  return {is: 'settled', reason: 'InSync', message: `the rule ${prefix} is as the spec says, and ECR reaches the upstream`};
}

export function validating(prefix: string): Outcome {
  return {is: 'waiting', reason: 'Validating', message: `asking ECR whether the rule ${prefix} works`, seconds: 1};
}

export function upstreamInvalid(prefix: string, failure: string): Outcome {
  const message = `ECR says that the rule ${prefix} does not work: ${failure}`;
  return {is: 'stalled', reason: 'UpstreamInvalid', message, seconds: invalidSeconds};
}

export function prefixTaken(elder: string, prefix: string, registry: string): Outcome {
  const message = `the PullThroughCache ${elder} is older and has the prefix ${prefix} in the Registry ${registry}`;
  return {is: 'stalled', reason: 'PrefixTaken', message};
}

export function notOwned(prefix: string, members: readonly string[]): Outcome {
  const differs = members.length === 0 ? 'adoptionPolicy is Never' : `it differs in ${members.join(', ')}`;
  const message = `a rule ${prefix} exists that was not made from this object, and ${differs}; nothing was touched; to take it over, set spec.adoptionPolicy to Adopt`;
  return {is: 'stalled', reason: 'RuleNotOwned', message};
}

export function templateNotOwned(prefix: string, members: readonly string[]): Outcome {
  const differs = members.length === 0 ? 'adoptionPolicy is Never' : `it differs in ${members.join(', ')}`;
  const message = `spec.template: a template ${prefix} exists that was not made from this object, and ${differs}; nothing was touched; to take it over, set spec.adoptionPolicy to Adopt`;
  return {is: 'stalled', reason: 'TemplateNotOwned', message};
}

export function drifted(found: readonly string[]): Outcome {
  return {is: 'stalled', reason: 'Drifted', message: `driftPolicy is Report, nothing was changed: ${found.join('; ')}`};
}

export function noCredentialSecret({credentialSecretRef: ref}: PullThroughCacheSpec): Outcome {
  const name = `${ref?.namespace ?? ''}/${ref?.name ?? ''}`;
  const message = `spec.credentialSecretRef: there is no Secret ${name} with the label drayage.dev/upstream-credentials: "true"`;
  return {is: 'stalled', reason: 'CredentialSecretNotFound', message};
}

export function invalidCredentialSecret({credentialSecretRef: ref}: PullThroughCacheSpec, fault: string): Outcome {
  const name = `${ref?.namespace ?? ''}/${ref?.name ?? ''}`;
  return {
    is: 'stalled',
    reason: 'CredentialSecretInvalid',
    message: `spec.credentialSecretRef: the Secret ${name} cannot be used: ${fault}`,
  };
}

export function secretNotOwned(storedName: string): Outcome {
  const message = `the secret ${storedName} exists in AWS Secrets Manager and was not made from this object; nothing was touched; name it in spec.credentialArn, or delete it`;
  return {is: 'stalled', reason: 'SecretNotOwned', message};
}

/** What was made elsewhere must not be made again, nor be forgotten. */
export function movedFrom({registryId, region}: PullThroughCacheStatus, place: ReadyPlace, registry: string): Outcome | undefined {
  if (registryId === undefined || (registryId === place.accountId && region === place.region)) return undefined;
  const message = `the rule was made in account ${registryId} in ${region ?? ''}, but the Registry ${registry} is now account ${place.accountId} in ${place.region}`;
  return {is: 'stalled', reason: 'RegistryMoved', message};
}
