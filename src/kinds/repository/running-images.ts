import type {PreviewedImage} from '../../aws/lifecycle-previews.ts';
import type {KubeObject} from '../../schema/object.ts';
import {hostsBeside, type RegistryHosts} from '../../schema/registry-hosts.ts';
import type {Endangered} from './lifecycle-look.ts';

/** Who needs which image of one repository, by `:tag` and by digest (`@sha256:…`). */
export type RunningImages = ReadonlyMap<string, ReadonlySet<string>>;

/** The images of a pod, as sources.ts keeps them. */
export function imagesIn(pod: KubeObject): readonly string[] {
  return (pod['images'] ?? []) as readonly string[];
}

/** What the pods need of a repository, whichever of the registry's names they call it by. */
export function runningImages(pods: readonly KubeObject[], hosts: RegistryHosts, name: string): RunningImages {
  const prefixes = hostsBeside(hosts.ipv4).map((host) => `${host}/${name}`);
  const running = new Map<string, Set<string>>();
  for (const pod of pods) {
    for (const image of imagesIn(pod)) {
      const prefix = prefixes.find((candidate) => image.startsWith(candidate) && /[:@]/.test(image[candidate.length] ?? ''));
      if (prefix === undefined) continue;
      const key = image.slice(prefix.length);
      const users = running.get(key) ?? new Set();
      running.set(key, users.add(userOf(pod)));
    }
  }
  return running;
}

/** Those of the images that are needed. */
export function endangeredBy(images: readonly PreviewedImage[], running: RunningImages): readonly Endangered[] {
  return images.flatMap(({imageDigest, imageTags, action, appliedRulePriority}) => {
    const keys = [`@${imageDigest}`, ...imageTags.map((tag) => `:${tag}`)];
    const users = [...new Set(keys.flatMap((key) => [...(running.get(key) ?? [])]))].toSorted();
    if (users.length === 0) return [];
    const image = imageTags.length === 0 ? imageDigest : imageTags.toSorted().join(', ');
    const isArchived = action === 'TRANSITION';
    return [{image, isArchived, ...(appliedRulePriority !== undefined && {rulePriority: appliedRulePriority}), users}];
  });
}

/** Its controller, which stays the same from pod to pod. */
function userOf({metadata}: KubeObject): string {
  const {name, namespace = '', ownerReferences = []} = metadata;
  const owner = ownerReferences.find(({controller}) => controller === true);
  return `${owner?.kind ?? 'Pod'} ${namespace}/${owner?.name ?? name}`;
}
