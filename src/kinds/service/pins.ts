import type {ImagePins} from '../../translate/image.ts';
import type {ServiceStatus} from './schema.ts';

type Shown = NonNullable<ServiceStatus['images']>;

/** Digests as a status shows them. */
export function shownPins(images: ImagePins): Shown {
  return Object.entries(images).map(([image, pin]) => ({image, ...('digest' in pin && {imageDigest: pin.digest})}));
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
