import type {RegistryLocation} from '../../aws/aws.ts';
import type {Outcome} from '../outcome.ts';
import {type RegistryTerms, roleOf} from '../registry-ref.ts';
import type {ClusterPullSecretSpec} from './schema.ts';

/** A registry that the secret must open. `key` names it for as long as the spec says the same. */
export interface WantedRegistry {
  readonly key: string;
  readonly location?: RegistryLocation;
  /** Why there is no location. */
  readonly trouble?: Outcome;
}

/**
 * The registries of a spec, each once. `find` gives the spec of a Registry.
 */
export function wantedRegistries(
  registries: ClusterPullSecretSpec['registries'],
  find: (name: string) => RegistryTerms | undefined,
): readonly WantedRegistry[] {
  const wanted = new Map<string, WantedRegistry>();
  for (const {registryRef, accountId, region} of registries) {
    const given = registryRef === undefined ? locationOf({accountId, region}) : named(registryRef.name, find);
    const registry = given === undefined ? missing(registryRef?.name ?? '') : {key: keyOf(given), location: given};
    wanted.set(registry.key, registry);
  }
  return [...wanted.values()];
}

function named(name: string, find: (name: string) => RegistryTerms | undefined): RegistryLocation | undefined {
  const found = find(name);
  return found && locationOf(found);
}

function locationOf(terms: RegistryTerms): RegistryLocation {
  const {accountId, region} = terms;
  const role = roleOf(terms);
  return {...(accountId !== undefined && {accountId}), ...(region !== undefined && {region}), ...(role && {role})};
}

/** A role is part of it: its tokens open other repositories. The text goes into annotations, so it is short and without `,`. */
function keyOf({accountId, region, role}: RegistryLocation): string {
  return `${accountId ?? 'own'}.${region ?? 'own'}${role === undefined ? '' : `.${role.roleArn}`}`;
}

function missing(name: string): WantedRegistry {
  const message = `spec.registries names the Registry ${name}, which does not exist`;
  return {key: `registry/${name}`, trouble: {is: 'stalled', reason: 'RegistryNotFound', message}};
}
