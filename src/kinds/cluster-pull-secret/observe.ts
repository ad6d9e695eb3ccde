import type {RegistryLocation} from '../../aws/aws.ts';
import type {AuthorizationToken} from '../../aws/ecr.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {outcomeOf} from '../outcome.ts';
import {findRegistry} from '../registry-ref.ts';
import * as sources from '../sources.ts';
import type {NamespaceView, Observed, RegistryView} from './observed.ts';
import {wantedRegistries, type WantedRegistry} from './registry-location.ts';
import type {Entry} from './schedule.ts';
import type {ClusterPullSecretSpec} from './schema.ts';
import {survey} from './survey.ts';
import {failureOf, isValid, measureOf, needOf} from './verdict.ts';

/**
 * Reads the synced copies, and asks AWS only where a Secret is to be written: then for one token per registry, however many
 * namespaces there are. A token that cannot be had is part of what is seen, because secrets that still work outlast it.
 */
export async function observe(resource: Resource<ClusterPullSecretSpec>, {aws, cache, now}: Doors): Promise<Observed> {
  const at = now();
  const wanted = wantedRegistries(resource.spec.registries, (name) => findRegistry(name, {cache}));
  const namespaces = survey(resource, {
    namespaces: cache.list(sources.namespaces),
    serviceAccounts: cache.list(sources.serviceAccounts),
    secrets: cache.list(sources.managedSecrets),
  });
  const demand = demandOf(resource, namespaces, wanted, at.getTime());
  if (!demand.isAny) return {namespaces, registries: wanted.map(({key, trouble}) => ({key, ...(trouble && {trouble})}))};
  const ask = (location: RegistryLocation, expiringAfter?: Date): Promise<AuthorizationToken> =>
    aws.ecr(location).authorizationToken(expiringAfter === undefined ? {} : {expiringAfter});
  const registries = await Promise.all(wanted.map((registry) => registryOf(registry, demand, ask, at)));
  return {namespaces, registries};
}

interface Demand {
  readonly isAny: boolean;
  /** Even a token that is due is of use: some namespace has none that works, or other registries have a new one. */
  readonly takesOlder: boolean;
  /** The latest expiry among the tokens that are to be replaced, by registry. */
  readonly expiries: ReadonlyMap<string, number>;
  /** When each token that is in use was first written; by registry and expiry. */
  readonly firstWritten: ReadonlyMap<string, string>;
}

function demandOf(
  resource: Resource<ClusterPullSecretSpec>,
  namespaces: ReadonlyMap<string, NamespaceView>,
  wanted: readonly WantedRegistry[],
  now: number,
): Demand {
  const measure = measureOf(resource, wanted, now);
  const expiries = new Map<string, number>();
  const firstWritten = new Map<string, string>();
  const seen = new Set<readonly Entry[]>();
  const isGoing = resource.metadata.deletionTimestamp !== undefined;
  let isAny = false;
  let takesOlder = wanted.length > 1;
  for (const view of namespaces.values()) {
    const {secret} = view;
    if (secret?.isIntact && !seen.has(secret.entries)) {
      seen.add(secret.entries);
      for (const entry of secret.entries) noteEarliest(firstWritten, entry);
    }
    if (isGoing || !view.isSelected || view.isTerminating || failureOf(view, measure)) continue;
    const need = needOf(secret, measure);
    if (need === undefined) continue;
    isAny = true;
    if (!isValid(need)) takesOlder = true;
    if (need !== 'due' && need !== 'expired') continue;
    for (const entry of secret?.entries ?? []) {
      const {registry, expiresAt} = entry;
      if (measure.isDue(entry)) expiries.set(registry, Math.max(expiries.get(registry) ?? 0, Date.parse(expiresAt)));
    }
  }
  return {isAny, takesOlder, expiries, firstWritten};
}

function noteEarliest(firstWritten: Map<string, string>, {registry, expiresAt, refreshedAt}: Entry): void {
  const id = `${registry} ${expiresAt}`;
  const known = firstWritten.get(id);
  if (known === undefined || refreshedAt < known) firstWritten.set(id, refreshedAt);
}

async function registryOf(
  {key, location, trouble}: WantedRegistry,
  demand: Demand,
  ask: (location: RegistryLocation, expiringAfter?: Date) => Promise<AuthorizationToken>,
  at: Date,
): Promise<RegistryView> {
  if (location === undefined) return {key, ...(trouble && {trouble})};
  const replaced = demand.expiries.get(key) ?? 0;
  try {
    const token = await ask(location, replaced > at.getTime() ? new Date(replaced) : undefined);
    return {key, credential: credentialOf(key, token, demand, at)};
  } catch (error) {
    const refused = outcomeOf(error);
    if (!demand.takesOlder) return {key, trouble: refused};
    const older = await ask(location, at).catch(() => undefined);
    return {key, trouble: refused, ...(older && {credential: credentialOf(key, older, demand, at)})};
  }
}

/** The same token gets the same entry everywhere, also after a restart: writing it again is then no change at all. */
function credentialOf(key: string, token: AuthorizationToken, {firstWritten}: Demand, at: Date): NonNullable<RegistryView['credential']> {
  const expiresAt = token.expiresAt.toISOString();
  const refreshedAt = firstWritten.get(`${key} ${expiresAt}`) ?? at.toISOString();
  const {username, password, proxyEndpoint} = token;
  return {entry: {registry: key, host: hostOf(proxyEndpoint), expiresAt, refreshedAt}, username, password};
}

function hostOf(endpoint: string): string {
  return endpoint.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}
