import type {Resource} from '../../schema/object.ts';
import type {Outcome} from '../outcome.ts';
import {secretTypes} from './content.ts';
import {attachedBy} from './image-pull-secrets.ts';
import type {AccountView, Failure, Observed, RegistryView, SecretCopy, Slot} from './observed.ts';
import {claimantOf, ownerOf, type Owner} from './owner.ts';
import {deadlinesOf, earliest, isFromTheFuture, isWorthKeeping, jitterOf, type Deadlines, type Entry} from './schedule.ts';
import type {AnySpec} from './schema.ts';

/** Why a Secret is to be written. */
export type Need = 'missing' | 'changed' | 'orphaned' | 'expired' | 'incomplete' | 'surplus' | 'due';

/** What all Secrets of one walk are judged by. */
export interface Measure {
  readonly owner: Owner;
  readonly type: string;
  /** Somebody else's Secret of the name may get our entries too. */
  readonly mayMerge: boolean;
  /** Each ServiceAccount has a Secret of its own. */
  readonly isForEach: boolean;
  /** Keys of the registries that the spec asks for. */
  readonly wanted: ReadonlySet<string>;
  /** The entries of the Secret that could be written now for a party; empty without any token. */
  readonly offer: (party: string) => readonly Entry[];
  readonly now: number;
  readonly deadlines: (entries: readonly Entry[]) => Deadlines;
  readonly isDue: (entry: Entry) => boolean;
}

export function measureOf(resource: Resource<AnySpec>, {wanted, parties}: Pick<Observed, 'wanted' | 'parties'>, now: number): Measure {
  const {spec} = resource;
  const owner = ownerOf(resource);
  const jitter = jitterOf(owner.uid);
  const known = new Map<readonly Entry[], Deadlines>();
  const offers = new Map<string, readonly Entry[]>();
  return {
    owner,
    type: secretTypes[spec.format],
    mayMerge: spec.existingSecretPolicy === 'Merge',
    isForEach: spec.identity.type === 'EachServiceAccount',
    wanted,
    now,
    offer(party) {
      const offer = offers.get(party) ?? entriesOf(parties.get(party) ?? []);
      offers.set(party, offer);
      return offer;
    },
    deadlines(entries) {
      const deadlines = known.get(entries) ?? hurried(entries, earliest(entries, jitter, spec.refreshBeforeSeconds), now);
      known.set(entries, deadlines);
      return deadlines;
    },
    isDue: (entry) => isFromTheFuture(entry, now) || deadlinesOf(entry, jitter, spec.refreshBeforeSeconds).due <= now,
  };
}

function entriesOf(registries: readonly RegistryView[]): readonly Entry[] {
  return registries.flatMap(({credential}) => (credential === undefined ? [] : [credential.entry]));
}

/** What came from a clock that was wrong is due at once. */
function hurried(entries: readonly Entry[], deadlines: Deadlines, now: number): Deadlines {
  return entries.some((entry) => isFromTheFuture(entry, now)) ? {...deadlines, due: now} : deadlines;
}

/** What a Secret lacks, the most pressing first; undefined where it is as it should be. */
export function needOf(secret: SecretCopy | undefined, measure: Measure): Need | undefined {
  if (secret === undefined) return 'missing';
  const {expires, due} = measure.deadlines(secret.entries);
  if (!secret.isIntact) return 'changed';
  if (expires <= measure.now) return 'expired';
  if (!holdsAll(secret.entries, measure.wanted)) return 'incomplete';
  if (!secret.isMerged && secret.ownerUid !== measure.owner.uid) return 'orphaned';
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
export function isImprovement({secret, party}: Slot, need: Need, measure: Measure): boolean {
  const {wanted, now} = measure;
  const offer = measure.offer(party);
  if (offer.length === 0) return false;
  if (secret === undefined) return true;
  const offered = new Map(offer.map((entry) => [entry.registry, entry]));
  const lost = secret.entries.filter(({registry}) => wanted.has(registry) && !offered.has(registry));
  if (lost.some((entry) => isWorthKeeping(entry, now))) return false;
  if (need === 'changed' || need === 'orphaned' || need === 'surplus') return true;
  const held = new Map(secret.entries.map((entry) => [entry.registry, entry]));
  return offer.some((entry) => {
    const known = held.get(entry.registry);
    return known === undefined || isFromTheFuture(known, now) || Date.parse(entry.expiresAt) > Date.parse(known.expiresAt);
  });
}

/** Why a Secret cannot be served, from this walk or plain to see. */
export function failureOf(namespace: string, {name, secret, isTaken, failure}: Slot, {owner, type}: Measure): Failure | undefined {
  if (failure) return failure;
  if (isTaken) return notOwned(owner, namespace, name);
  if (secret === undefined || secret.type === type) return undefined;
  const message = `Secret ${namespace}/${name} is labelled as ours, but is not of type ${type}; delete it`;
  return {reason: 'SecretWrongType', message, mayPass: false};
}

/** What came of something, as what could not be served for it. */
export function failureBy({is, reason, message}: Outcome): Failure {
  return {reason, message, mayPass: is !== 'stalled'};
}

export function notOwned({kind}: Owner, namespace: string, secretName: string): Failure {
  const message = `Secret ${namespace}/${secretName} exists and was not made by this ${kind}; it is left as it is`;
  return {reason: 'SecretNotOwned', message, mayPass: false};
}

/** Whether the account must be changed so that it names what it is to name. */
export function needsAttaching({wants, imagePullSecrets, annotation}: AccountView, {owner}: Measure): boolean {
  if (wants === undefined) return false;
  const ours = attachedBy(claimantOf(owner), annotation);
  return !imagePullSecrets.some(({name}) => name === wants) || (ours !== undefined && ours !== wants);
}

/** The secret that we attached to it, if any. */
export function attachedTo({annotation}: AccountView, {owner}: Measure): string | undefined {
  return attachedBy(claimantOf(owner), annotation);
}

function holdsAll(entries: readonly Entry[], wanted: ReadonlySet<string>): boolean {
  let held = 0;
  for (const {registry} of entries) if (wanted.has(registry)) held++;
  return held >= wanted.size;
}
