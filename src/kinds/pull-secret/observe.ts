import type {RegistryToken, Workload} from '../../aws/registry-token.ts';
import {webIdentityClaims} from '../../aws/web-identity-claims.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {Interruption, outcomeOf} from '../outcome.ts';
import {findRegistry, isAllowed, unplaced} from '../registry-ref.ts';
import * as sources from '../sources.ts';
import {carryOver, refusedBefore} from './carry-over.ts';
import {demandsOf, type Demand} from './demand.ts';
import type {Credential, Observed, RegistryView} from './observed.ts';
import type {Asker, Principal} from './principal.ts';
import type {AnySpec} from './schema.ts';
import {tokenInSecrets} from './held-token.ts';
import {sessionNameOf} from './session-name.ts';
import {survey} from './survey.ts';
import {wantedRegistries, type Found, type WantedRegistry} from './wanted.ts';

/** Parties that are asked for at once: each is up to three calls. */
const atOnce = 16;
/** How long a call may hold the walk up where there is a token that works: a namespace that has none waits for the walk. */
const patienceMilliseconds = 1000;

/**
 * Reads the synced copies, and asks AWS only where a Secret is to be written: then for one token per party and registry,
 * however many namespaces there are. A token that cannot be had is part of what is seen, because secrets that still work
 * outlast it.
 */
export async function observe(resource: Resource<AnySpec>, doors: Doors, before?: Observed): Promise<Observed> {
  const {cache, now} = doors;
  const at = now();
  const {namespace} = resource.metadata;
  const registries = wantedRegistries(resource.spec, (name) => registryFor(name, namespace, doors));
  const seen = survey(resource, {
    namespaces: namespace === undefined ? cache.list(sources.namespaces) : [cache.get(sources.namespaces, namespace) ?? []].flat(),
    serviceAccounts: cache.list(sources.serviceAccounts, namespace),
    secrets: [...cache.list(sources.managedSecrets, namespace), ...cache.list(sources.mergedSecrets, namespace)],
  });
  const namespaces = carryOver(seen, before);
  const wanted = new Set(registries.map(({key}) => key));
  const demands = demandsOf(resource, namespaces, wanted, at.getTime());
  const parties = new Map<string, readonly RegistryView[]>([...demands.keys()].map((party) => [party, []]));
  const waiting = [...demands];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [party, demand] = next;
      const held: Held = (registry) => tokenInSecrets({party, registry}, namespaces, doors.kube, at.getTime());
      parties.set(party, refusedBefore(party, before) ?? (await partyOf(demand, registries, held, doors, at)));
    }
  };
  await Promise.all(Array.from({length: atOnce}, worker));
  return {namespaces, wanted, parties};
}

/** A Registry's terms for an object of a namespace; a ClusterPullSecret is of none, and its author may use them all. */
function registryFor(name: string, namespace: string | undefined, doors: Doors): Found {
  const terms = findRegistry(name, doors);
  if (terms === undefined) return {trouble: unplaced(name, namespace, {is: 'missing'})};
  return isAllowed(terms, namespace, doors) ? {terms} : {trouble: unplaced(name, namespace, {is: 'notAllowed'})};
}

/** Finds a registry's token in the Secrets that have it. */
type Held = (registry: string) => Promise<Credential | undefined>;

async function partyOf(
  demand: Demand,
  registries: readonly WantedRegistry[],
  held: Held,
  doors: Doors,
  at: Date,
): Promise<readonly RegistryView[]> {
  const {asker, isAny} = demand;
  if (asker.is === 'unable') return registries.map(({key}) => ({key, trouble: asker.trouble}));
  if (!isAny) return registries.map(({key, trouble}) => ({key, ...(trouble && {trouble})}));
  // Where another registry has a new token, the Secret is written anew, and one that is due is of use in it.
  const takesOlder = demand.isPressing || registries.length > 1;
  return Promise.all(registries.map((registry) => registryOf(registry, asker, {...demand, takesOlder, held}, doors, at)));
}

async function registryOf(
  {key, location, isPublic, trouble}: WantedRegistry,
  asker: Asker,
  demand: Demand & {readonly takesOlder: boolean; readonly held: Held},
  {aws, kube}: Doors,
  at: Date,
): Promise<RegistryView> {
  if (location === undefined) return {key, ...(trouble && {trouble})};
  const workload = asker.is === 'serviceAccount' ? workloadOf(asker.principal, kube) : undefined;
  const target = {location, isPublic, ...(workload && {workload})};
  const replaced = demand.expiries.get(key) ?? 0;
  const isHeld = (demand.heldUntil.get(key) ?? 0) > at.getTime();
  try {
    const wanted = {
      ...(isHeld && {patienceMilliseconds}),
      ...(replaced > at.getTime() && {expiringAfter: new Date(replaced)}),
    };
    const token = await aws.authorizationToken(target, wanted);
    return {key, credential: credentialOf(key, token, demand, at)};
  } catch (error) {
    const refused = outcomeOf(error);
    if (!demand.takesOlder) return {key, trouble: refused};
    const older = await aws.authorizationToken(target, {expiringAfter: at, patienceMilliseconds: 0}).catch(() => undefined);
    const credential = older ? credentialOf(key, older, demand, at) : await demand.held(key);
    return {key, trouble: refused, ...(credential && {credential})};
  }
}

function workloadOf(principal: Principal, kube: Doors['kube']): Workload {
  const {namespace, name, uid, roleArn, audience} = principal;
  return {
    roleArn,
    sessionName: sessionNameOf(namespace, name),
    id: `${namespace}/${name}/${uid}/${audience}`,
    async webIdentityToken() {
      const token = await kube.serviceAccountToken({namespace, name}, audience).catch((error: unknown) => {
        throw tokenRefused(error, principal);
      });
      // A token for somebody else is not to be shown to STS.
      if (webIdentityClaims(token.reveal()).audience?.includes(audience)) return token;
      const message = `the API server gave a token of ServiceAccount ${namespace}/${name} that is not for ${audience}`;
      throw new Interruption({is: 'stalled', reason: 'TokenAudienceWrong', message, seconds: 300});
    },
  };
}

function tokenRefused(error: unknown, {namespace, name}: Principal): unknown {
  const outcome = outcomeOf(error);
  if (outcome.reason !== 'Forbidden') return error;
  const message =
    `the operator may not ask for tokens of ServiceAccount ${namespace}/${name}: bind a Role to it with resources ["serviceaccounts/token"], ` +
    `verbs ["create"] and resourceNames ["${name}"] in namespace ${namespace}, or install the chart with rbac.serviceAccountTokens=true`;
  return new Interruption({is: 'stalled', reason: 'TokenRequestForbidden', message, seconds: 120}, {cause: error});
}

/** The same token gets the same entry everywhere, also after a restart: writing it again is then no change at all. */
function credentialOf(
  key: string,
  {username, password, expiresAt, host}: RegistryToken,
  {firstWritten}: Demand,
  at: Date,
): NonNullable<RegistryView['credential']> {
  const expires = expiresAt.toISOString();
  const refreshedAt = firstWritten.get(`${key} ${expires}`) ?? at.toISOString();
  return {entry: {registry: key, host, expiresAt: expires, refreshedAt}, username, password};
}
