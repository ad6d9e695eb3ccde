import type {LifecyclePreviewPage} from '../../aws/lifecycle-previews.ts';

/** An image that runs in this cluster, and that a lifecycle policy would expire or archive. */
export interface Endangered {
  /** Its tags, or its digest where it has none. */
  readonly image: string;
  readonly isArchived: boolean;
  readonly rulePriority?: number;
  /** Who runs it, sorted: `ReplicaSet shop/web-5d8f`. */
  readonly users: readonly string[];
}

export type Totals = Pick<LifecyclePreviewPage, 'expiringImageTotalCount' | 'transitioningImageTotalCounts'>;

/** What is known of what the spec's lifecycle policy would do. `requestedAt`: when ECR was asked for the preview; ISO 8601. */
export type LifecycleLook =
  /** Created a moment ago: there is no image. */
  | {readonly is: 'new'}
  | {readonly is: 'empty'}
  /** ECR is at the preview of another policy. */
  | {readonly is: 'busy'}
  | {readonly is: 'underWay'; readonly requestedAt: string}
  | {readonly is: 'failed'; readonly requestedAt: string}
  | {readonly is: 'complete'; readonly requestedAt: string; readonly totals: Totals; readonly endangered: readonly Endangered[]};
