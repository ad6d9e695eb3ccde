import type {Json} from './message.ts';

/** ECR takes up to 20 minutes to bring an image back. */
const restoringMilliseconds = 1000;

/** Which images are in the archive: moto knows of none. */
export interface StorageClasses {
  /** ACTIVE, ARCHIVED or ACTIVATING. */
  statusOf(repositoryName: string, digest: string): string;
  /** What DescribeImages tells of it. */
  factsOf(repositoryName: string, digest: string): Json;
  /** `ARCHIVE` or `STANDARD`. */
  move(repositoryName: string, digest: string, targetStorageClass: string): void;
  forget(repositoryName: string, digests: readonly string[]): void;
}

interface Moves {
  readonly archivedAt: number;
  readonly restoredAt?: number;
}

const keyOf = (repositoryName: string, digest: string) => `${repositoryName}@${digest}`;

export function storageClasses(now: () => number = Date.now): StorageClasses {
  const moves = new Map<string, Moves>();

  function statusOf(repositoryName: string, digest: string): string {
    const moved = moves.get(keyOf(repositoryName, digest));
    if (moved === undefined) return 'ACTIVE';
    if (moved.restoredAt === undefined) return 'ARCHIVED';
    return now() < moved.restoredAt + restoringMilliseconds ? 'ACTIVATING' : 'ACTIVE';
  }

  return {
    statusOf,
    factsOf(repositoryName, digest) {
      const {archivedAt, restoredAt} = moves.get(keyOf(repositoryName, digest)) ?? {};
      const imageStatus = statusOf(repositoryName, digest);
      return {
        imageStatus,
        ...(archivedAt !== undefined && {lastArchivedAt: archivedAt / 1000}),
        ...(restoredAt !== undefined && imageStatus === 'ACTIVE' && {lastActivatedAt: (restoredAt + restoringMilliseconds) / 1000}),
      };
    },
    move(repositoryName, digest, targetStorageClass) {
      const key = keyOf(repositoryName, digest);
      const before = moves.get(key);
      if (targetStorageClass === 'ARCHIVE') moves.set(key, {archivedAt: now()});
      else if (before !== undefined) moves.set(key, {...before, restoredAt: now()});
    },
    forget(repositoryName, digests) {
      for (const digest of digests) moves.delete(keyOf(repositoryName, digest));
    },
  };
}
