import type {Kube} from '../../kube/kube.ts';
import type {KubeObject} from '../../schema/object.ts';
import {Secret} from '../../schema/secret.ts';
import {textIn} from '../../schema/secret-data.ts';
import {secrets} from '../../schema/types.ts';
import {withDigests} from '../sources.ts';
import {entriesIn, isMerged, mergedAnnotation, mergedInto, mergedLabel, ourAnnotations, registriesAnnotation} from './annotations.ts';
import {failing, withoutSecret, withSecret, type Change} from './changes.ts';
import {annotationsOf, digestsOf, dockerConfigKey, secretTypes, type Content} from './content.ts';
import {withoutOurs, withOurs} from './merged-config.ts';
import type {Failure} from './observed.ts';
import {isKeptBy, isKeptByAnother, ownerLabels, ownerLabelValue} from './owner.ts';
import {retryOnConflict} from './retry-on-conflict.ts';
import type {ApplySecret, MergeSecret, UnmergeSecret} from './steps.ts';
import {notOwned} from './verdict.ts';

/** Our entries among those of a Secret that is somebody else's. */
export async function mergeSecret(
  {namespace, name, owner, content}: ApplySecret | MergeSecret,
  kube: Kube,
  read?: KubeObject,
): Promise<Change> {
  const ref = {type: secrets, namespace, name};
  const find = () => kube.get(ref);
  const made = await retryOnConflict(read ?? (await find()), find, async (found): Promise<Change> => {
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
    return withSecret(owner, await kube.merge(ref, {metadata, data: encoded(data)}));
  });
  // Where it went meanwhile, the next plan makes one of our own.
  return made ?? withoutSecret(name);
}

export async function unmergeSecret({namespace, name, uid, owner}: UnmergeSecret, kube: Kube): Promise<Change> {
  const ref = {type: secrets, namespace, name};
  const find = () => kube.get(ref);
  await retryOnConflict(await find(), find, async (found) => {
    if (found.metadata.uid !== uid || !isKeptBy(owner, found) || !isMerged(found)) return;
    const left = withoutOurs(documentIn(found), hostsIn(found));
    const metadata = {
      resourceVersion: found.metadata.resourceVersion,
      labels: {[mergedLabel]: null, [ownerLabels[owner.kind]]: null},
      annotations: Object.fromEntries(ourAnnotations.map((annotation) => [annotation, null])),
    };
    // A document that cannot be read any more holds nothing of ours.
    const data = 'text' in left ? {data: encoded({[dockerConfigKey]: new Secret(left.text)})} : {};
    await kube.merge(ref, {metadata, ...data});
  });
  return withoutSecret(name, uid);
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
