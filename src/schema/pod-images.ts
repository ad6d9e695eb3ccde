import {imageReference} from './image-reference.ts';
import type {KubeObject} from './object.ts';
import {isEcrHost} from './registry-hosts.ts';

interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly imageID?: string;
}

type Lists = Readonly<Record<string, readonly Container[] | undefined>>;

const none: readonly string[] = [];
const over = new Set(['Succeeded', 'Failed']);

/**
 * The ECR images that a pod needs, each once and sorted: `host/path:tag` for what its next start pulls, `host/path@digest`
 * for what runs. The digest is the one that the container runtime tells as imageID, of the image's index or of its manifest;
 * where the runtime names it by another registry that has the same image, it counts for the image of the spec. None for a
 * pod that has ended.
 */
export function ecrImagesOf(pod: KubeObject): readonly string[] {
  const spec = (pod['spec'] ?? {}) as Lists;
  const status = (pod['status'] ?? {}) as Lists & {readonly phase?: string};
  if (over.has(status.phase ?? '')) return none;
  const statuses = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'].flatMap((list) => status[list] ?? []);
  const running = new Map(statuses.map(({name = '', imageID = ''}) => [name, imageID.replace(/^docker-pullable:\/\//, '')]));
  const images = new Set<string>();
  for (const {name = '', image = ''} of ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => spec[list] ?? [])) {
    const {host = '', path, tag = 'latest', digest} = imageReference(image);
    const id = imageReference(running.get(name) ?? '');
    const isDigest = id.digest !== undefined;
    if (isEcrHost(host)) {
      images.add(digest === undefined ? `${host}/${path}:${tag}` : `${host}/${path}@${digest}`);
      if (isDigest) images.add(`${host}/${path}@${id.digest}`);
    }
    if (isDigest && id.host !== undefined && isEcrHost(id.host)) images.add(`${id.host}/${id.path}@${id.digest}`);
  }
  return images.size === 0 ? none : [...images].toSorted();
}
