import type {Kube} from '../../kube/kube.ts';
import type {KubeObject} from '../../schema/object.ts';
import {Secret} from '../../schema/secret.ts';
import {textIn} from '../../schema/secret-data.ts';
import {secrets} from '../../schema/types.ts';
import {outcomeOf} from '../outcome.ts';
import {withDigests} from '../sources.ts';
import {entriesIn, isMerged, mergedAnnotation, mergedInto, mergedLabel, ourAnnotations, registriesAnnotation} from './annotations.ts';
import {failing, withoutSecret, withSecret, type Change} from './changes.ts';
import {annotationsOf, digestsOf, dockerConfigKey, secretTypes, type Content} from './content.ts';
import {withoutOurs, withOurs} from './merged-config.ts';
import type {Failure} from './observed.ts';
import {isKeptBy, isKeptByAnother, ownerLabels, ownerLabelValue} from './owner.ts';
import type {ApplySecret, MergeSecret, UnmergeSecret} from './steps.ts';
import {notOwned} from './verdict.ts';

const attempts = 4;

/** Written with the version that was read, so that what others write meanwhile is not lost. */
export async function mergeSecret(
  {namespace, name, owner, content}: ApplySecret | MergeSecret,
  kube: Kube,
  read?: KubeObject,
): Promise<Change> {
  const ref = {type: secrets, namespace, name};
  let found = read ?? (await kube.get(ref));
  for (let attempt = 1; found !== undefined; attempt++) {
    if (isKeptByAnother(owner, found)) return failing(name, notOwned(owner, namespace, name));
    if (found['type'] !== secretTypes.DockerConfigJson) return failing(name, wrongType(namespace, name, found));
    const ours = content.data[dockerConfigKey]?.reveal() ?? '';
    const merged = withOurs(documentIn(found), ours, hostsIn(found));
    if ('why' in merged) return failing(name, unreadable(namespace, name, merged.why));
    const data = {[dockerConfigKey]: new Secret(merged.text)};
    const digests = {...digestsIn(found), ...digestsOf(data)};
    const metadata = {
      resourceVersion: found.metadata.resourceVersion,
      labels: {[mergedLabel]: 'true', [ownerLabels[owner.kind]]: ownerLabelValue(owner.name)},
      annotations: {...annotationsOf(content.entries, digests), [mergedAnnotation]: mergedInto(namespace, name)},
    };
    try {
      return withSecret(owner, await kube.merge(ref, {metadata, data: encoded(data)}));
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error;
      found = await kube.get(ref);
    }
  }
  // It went meanwhile: the next walk makes one of our own.
  return withoutSecret(name);
}

export async function unmergeSecret({namespace, name, uid, owner}: UnmergeSecret, kube: Kube): Promise<Change> {
  const ref = {type: secrets, namespace, name};
  for (let attempt = 1; ; attempt++) {
    const found = await kube.get(ref);
    if (found === undefined || found.metadata.uid !== uid || !isKeptBy(owner, found) || !isMerged(found)) return withoutSecret(name, uid);
    const left = withoutOurs(documentIn(found), hostsIn(found));
    const metadata = {
      resourceVersion: found.metadata.resourceVersion,
      labels: {[mergedLabel]: null, [ownerLabels[owner.kind]]: null},
      annotations: Object.fromEntries(ourAnnotations.map((annotation) => [annotation, null])),
    };
    // A document that cannot be read any more holds nothing of ours.
    const data = 'text' in left ? {data: encoded({[dockerConfigKey]: new Secret(left.text)})} : {};
    try {
      await kube.merge(ref, {metadata, ...data});
      return withoutSecret(name, uid);
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error;
    }
  }
}

function digestsIn(secret: KubeObject): Readonly<Record<string, string>> {
  return withDigests(secret)['digests'] as Readonly<Record<string, string>>;
}

function documentIn(secret: KubeObject): string {
  return textIn(secret, dockerConfigKey) ?? '';
}

/** The registries whose entries we put into it. */
function hostsIn({metadata}: KubeObject): readonly string[] {
  return entriesIn(metadata.annotations?.[registriesAnnotation]).map(({host}) => host);
}

function wrongType(namespace: string, name: string, found: KubeObject): Failure {
  const message = `Secret ${namespace}/${name} is of type ${String(found['type'])}: entries can be merged only into ${secretTypes.DockerConfigJson}; choose another secretName`;
  return {reason: 'SecretWrongType', message, mayPass: false};
}

function unreadable(namespace: string, name: string, why: string): Failure {
  const message = `Secret ${namespace}/${name} cannot be merged into: ${why} (key ${dockerConfigKey}); mend it, or choose another secretName`;
  return {reason: 'SecretUnreadable', message, mayPass: false};
}

/** As a Secret's `data` has it. */
export function encoded(data: Content['data']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value.reveal()).toString('base64')]));
}

function isConflict(error: unknown): boolean {
  return outcomeOf(error).reason === 'Conflict';
}
