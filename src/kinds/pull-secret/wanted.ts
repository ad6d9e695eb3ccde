import {hash} from 'node:crypto';
import type {RegistryLocation} from '../../aws/aws.ts';
import type {Outcome} from '../outcome.ts';
import {type RegistryTerms, roleOf} from '../registry-ref.ts';
import type {AnySpec} from './schema.ts';

/** A registry that the secret must open. `key` names it for as long as the spec says the same. */
export interface WantedRegistry {
  readonly key: string;
  readonly location?: RegistryLocation;
  readonly isPublic: boolean;
  /** Why there is no location. */
  readonly trouble?: Outcome;
}

/** What a Registry says to whoever names it: where it is, or why it cannot be used. */
export type Found = {readonly terms: RegistryTerms} | {readonly trouble: Outcome};

/**
 * The registries of a spec, each once. With the identity of a ServiceAccount the role of a Registry is not used: it is the
 * operator's to assume.
 */
export function wantedRegistries(
  {registries, identity}: Pick<AnySpec, 'registries' | 'identity'>,
  find: (name: string) => Found,
): readonly WantedRegistry[] {
  const wanted = new Map<string, WantedRegistry>();
  for (const {registryRef, accountId, region, public: isPublic = false} of registries) {
    const isInWords = accountId !== undefined || region !== undefined;
    const name = registryRef?.name ?? 'default';
    const found: Found = isInWords ? {terms: {accountId, region}} : find(name);
    if ('trouble' in found) {
      const key = `registry/${name}`.slice(0, 64);
      wanted.set(key, {key, isPublic, trouble: found.trouble});
      continue;
    }
    const {terms} = found;
    const location = locationOf(identity.type === 'Operator' ? terms : {accountId: terms.accountId, region: terms.region});
    const key = keyOf(location, isPublic);
    wanted.set(key, {key, location, isPublic});
  }
  return [...wanted.values()];
}

function locationOf(terms: RegistryTerms): RegistryLocation {
  const {accountId, region} = terms;
  const role = roleOf(terms);
  return {...(accountId !== undefined && {accountId}), ...(region !== undefined && {region}), ...(role && {role})};
}

/** A role is part of it: its tokens open other repositories. The text goes into annotations and status, so it is short. */
function keyOf({accountId, region, role}: RegistryLocation, isPublic: boolean): string {
  const place = isPublic ? 'public' : `${accountId ?? 'own'}.${region ?? 'own'}`;
  return role === undefined ? place : `${place}.${hash('sha256', JSON.stringify(role)).slice(0, 8)}`;
}
