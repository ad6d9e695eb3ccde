import type {Answer} from './ecr.ts';

/** An image that a lifecycle policy would act on. */
export interface PreviewedImage {
  readonly imageDigest: string;
  readonly imageTags: readonly string[];
  /** EXPIRE, TRANSITION. */
  readonly action: string;
  readonly appliedRulePriority?: number;
}

/** Up to 100 images of a preview, and what is known of the whole. */
export interface LifecyclePreviewPage {
  /** IN_PROGRESS, COMPLETE, EXPIRED, FAILED. */
  readonly status: string;
  readonly lifecyclePolicyText: string;
  readonly images: readonly PreviewedImage[];
  readonly nextToken?: string;
  readonly expiringImageTotalCount: number;
  readonly transitioningImageTotalCounts: readonly {readonly targetStorageClass: string; readonly imageTotalCount: number}[];
}

/** What a lifecycle policy would do, before it is in force. ECR keeps one preview for each repository: the last one. */
export interface LifecyclePreviews {
  /** `busy` where ECR is still at another preview of the repository. */
  start(name: string, lifecyclePolicyText: string): Promise<Answer<'started' | 'busy'>>;
  /** `undefined` where there is no preview. */
  page(name: string, nextToken?: string): Promise<LifecyclePreviewPage | undefined>;
}
