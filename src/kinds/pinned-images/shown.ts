import * as z from 'zod';
import {pinned, type ImagePins} from '../../translate/image.ts';

/** Digests as a status shows them. */
export const ShownImages = z
  .array(
    z.object({
      image: z.string().max(4096).describe('As the task definition names it.'),
      imageDigest: z
        .string()
        .max(256)
        .describe('What its tag stood for at the start. Absent where that could not be looked up.')
        .optional(),
    }),
  )
  .max(100)
  .describe('Images in ECR whose tags were looked up at the start, once for all pods.');

type Shown = z.infer<typeof ShownImages>;

export function shownPins(images: ImagePins): Shown {
  return Object.entries(images).map(([image, pin]) => ({image, ...('digest' in pin && {imageDigest: pin.digest})}));
}

/** An image of a pod as the task definition names it, where it is one of these by its digest. */
export function asWritten(image: string, shown: Shown = []): string {
  const found = shown.find(({image: written, imageDigest}) => imageDigest !== undefined && pinned(written, imageDigest) === image);
  return found?.image ?? image;
}

/** The same again. */
export function pinsIn(shown: Shown | undefined): ImagePins {
  return Object.fromEntries(
    (shown ?? []).map(({image, imageDigest}) => [
      image,
      imageDigest === undefined ? {unresolved: 'it could not when the deployment began.'} : {digest: imageDigest},
    ]),
  );
}
