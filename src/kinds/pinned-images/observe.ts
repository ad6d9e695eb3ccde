import {imageReference} from '../../schema/image-reference.ts';
import {parseRegistryHost} from '../../schema/registry-hosts.ts';
import type {ImagePin, ImagePins} from '../../translate/image.ts';
import type {Doors} from '../doors.ts';
import {outcomeOf} from '../outcome.ts';

/** A longer text than this is in nobody's interest. */
const mostText = 400;

/** What the tags of images in ECR stand for now. Never throws: a deployment goes on with the tag where its digest cannot be had. */
export async function lookUp(images: readonly string[], {aws}: Pick<Doors, 'aws'>): Promise<ImagePins> {
  const pins = await Promise.all(images.map(async (image) => [image, await pinOf(image, aws)] as const));
  return Object.fromEntries(pins);
}

async function pinOf(image: string, aws: Doors['aws']): Promise<ImagePin> {
  const {host = '', path, tag = 'latest'} = imageReference(image);
  const registry = parseRegistryHost(host);
  if (registry === undefined) return {unresolved: `${host} is no registry of ECR`};
  try {
    const digest = await aws.images(registry).digestOf(path, tag);
    return digest === undefined ? {unresolved: `ECR has no image ${image}`} : {digest};
  } catch (error) {
    return {unresolved: outcomeOf(error).message.slice(0, mostText)};
  }
}
