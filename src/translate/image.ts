import {imageReference} from '../schema/image-reference.ts';
import {isEcrHost} from '../schema/registry-hosts.ts';
import type {Context} from './context.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';

/** What a tag stood for when the deployment began; or why that could not be looked up. */
export type ImagePin = {readonly digest: string} | {readonly unresolved: string};
/** By image, as the definition writes it. */
export type ImagePins = Readonly<Record<string, ImagePin>>;

/** The images whose tags a deployment pins, each once: those in private registries of ECR. Others ask for credentials of their own. */
export function tagsToPin({containerDefinitions}: TaskDefinition): readonly string[] {
  return [...new Set(containerDefinitions.filter(isPinned).map(({image}) => image))];
}

/** Whether a Service looks up the digest of this container's tag for each deployment, as ECS does. */
export function isPinned({image, versionConsistency}: ContainerDefinition): boolean {
  return versionConsistency !== 'disabled' && !isDigest(image) && isInEcr(image);
}

/**
 * The image as the pod names it: by the digest, where the deployment has looked it up. Before that nothing is said of a tag that
 * it will look up; and nothing of a task that is run by itself, whose tags ECS looks up at its start too.
 */
export function imageOf(container: ContainerDefinition, path: string, {form, report, settings}: Context): string {
  const {image, versionConsistency} = container;
  if (versionConsistency === 'disabled' || isDigest(image)) return image;
  const pin = isPinned(container) ? settings.images?.[image] : undefined;
  if (pin !== undefined && 'digest' in pin) return pinned(image, pin.digest);
  // A task that is run by itself starts once.
  if (form === 'task') return image;
  const note = (reason: string, message: string): void => report({path: at(path, 'image'), level: 'approximated', reason, message});
  if (pin !== undefined) {
    const message = `The tag is looked up each time a pod starts, because its digest could not be looked up for the deployment: ${pin.unresolved}`;
    note('ImageDigestUnresolved', message);
  } else if (!isPinned(container)) {
    note(
      'ImageTagNotPinned',
      'The tag is looked up each time a pod starts; ECS looks it up once for each deployment. Name a digest to be sure.',
    );
  }
  return image;
}

function isInEcr(image: string): boolean {
  const {host} = imageReference(image);
  return host !== undefined && isEcrHost(host);
}

/** An image by its digest in the place of its tag. */
export function pinned(image: string, digest: string): string {
  const {host, path} = imageReference(image);
  return `${host === undefined ? path : `${host}/${path}`}@${digest}`;
}

export function isDigest(image: string): boolean {
  return /@[a-z0-9]+:[a-f0-9]{32,}$/.test(image);
}
