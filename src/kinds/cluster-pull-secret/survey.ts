import type {KubeObject, Metadata, Resource} from '../../schema/object.ts';
import {matches} from '../../schema/selector.ts';
import {attachedAnnotation, attachedBy, type SecretName} from './image-pull-secrets.ts';
import type {AccountView, NamespaceView, SecretCopy} from './observed.ts';
import {entriesIn, fingerprintAnnotation, fingerprintOf, isKeptBy, ownerUidIn, registriesAnnotation, type Owner} from './ownership.ts';
import type {Entry} from './schedule.ts';
import type {ClusterPullSecretSpec} from './schema.ts';

/** The copies that a walk looks at. */
export interface Cluster {
  readonly namespaces: readonly KubeObject[];
  readonly serviceAccounts: readonly KubeObject[];
  /** Secrets with our label, contents replaced by digests. */
  readonly secrets: readonly KubeObject[];
}

/** The annotations of thousands of secrets are the same few texts: each is read once. */
export type Reader = (registries: string | undefined, fingerprint: string | undefined, digest: string | undefined) => Reading;

interface Reading {
  readonly entries: readonly Entry[];
  readonly isIntact: boolean;
}

export function newReader(): Reader {
  const readings = new Map<string, Reading>();
  const lists = new Map<string | undefined, readonly Entry[]>();
  return (registries, fingerprint, digest) => {
    const id = `${fingerprint ?? ''}\n${digest ?? ''}\n${registries ?? ''}`;
    const known = readings.get(id);
    if (known) return known;
    const entries = lists.get(registries) ?? entriesIn(registries);
    lists.set(registries, entries);
    const isIntact = digest !== undefined && entries.length > 0 && fingerprint === fingerprintOf(digest, registries ?? '');
    const reading = {entries, isIntact};
    readings.set(id, reading);
    return reading;
  };
}

/** Which namespaces matter to a ClusterPullSecret, and what it has in each. */
export function survey(resource: Resource<ClusterPullSecretSpec>, cluster: Cluster): Map<string, NamespaceView> {
  const {spec} = resource;
  const owner = ownerOf(resource);
  const secrets = secretsByNamespace(owner, spec.secretName, cluster.secrets);
  const accounts = accountsByNamespace(owner.name, spec.serviceAccounts, cluster.serviceAccounts);
  const isSelected = selection(spec);
  const views = new Map<string, NamespaceView>();
  for (const namespace of cluster.namespaces) {
    const {name} = namespace.metadata;
    const found = secrets.get(name) ?? nothing;
    const selected = isSelected(namespace.metadata);
    const all = accounts.get(name) ?? [];
    const relevant = selected ? all : all.filter(({annotation}) => attachedBy(owner.name, annotation) !== undefined);
    if (!selected && relevant.length === 0 && found.secret === undefined && found.strays.length === 0) continue;
    views.set(name, {
      name,
      isSelected: selected,
      isTerminating: isTerminating(namespace),
      secret: found.secret,
      isTaken: found.isTaken,
      strays: found.strays,
      accounts: relevant,
      failure: undefined,
    });
  }
  return views;
}

export function ownerOf(resource: KubeObject): Owner {
  return {name: resource.metadata.name, uid: resource.metadata.uid ?? ''};
}

/** One of our Secrets, read from its copy. */
export function copyOf(owner: Owner, secret: KubeObject, read: Reader): SecretCopy {
  const {name, uid, annotations} = secret.metadata;
  const digest = (secret['digests'] as Readonly<Record<string, string>> | undefined)?.['.dockerconfigjson'];
  const {entries, isIntact} = read(annotations?.[registriesAnnotation], annotations?.[fingerprintAnnotation], digest);
  const isDockerConfig = secret['type'] === 'kubernetes.io/dockerconfigjson';
  return {name, uid: uid ?? '', isDockerConfig, isIntact, ownerUid: ownerUidIn(owner, secret), entries};
}

/** A ServiceAccount, as far as it matters. */
export function accountOf(account: KubeObject, isChosen: boolean): AccountView {
  const {name, resourceVersion, annotations} = account.metadata;
  const imagePullSecrets = (account['imagePullSecrets'] as readonly SecretName[] | undefined) ?? [];
  return {name, isChosen, resourceVersion, imagePullSecrets, annotation: annotations?.[attachedAnnotation]};
}

/** Whether a ServiceAccount is one that the spec chooses. */
export function chooser(choice: ClusterPullSecretSpec['serviceAccounts']): (metadata: Metadata) => boolean {
  const names = new Set(choice.names);
  const {all, selector} = choice;
  return ({name, labels}) => all === true || names.has(name) || (selector !== undefined && matches(selector, labels));
}

function selection(spec: ClusterPullSecretSpec): (metadata: Metadata) => boolean {
  const excluded = new Set(spec.excludedNamespaces);
  const selector = spec.namespaceSelector;
  return ({name, labels}) => !excluded.has(name) && (selector === undefined || matches(selector, labels));
}

function isTerminating(namespace: KubeObject): boolean {
  const phase = (namespace['status'] as {readonly phase?: string} | undefined)?.phase;
  return namespace.metadata.deletionTimestamp !== undefined || phase === 'Terminating';
}

interface Found {
  secret: SecretCopy | undefined;
  isTaken: boolean;
  readonly strays: SecretCopy[];
}

const nothing: Readonly<Found> = {secret: undefined, isTaken: false, strays: []};

function secretsByNamespace(owner: Owner, secretName: string, secrets: readonly KubeObject[]): ReadonlyMap<string, Readonly<Found>> {
  const read = newReader();
  const found = new Map<string, Found>();
  for (const secret of secrets) {
    const {namespace = '', name} = secret.metadata;
    const isKept = isKeptBy(owner, secret);
    if (!isKept && name !== secretName) continue;
    const here = found.get(namespace) ?? {...nothing, strays: []};
    found.set(namespace, here);
    if (!isKept) here.isTaken = true;
    else if (name === secretName) here.secret = copyOf(owner, secret, read);
    else here.strays.push(copyOf(owner, secret, read));
  }
  return found;
}

function accountsByNamespace(
  owner: string,
  choice: ClusterPullSecretSpec['serviceAccounts'],
  serviceAccounts: readonly KubeObject[],
): ReadonlyMap<string, AccountView[]> {
  const isChosen = chooser(choice);
  const byNamespace = new Map<string, AccountView[]>();
  for (const account of serviceAccounts) {
    const {metadata} = account;
    if (metadata.deletionTimestamp !== undefined) continue;
    const chosen = isChosen(metadata);
    if (!chosen && attachedBy(owner, metadata.annotations?.[attachedAnnotation]) === undefined) continue;
    const {namespace = ''} = metadata;
    const here = byNamespace.get(namespace);
    if (here) here.push(accountOf(account, chosen));
    else byNamespace.set(namespace, [accountOf(account, chosen)]);
  }
  return byNamespace;
}
