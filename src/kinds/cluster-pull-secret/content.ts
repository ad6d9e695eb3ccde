import {Secret} from '../../aws/secret.ts';
import {managedBy, managedByLabel} from '../../schema/labels.ts';
import {dockerConfig} from './docker-config.ts';
import type {RegistryView} from './observed.ts';
import {
  expiresAtAnnotation,
  fingerprintAnnotation,
  fingerprintOf,
  ownerLabel,
  ownerLabelValue,
  registriesAnnotation,
  sha256,
  type Owner,
} from './ownership.ts';
import type {Content} from './steps.ts';

/** The secret that the tokens in hand make; undefined without any. The same tokens always make the same content. */
export function contentOf(owner: Owner, registries: readonly RegistryView[]): Content | undefined {
  const held = registries.flatMap(({credential}) => (credential === undefined ? [] : [credential]));
  if (held.length === 0) return undefined;
  const entries = held.map(({entry}) => entry).toSorted((a, b) => (a.registry < b.registry ? -1 : 1));
  const document = dockerConfig(held.map(({entry, username, password}) => ({host: entry.host, username, password: password.reveal()})));
  const registriesText = JSON.stringify(entries);
  const [first = ''] = entries.map(({expiresAt}) => expiresAt).toSorted();
  return {
    document: new Secret(Buffer.from(document).toString('base64')),
    entries,
    labels: {[managedByLabel]: managedBy, [ownerLabel]: ownerLabelValue(owner.name)},
    annotations: {
      [expiresAtAnnotation]: first,
      [registriesAnnotation]: registriesText,
      [fingerprintAnnotation]: fingerprintOf(sha256(document), registriesText),
    },
  };
}
