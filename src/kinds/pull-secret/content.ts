import {hash} from 'node:crypto';
import {managedBy, managedByLabel} from '../../schema/labels.ts';
import {Secret} from '../../schema/secret.ts';
import {expiresAtAnnotation, fingerprintAnnotation, fingerprintOf, registriesAnnotation} from './annotations.ts';
import {dockerConfig} from './docker-config.ts';
import type {Credential, RegistryView} from './observed.ts';
import {ownerLabels, ownerLabelValue, type Owner} from './owner.ts';
import type {Entry} from './schedule.ts';
import type {AnySpec} from './schema.ts';

/** What is written into every Secret of a party in one walk; all its steps share one. */
export interface Content {
  readonly type: string;
  /** Plain text. */
  readonly data: Readonly<Record<string, Secret>>;
  readonly entries: readonly Entry[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export const dockerConfigKey = '.dockerconfigjson';

/** A Secret's type, by the format of the spec. */
export const secretTypes: Readonly<Record<AnySpec['format'], string>> = {
  DockerConfigJson: 'kubernetes.io/dockerconfigjson',
  ArgoCDRepositoryCredentials: 'Opaque',
};

/** What the tokens in hand make; undefined without any. The same tokens always make the same content. */
export function contentOf(owner: Owner, format: AnySpec['format'], registries: readonly RegistryView[]): Content | undefined {
  const held = registries
    .flatMap(({credential}) => (credential === undefined ? [] : [credential]))
    .toSorted((a, b) => (a.entry.registry < b.entry.registry ? -1 : 1));
  if (held.length === 0) return undefined;
  const entries = held.map(({entry}) => entry);
  const data = dataOf[format](held);
  return {
    type: secretTypes[format],
    data,
    entries,
    labels: {
      [managedByLabel]: managedBy,
      [ownerLabels[owner.kind]]: ownerLabelValue(owner.name),
      ...(format === 'ArgoCDRepositoryCredentials' && {'argocd.argoproj.io/secret-type': 'repo-creds'}),
    },
    annotations: annotationsOf(entries, digestsOf(data)),
  };
}

/** What says of a Secret what it holds, and shows a change by another hand. `digests`: the SHA-256 of each of its values. */
export function annotationsOf(entries: readonly Entry[], digests: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const registries = JSON.stringify(entries);
  const [first = ''] = entries.map(({expiresAt}) => expiresAt).toSorted();
  return {
    [expiresAtAnnotation]: first,
    [registriesAnnotation]: registries,
    [fingerprintAnnotation]: fingerprintOf(digests, registries),
  };
}

export function digestsOf(data: Data): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, hash('sha256', value.reveal())]));
}

type Data = Readonly<Record<string, Secret>>;

const dataOf: Readonly<Record<AnySpec['format'], (held: readonly Credential[]) => Data>> = {
  DockerConfigJson: (held) => ({
    [dockerConfigKey]: new Secret(
      dockerConfig(held.map(({entry, username, password}) => ({host: entry.host, username, password: password.reveal()}))),
    ),
  }),
  // https://argo-cd.readthedocs.io/en/stable/operator-manual/argocd-repo-creds-yaml/: an OCI registry's URL has no scheme.
  ArgoCDRepositoryCredentials: ([first]) => ({
    url: new Secret(first?.entry.host ?? ''),
    type: new Secret('helm'),
    enableOCI: new Secret('true'),
    username: new Secret(first?.username ?? ''),
    password: first?.password ?? new Secret(''),
  }),
};
