import type {LifecycleRule} from './lifecycle-rules.ts';

/** An image, in the order in which images were pushed. Times in seconds since 1970. */
export interface Image {
  readonly imageDigest: string;
  readonly imageTags: readonly string[];
  readonly imagePushedAt: number;
  readonly lastRecordedPullTime?: number;
  /** A manifest list of the same repository names it. */
  readonly isReferenced: boolean;
}

export interface Marked {
  readonly image: Image;
  readonly rule: LifecycleRule;
}

const daySeconds = 86_400;

/**
 * What the rules do to the images, as ECR's lifecycle policy evaluation rules say: an image is marked by one rule or none; what
 * a rule looks at, no later rule marks, though that one still counts it; what a manifest list names stays while the list does.
 * No image is archived here, so rules for the archive find none.
 */
export function evaluate(rules: readonly LifecycleRule[], images: readonly Image[], now: number): readonly Marked[] {
  const youngest = images
    .map((image, index) => ({image, index}))
    .toSorted((a, b) => b.image.imagePushedAt - a.image.imagePushedAt || b.index - a.index);
  const claimed = new Set<string>();
  const marked: Marked[] = [];
  for (const rule of rules.toSorted((a, b) => a.rulePriority - b.rulePriority)) {
    const seen = youngest.map(({image}) => image).filter((image) => looksAt(rule, image));
    const chosen = seen.filter((image, rank) => isOver(rule, image, rank, now));
    for (const image of chosen.toReversed()) {
      if (!claimed.has(image.imageDigest) && !image.isReferenced) marked.push({image, rule});
    }
    for (const {imageDigest} of seen) claimed.add(imageDigest);
  }
  return marked;
}

function looksAt({selection}: LifecycleRule, {imageTags}: Image): boolean {
  const {tagStatus, storageClass, tagPatternList = [], tagPrefixList = []} = selection;
  if (storageClass === 'archive') return false;
  if (tagStatus === 'any') return true;
  if (tagStatus === 'untagged') return imageTags.length === 0;
  const isMet = (expression: RegExp) => imageTags.some((tag) => expression.test(tag));
  return [...tagPatternList.map((pattern) => wildcard(pattern, '$')), ...tagPrefixList.map((prefix) => wildcard(prefix, ''))].every(isMet);
}

function isOver({selection}: LifecycleRule, image: Image, rank: number, now: number): boolean {
  const {countType, countNumber} = selection;
  if (countType === 'imageCountMoreThan') return rank >= countNumber;
  const since = countType === 'sinceImagePulled' ? (image.lastRecordedPullTime ?? image.imagePushedAt) : image.imagePushedAt;
  return now - since > countNumber * daySeconds;
}

/** In a prefix a star is none. */
function wildcard(text: string, end: '' | '$'): RegExp {
  return new RegExp(`^${end === '$' ? text.split('*').map(escaped).join('.*') : escaped(text)}${end}`, 's');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
