import type {EcrImage, EcrScan} from '../../aws/ecr-images.ts';
import type {RepositoryStatus} from './schema.ts';

export type Images = NonNullable<RepositoryStatus['images']>;
export type Findings = NonNullable<RepositoryStatus['findings']>;

/** What is kept of the images of a repository, however many there are. */
export interface Tally {
  readonly count: number;
  readonly countsByStatus: Readonly<Record<string, number>>;
  readonly sizeInBytes: number;
  readonly newest?: EcrImage;
}

export const nothing: Tally = {count: 0, countsByStatus: {}, sizeInBytes: 0};

/** An image may have a thousand tags, and a status is read by people. */
const mostTags = 10;
const indexes = /(?:image\.index\.v1|manifest\.list\.v2)\+json$/;

/** The tally with one more page of images. */
export function tally(before: Tally, page: readonly EcrImage[]): Tally {
  const countsByStatus = {...before.countsByStatus};
  let {sizeInBytes, newest} = before;
  for (const image of page) {
    countsByStatus[image.imageStatus] = (countsByStatus[image.imageStatus] ?? 0) + 1;
    // The size of an index is that of an image which is counted itself.
    if (!indexes.test(image.imageManifestMediaType ?? '')) sizeInBytes += image.imageSizeInBytes;
    if (isImage(image) && (newest === undefined || isNewer(image, newest))) newest = image;
  }
  return {count: before.count + page.length, countsByStatus, sizeInBytes, ...(newest && {newest})};
}

/** A signature or an attestation is pushed after its image, and is none. */
function isImage({subjectManifestDigest}: EcrImage): boolean {
  return subjectManifestDigest === undefined;
}

/** Of images of one moment, as an index and its parts are, the one with a tag; then by digest, so that pages in any order give the same. */
function isNewer(one: EcrImage, other: EcrImage): boolean {
  const [pushed, before] = [one.imagePushedAt ?? '', other.imagePushedAt ?? ''];
  if (pushed !== before) return pushed > before;
  const [isTagged, wasTagged] = [one.imageTags.length > 0, other.imageTags.length > 0];
  return isTagged === wasTagged ? one.imageDigest > other.imageDigest : isTagged;
}

export function imagesOf({count, countsByStatus, sizeInBytes, newest}: Tally, now: Date): Images {
  return {
    count,
    countsByStatus,
    sizeInBytes,
    ...(newest && {newest: newestOf(newest)}),
    observedAt: now.toISOString(),
  };
}

function newestOf({imageDigest, imageTags, imagePushedAt}: EcrImage): NonNullable<Images['newest']> {
  return {
    imageDigest,
    imageTags: [...imageTags].toSorted().slice(0, mostTags),
    ...(imagePushedAt !== undefined && {imagePushedAt}),
  };
}

/** `scan`: undefined where ECR has none of the image. */
export function findingsOf(imageDigest: string, scan: EcrScan | undefined, now: Date): Findings {
  return {
    imageDigest,
    ...(scan?.status !== undefined && {scanStatus: scan.status}),
    severityCounts: {...scan?.findingSeverityCounts},
    observedAt: now.toISOString(),
  };
}
