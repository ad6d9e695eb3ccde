import type {Answer} from './ecr.ts';

export interface BackfillDestination {
  readonly region: string;
  /** The AWS account. */
  readonly registryId: string;
}

/** How many replications there are; an image with two tags counts twice. */
export interface BackfillProgress {
  readonly totalReplicationCount: number;
  readonly completedReplicationCount: number;
  readonly failedReplicationCount: number;
  readonly failureCodes: readonly string[];
}

export interface FailedImage {
  readonly repositoryName: string;
  readonly imageId: {readonly imageDigest?: string; readonly imageTag?: string};
  readonly failureCode?: string;
}

export interface ReplicationBackfill {
  readonly replicationBackfillId: string;
  readonly destination: BackfillDestination;
  /** PREPARING, IN_PROGRESS, COMPLETE, FAILED, STOPPING, STOPPED. */
  readonly status: string;
  readonly failureCode?: string;
  /** Absent while it is PREPARING. */
  readonly progress?: BackfillProgress;
  readonly startedAt?: string;
  /** Absent while it goes on. */
  readonly endedAt?: string;
}

/** With the first images that failed; AWS tells them only once it has ended. */
export interface BackfillResults extends ReplicationBackfill {
  readonly failedImages: readonly FailedImage[];
}

/** Replication of images that were there before its rules. ECR keeps a backfill for 90 days after its end. */
export interface ReplicationBackfills {
  /**
   * - `busy`: another one goes on to the region, and this call surely started none.
   * - `full`: as many go on as the registry may have (ten), and this call surely started none.
   * - `unclear`: refused on a second attempt, so that the first may have started it.
   */
  start(destination: BackfillDestination): Promise<Answer<ReplicationBackfill | 'busy' | 'full' | 'unclear'>>;
  /** Also where it has ended, or is not there. */
  stop(id: string): Promise<Answer<void>>;
  list(): Promise<readonly ReplicationBackfill[]>;
  /** With at most `most` images that failed. */
  find(id: string, most: number): Promise<BackfillResults | undefined>;
}
