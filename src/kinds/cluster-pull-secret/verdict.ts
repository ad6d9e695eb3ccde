import type {Resource} from '../../schema/object.ts';
import {attachedBy} from './image-pull-secrets.ts';
import type {AccountView, Failure, NamespaceView, RegistryView, SecretCopy} from './observed.ts';
import {deadlinesOf, earliest, isWorthKeeping, jitterOf, type Deadlines, type Entry} from './schedule.ts';
import type {ClusterPullSecretSpec} from './schema.ts';

/** Why a Secret is to be written. */
export type Need = 'missing' | 'changed' | 'orphaned' | 'expired' | 'incomplete' | 'surplus' | 'due';

/** What all namespaces of one walk are judged by. */
export interface Measure {
  readonly owner: string;
  readonly uid: string;
  readonly secretName: string;
  /** Keys of the registries that the spec asks for. */
  readonly wanted: ReadonlySet<string>;
  /** The entries of the secret that could be written now; empty without any token. */
  readonly offer: readonly Entry[];
  readonly now: number;
  readonly deadlines: (entries: readonly Entry[]) => Deadlines;
  readonly isDue: (entry: Entry) => boolean;
}

export function measureOf(resource: Resource<ClusterPullSecretSpec>, registries: readonly RegistryView[], now: number): Measure {
  const {spec, metadata} = resource;
  const uid = metadata.uid ?? '';
  const jitter = jitterOf(uid);
  const known = new Map<readonly Entry[], Deadlines>();
  return {
    owner: metadata.name,
    uid,
    secretName: spec.secretName,
    wanted: new Set(registries.map(({key}) => key)),
    offer: registries.flatMap(({credential}) => (credential === undefined ? [] : [credential.entry])),
    now,
    deadlines(entries) {
      const deadlines = known.get(entries) ?? earliest(entries, jitter, spec.refreshBeforeSeconds);
      known.set(entries, deadlines);
      return deadlines;
    },
    isDue: (entry) => deadlinesOf(entry, jitter, spec.refreshBeforeSeconds).due <= now,
  };
}

/** What a namespace's Secret lacks, the most pressing first; undefined where it is as it should be. */
export function needOf(secret: SecretCopy | undefined, measure: Measure): Need | undefined {
  if (secret === undefined) return 'missing';
  const {expires, due} = measure.deadlines(secret.entries);
  if (!secret.isIntact) return 'changed';
  if (expires <= measure.now) return 'expired';
  if (!holdsAll(secret.entries, measure.wanted)) return 'incomplete';
  if (secret.ownerUid !== measure.uid) return 'orphaned';
  if (secret.entries.length > measure.wanted.size) return 'surplus';
  return due <= measure.now ? 'due' : undefined;
}

/** Whether pulls with this Secret succeed, for every registry that is asked for. */
export function isValid(need: Need | undefined): boolean {
  return need === undefined || need === 'due' || need === 'surplus' || need === 'orphaned';
}

/**
 * Whether writing what is in hand makes a Secret better, and takes nothing from it that still works: with several registries,
 * one that gives no token must not cost the others theirs, nor lose its own before it has run out.
 */
export function isImprovement(secret: SecretCopy | undefined, need: Need, measure: Measure): boolean {
  const {offer, wanted, now} = measure;
  if (offer.length === 0) return false;
  if (secret === undefined) return true;
  const offered = new Map(offer.map((entry) => [entry.registry, entry]));
  const lost = secret.entries.filter(({registry}) => wanted.has(registry) && !offered.has(registry));
  if (lost.some((entry) => isWorthKeeping(entry, now))) return false;
  if (need === 'changed' || need === 'orphaned' || need === 'surplus') return true;
  const held = new Map(secret.entries.map((entry) => [entry.registry, entry]));
  return offer.some(({registry, expiresAt}) => Date.parse(expiresAt) > Date.parse(held.get(registry)?.expiresAt ?? '1970-01-01T00:00:00Z'));
}

/** Why a namespace cannot be served, from this walk or plain to see. */
export function failureOf(view: NamespaceView, {secretName}: Measure): Failure | undefined {
  if (view.failure) return view.failure;
  if (view.isTaken) return notOwned(view.name, secretName);
  if (view.secret === undefined || view.secret.isDockerConfig) return undefined;
  const message = `Secret ${view.name}/${secretName} is labelled as ours, but is not of type kubernetes.io/dockerconfigjson; delete it`;
  return {reason: 'SecretWrongType', message, mayPass: false};
}

export function notOwned(namespace: string, secretName: string): Failure {
  const message = `Secret ${namespace}/${secretName} exists and was not made by this ClusterPullSecret; it is left as it is`;
  return {reason: 'SecretNotOwned', message, mayPass: false};
}

export function needsAttaching(account: AccountView, {owner, secretName}: Measure): boolean {
  if (!account.isChosen) return false;
  const ours = attachedBy(owner, account.annotation);
  return !account.imagePullSecrets.some(({name}) => name === secretName) || (ours !== undefined && ours !== secretName);
}

export function needsDetaching(account: AccountView, isServed: boolean, {owner}: Measure): boolean {
  return (!isServed || !account.isChosen) && attachedBy(owner, account.annotation) !== undefined;
}

function holdsAll(entries: readonly Entry[], wanted: ReadonlySet<string>): boolean {
  let held = 0;
  for (const {registry} of entries) if (wanted.has(registry)) held++;
  return held >= wanted.size;
}
