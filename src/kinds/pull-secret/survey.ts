import {hash} from 'node:crypto';
import {managedBy, managedByLabel} from '../../schema/labels.ts';
import type {KubeObject, Metadata, Resource} from '../../schema/object.ts';
import {matches} from '../../schema/selector.ts';
import {entriesIn, fingerprintAnnotation, fingerprintOf, isMerged, registriesAnnotation} from './annotations.ts';
import {attachedAnnotation, attachedBy, type SecretName} from './image-pull-secrets.ts';
import type {AccountView, NamespaceView, SecretCopy, Slot} from './observed.ts';
import {claimantOf, isKeptBy, isKeptByAnother, ownerOf, ownerUidIn, type Owner} from './owner.ts';
import {askerOf, ecrRoleAnnotation, partyOf, type Asker} from './principal.ts';
import type {Entry} from './schedule.ts';
import type {AnySpec} from './schema.ts';

/** The copies that a walk looks at; for a PullSecret, those of its namespace. */
export interface Cluster {
  readonly namespaces: readonly KubeObject[];
  readonly serviceAccounts: readonly KubeObject[];
  /** Secrets with one of our labels, contents replaced by digests. */
  readonly secrets: readonly KubeObject[];
}

/** The annotations of thousands of secrets are the same few texts: each is read once. */
export type Reader = (secret: KubeObject) => Reading;

interface Reading {
  readonly entries: readonly Entry[];
  readonly isIntact: boolean;
  readonly fingerprint: string | undefined;
}

export function newReader(): Reader {
  const readings = new Map<string, Reading>();
  const lists = new Map<string | undefined, readonly Entry[]>();
  return (secret) => {
    const {[registriesAnnotation]: registries, [fingerprintAnnotation]: fingerprint} = secret.metadata.annotations ?? {};
    const digests = (secret['digests'] ?? {}) as Readonly<Record<string, string>>;
    const id = `${fingerprint ?? ''}\n${JSON.stringify(digests)}\n${registries ?? ''}`;
    const known = readings.get(id);
    if (known) return known;
    const entries = lists.get(registries) ?? entriesIn(registries);
    lists.set(registries, entries);
    const isIntact = entries.length > 0 && fingerprint === fingerprintOf(digests, registries ?? '');
    const reading = {entries, isIntact, fingerprint};
    readings.set(id, reading);
    return reading;
  };
}

/** Which namespaces matter to a pull secret, and what it has in each. */
export function survey(resource: Resource<AnySpec>, cluster: Cluster): Map<string, NamespaceView> {
  const {spec} = resource;
  const owner = ownerOf(resource);
  const secrets = secretsByNamespace(owner, cluster.secrets);
  const accounts = byNamespace(cluster.serviceAccounts.filter(({metadata}) => metadata.deletionTimestamp === undefined));
  const isSelected = selection(resource);
  const isChosen = chooser(spec);
  const views = new Map<string, NamespaceView>();
  for (const namespace of cluster.namespaces) {
    const {name} = namespace.metadata;
    const selected = isSelected(namespace.metadata);
    const found = secrets.get(name) ?? nothing;
    const wanted = selected ? wantedIn(spec, name, accounts.get(name) ?? [], isChosen) : unwanted;
    const relevant = accountsIn(claimantOf(owner), accounts.get(name) ?? [], wanted.byAccount);
    if (!selected && relevant.length === 0 && found.ours.size === 0) continue;
    const slots = [...wanted.askers].map(([secretName, asker]): Slot => {
      const held = found.ours.get(secretName);
      const isTheirs = held?.isMerged === true && spec.existingSecretPolicy !== 'Merge';
      const isTaken = isTheirs || found.others.has(secretName);
      return {name: secretName, asker, party: partyOf(asker, name), secret: isTheirs ? undefined : held, isTaken, failure: undefined};
    });
    const kept = new Set(slots.map(({secret}) => secret));
    const strays = [...found.ours.values()].filter((secret) => !kept.has(secret));
    views.set(name, {
      name,
      isSelected: selected,
      isTerminating: isTerminating(namespace),
      slots,
      strays,
      accounts: relevant,
      failure: undefined,
    });
  }
  return views;
}

/** One of our Secrets, read from its copy. */
export function copyOf(owner: Owner, secret: KubeObject, read: Reader): SecretCopy {
  const {name, uid} = secret.metadata;
  const {entries, isIntact, fingerprint} = read(secret);
  return {
    name,
    uid: uid ?? '',
    type: String(secret['type']),
    isMerged: isMerged(secret),
    isIntact,
    fingerprint,
    ownerUid: ownerUidIn(owner, secret),
    entries,
  };
}

/** A ServiceAccount, as far as it matters. */
export function accountOf(account: KubeObject, wants: string | undefined): AccountView {
  const {name, resourceVersion, annotations} = account.metadata;
  const imagePullSecrets = (account['imagePullSecrets'] as readonly SecretName[] | undefined) ?? [];
  return {name, wants, resourceVersion, imagePullSecrets, annotation: annotations?.[attachedAnnotation]};
}

/**
 * Whether a ServiceAccount is one that the spec chooses. One that this operator made for the role of a task stands in the place
 * of `default`.
 */
export function chooser({serviceAccounts: choice}: Pick<AnySpec, 'serviceAccounts'>): (metadata: Metadata) => boolean {
  const names = new Set(choice.names);
  const {all, selector} = choice;
  const isInPlace = names.has('default') ? isManaged : () => false;
  return (metadata) =>
    all === true || names.has(metadata.name) || isInPlace(metadata) || (selector !== undefined && matches(selector, metadata.labels));
}

function isManaged({labels}: Metadata): boolean {
  return labels?.[managedByLabel] === managedBy;
}

/** The Secret of one ServiceAccount. An object's name has 253 characters at most. */
export function secretNameFor(secretName: string, account: string): string {
  const name = `${secretName}-${account}`;
  return name.length <= 253 ? name : `${name.slice(0, 240)}-${hash('sha256', name).slice(0, 12)}`;
}

interface Wanted {
  /** Who asks for the tokens of each Secret, by its name. */
  readonly askers: ReadonlyMap<string, Asker>;
  /** The Secret that each ServiceAccount is to name. */
  readonly byAccount: ReadonlyMap<string, string>;
}

const unwanted: Wanted = {askers: new Map(), byAccount: new Map()};
const operator: Asker = {is: 'operator'};

function wantedIn(spec: AnySpec, namespace: string, accounts: readonly KubeObject[], isChosen: (metadata: Metadata) => boolean): Wanted {
  const {secretName, identity, format} = spec;
  const chosen = format === 'DockerConfigJson' ? accounts.filter(({metadata}) => isChosen(metadata)) : [];
  if (identity.type === 'EachServiceAccount') {
    const own = chosen.filter(({metadata}) => metadata.annotations?.[ecrRoleAnnotation]);
    const named = own.map((account) => [secretNameFor(secretName, account.metadata.name), account] as const);
    return {
      askers: new Map(named.map(([name, account]) => [name, askerOf(namespace, account.metadata.name, account)])),
      byAccount: new Map(named.map(([name, account]) => [account.metadata.name, name])),
    };
  }
  const {name} = identity.serviceAccountRef ?? {};
  const find = (wanted: string) => accounts.find(({metadata}) => metadata.name === wanted);
  const asker = name === undefined ? operator : askerOf(namespace, name, find(name));
  return {askers: new Map([[secretName, asker]]), byAccount: new Map(chosen.map(({metadata}) => [metadata.name, secretName]))};
}

function accountsIn(claimant: string, accounts: readonly KubeObject[], wanted: Wanted['byAccount']): readonly AccountView[] {
  return accounts.flatMap((account) => {
    const {name, annotations} = account.metadata;
    const wants = wanted.get(name);
    const isOurs = attachedBy(claimant, annotations?.[attachedAnnotation]) !== undefined;
    return wants !== undefined || isOurs ? [accountOf(account, wants)] : [];
  });
}

function selection({metadata, spec}: Resource<AnySpec>): (metadata: Metadata) => boolean {
  const {namespace} = metadata;
  if (namespace !== undefined) return ({name}) => name === namespace;
  const excluded = new Set(spec.excludedNamespaces);
  const selector = spec.namespaceSelector;
  return ({name, labels}) => !excluded.has(name) && (selector === undefined || matches(selector, labels));
}

function isTerminating(namespace: KubeObject): boolean {
  const phase = (namespace['status'] as {readonly phase?: string} | undefined)?.phase;
  return namespace.metadata.deletionTimestamp !== undefined || phase === 'Terminating';
}

interface Found {
  readonly ours: Map<string, SecretCopy>;
  /** Names of Secrets that other objects of this operator keep. */
  readonly others: Set<string>;
}

const nothing: Found = {ours: new Map(), others: new Set()};

function secretsByNamespace(owner: Owner, secrets: readonly KubeObject[]): ReadonlyMap<string, Found> {
  const read = newReader();
  const found = new Map<string, Found>();
  for (const secret of secrets) {
    const {namespace = '', name} = secret.metadata;
    const here = found.get(namespace) ?? {ours: new Map(), others: new Set()};
    found.set(namespace, here);
    if (isKeptBy(owner, secret)) here.ours.set(name, copyOf(owner, secret, read));
    else if (isKeptByAnother(owner, secret)) here.others.add(name);
  }
  return found;
}

function byNamespace(objects: readonly KubeObject[]): ReadonlyMap<string, readonly KubeObject[]> {
  return Map.groupBy(objects, ({metadata}) => metadata.namespace ?? '');
}
