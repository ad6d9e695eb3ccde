import type {Kube} from '../../kube/kube.ts';
import type {KubeObject} from '../../schema/object.ts';
import {Secret} from '../../schema/secret.ts';
import {dockerAuthsIn, textIn} from '../../schema/secret-data.ts';
import {secrets} from '../../schema/types.ts';
import {withDigests} from '../sources.ts';
import {dockerConfigKey} from './content.ts';
import type {Credential, NamespaceView, SecretCopy} from './observed.ts';
import type {Entry} from './schedule.ts';
import {newReader} from './survey.ts';

interface Holder {
  readonly namespace: string;
  readonly secret: SecretCopy;
  readonly entry: Entry;
}

/**
 * A party's token for a registry out of a Secret that holds it: what an operator that was just started and gets none from AWS
 * has for those that have nothing. It is the content that most Secrets have, so that whoever can write one of them does not
 * choose the credentials of all others. Undefined where there is none that works, or it cannot be read.
 */
export async function tokenInSecrets(
  {party, registry}: {readonly party: string; readonly registry: string},
  namespaces: ReadonlyMap<string, NamespaceView>,
  kube: Kube,
  now: number,
): Promise<Credential | undefined> {
  const holders = [...namespaces].flatMap(([namespace, {slots}]) =>
    slots.flatMap(({party: itsParty, secret}): Holder[] => {
      if (itsParty !== party || secret === undefined || !secret.isIntact || secret.isMerged) return [];
      const entry = secret.entries.find((each) => each.registry === registry && Date.parse(each.expiresAt) > now);
      return entry === undefined ? [] : [{namespace, secret, entry}];
    }),
  );
  const [most = []] = [...Map.groupBy(holders, ({secret}) => secret.fingerprint).values()].toSorted((a, b) => b.length - a.length);
  const [first] = most;
  return first && read(first, kube);
}

async function read({namespace, secret: {name, fingerprint}, entry}: Holder, kube: Kube): Promise<Credential | undefined> {
  const found = await kube.get({type: secrets, namespace, name}).catch(() => undefined);
  if (found === undefined) return undefined;
  const reading = newReader()(withDigests(found));
  if (!reading.isIntact || reading.fingerprint !== fingerprint) return undefined;
  const {username, password} = credentialIn(found, entry.host);
  return username && password ? {entry, username, password: new Secret(password)} : undefined;
}

/** Out of either format, as `contentOf` writes it. Somebody else may have written it: then there is nothing in it. */
function credentialIn(secret: KubeObject, host: string): {readonly username?: string | undefined; readonly password?: string | undefined} {
  const config = textIn(secret, dockerConfigKey);
  if (config === undefined) return {username: textIn(secret, 'username'), password: textIn(secret, 'password')};
  return dockerAuthsIn(config)?.[host] ?? {};
}
