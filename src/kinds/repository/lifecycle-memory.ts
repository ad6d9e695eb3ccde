import type {Endangered, LifecycleLook} from './lifecycle-look.ts';
import {digestOf, policyTextOf} from '../lifecycle-text.ts';
import type {RepositorySpec, RepositoryStatus} from './schema.ts';

export type PreviewMemory = NonNullable<RepositoryStatus['lifecyclePreview']>;

/** How many images are named. */
const mostNamed = 5;
const mostUsersNamed = 2;
/** What a preview said is relied on for so long, since images are pushed and grow old. */
const freshSeconds = 300;
/** A preview that ECR takes longer for is asked for again. */
const longestSeconds = 1800;

/** Whether a preview that was asked for earlier may still be relied on. */
export function isFresh({requestedAt, evaluatedAt}: PreviewMemory, now: Date): boolean {
  const isEvaluated = evaluatedAt !== undefined && evaluatedAt >= requestedAt;
  const [since, seconds] = isEvaluated ? [evaluatedAt, freshSeconds] : [requestedAt, longestSeconds];
  return now.getTime() - Date.parse(since) < seconds * 1000;
}

/** The memory of a policy; another policy's is none. */
export function rememberedOf({lifecyclePolicy}: RepositorySpec, {lifecyclePreview}: RepositoryStatus): PreviewMemory | undefined {
  const text = policyTextOf(lifecyclePolicy);
  return text !== undefined && lifecyclePreview?.policyDigest === digestOf(text) ? lifecyclePreview : undefined;
}

/** What the status says of the last preview: until another policy's is asked for, or the spec has no policy any more. */
export function memoryAfter(
  spec: RepositorySpec,
  previous: RepositoryStatus,
  look: LifecycleLook | undefined,
  now: Date,
): PreviewMemory | undefined {
  const text = policyTextOf(spec.lifecyclePolicy);
  if (text === undefined) return undefined;
  if (look === undefined || look.is === 'new' || look.is === 'empty' || look.is === 'busy') return previous.lifecyclePreview;
  const {requestedAt} = look;
  const remembered = rememberedOf(spec, previous);
  if (look.is !== 'complete') return {...remembered, policyDigest: digestOf(text), requestedAt};
  const {totals, endangered} = look;
  const isSeen = remembered?.requestedAt === requestedAt && (remembered.evaluatedAt ?? '') >= requestedAt;
  const transitioning = totals.transitioningImageTotalCounts.map((each) => ({...each}));
  return {
    policyDigest: digestOf(text),
    requestedAt,
    evaluatedAt: (isSeen && remembered.evaluatedAt) || now.toISOString(),
    expiringImageTotalCount: totals.expiringImageTotalCount,
    ...(transitioning.length > 0 && {transitioningImageTotalCounts: transitioning}),
    runningImageTotalCount: endangered.length,
    ...(endangered.length > 0 && {runningImages: endangered.slice(0, mostNamed).map(named)}),
  };
}

/** Which images that run would go, in words. */
export function runningImagesText({runningImageTotalCount = 0, runningImages = []}: Partial<PreviewMemory>): string {
  const more = runningImageTotalCount - runningImages.length;
  const count = runningImageTotalCount === 1 ? '1 image that runs' : `${runningImageTotalCount} images that run`;
  return `${count} in this cluster: ${runningImages.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function named({image, isArchived, rulePriority, users}: Endangered): string {
  const more = users.length - mostUsersNamed;
  const who = `${users.slice(0, mostUsersNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const what = isArchived ? 'archived' : 'expired';
  return `${image} (${what}${rulePriority === undefined ? '' : ` by rule ${rulePriority}`}; used by ${who})`.slice(0, 1024);
}
