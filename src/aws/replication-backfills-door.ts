import {
  DescribeReplicationBackfillResultsCommand,
  type ECRClient,
  ListReplicationBackfillsCommand,
  type ReplicationBackfillProgress,
  type ReplicationBackfillResult,
  type ReplicationBackfillSummary,
  StartReplicationBackfillCommand,
  StopReplicationBackfillCommand,
} from '@aws-sdk/client-ecr';
import type {Caller} from './caller.ts';
import {absent, nameOf} from './errors.ts';
import {everyPage} from './pages.ts';
import type {BackfillProgress, FailedImage, ReplicationBackfill, ReplicationBackfills} from './replication-backfills.ts';

const notFound = 'ReplicationBackfillNotFoundException';
const refusals: Readonly<Record<string, 'busy' | 'full'>> = {
  ReplicationBackfillInProgressException: 'busy',
  LimitExceededException: 'full',
};

export function createReplicationBackfillsDoor(options: {
  readonly client: ECRClient;
  readonly call: Caller;
  readonly registryId?: string;
}): ReplicationBackfills {
  const {client, call} = options;
  const registry = options.registryId === undefined ? {} : {registryId: options.registryId};
  return {
    start: (destination) =>
      call('StartReplicationBackfill', `${destination.registryId} in ${destination.region}`, async () => {
        try {
          const {$metadata, ...started} = await client.send(new StartReplicationBackfillCommand({...registry, destination}));
          return answer(backfillOf({destination, ...started}), $metadata);
        } catch (error) {
          const refusal = refusals[nameOf(error)];
          if (refusal === undefined) throw error;
          return {value: attemptsOf(error) > 1 ? ('unclear' as const) : refusal};
        }
      }),

    stop: (replicationBackfillId) =>
      call('StopReplicationBackfill', replicationBackfillId, async () => {
        const output = await client
          .send(new StopReplicationBackfillCommand({...registry, replicationBackfillId}))
          .catch(absent(notFound, 'ReplicationBackfillInvalidStatusException'));
        return answer(undefined, output?.$metadata);
      }),

    list: () =>
      call('ListReplicationBackfills', undefined, async () => {
        const found = await everyPage(async (nextToken) => {
          const output = await client.send(new ListReplicationBackfillsCommand({...registry, maxResults: 50, ...nextToken}));
          return {items: output.backfills, nextToken: output.nextToken};
        });
        return found.map(backfillOf);
      }),

    find: (replicationBackfillId, most) =>
      call('DescribeReplicationBackfillResults', replicationBackfillId, async () => {
        const failedImages: FailedImage[] = [];
        let nextToken: string | undefined;
        for (;;) {
          const command = new DescribeReplicationBackfillResultsCommand({
            ...registry,
            replicationBackfillId,
            resultStatusFilter: 'FAILED',
            maxResults: most,
            ...(nextToken && {nextToken}),
          });
          const output = await client.send(command).catch(absent(notFound));
          if (output === undefined) return undefined;
          failedImages.push(...(output.results ?? []).map(failedOf));
          nextToken = output.nextToken;
          if (!nextToken || failedImages.length >= most) {
            return {...backfillOf({replicationBackfillId, ...output}), failedImages: failedImages.slice(0, most)};
          }
        }
      }),
  };
}

function backfillOf(backfill: Partial<ReplicationBackfillSummary>): ReplicationBackfill {
  const {replicationBackfillId = '', destination, status = '', failureCode, progress, startedAt, endedAt} = backfill;
  return {
    replicationBackfillId,
    destination: {region: destination?.region ?? '', registryId: destination?.registryId ?? ''},
    status,
    ...(failureCode && {failureCode}),
    ...(progress && {progress: progressOf(progress)}),
    ...(startedAt && {startedAt: startedAt.toISOString()}),
    ...(endedAt && {endedAt: endedAt.toISOString()}),
  };
}

function progressOf(progress: ReplicationBackfillProgress): BackfillProgress {
  const {totalReplicationCount = 0, completedReplicationCount = 0, failedReplicationCount = 0, failureCodes = []} = progress;
  return {totalReplicationCount, completedReplicationCount, failedReplicationCount, failureCodes: failureCodes.toSorted()};
}

function failedOf({repositoryName = '', imageId, failureCode}: ReplicationBackfillResult): FailedImage {
  const {imageDigest, imageTag} = imageId ?? {};
  return {
    repositoryName,
    imageId: {...(imageDigest !== undefined && {imageDigest}), ...(imageTag !== undefined && {imageTag})},
    ...(failureCode && {failureCode}),
  };
}

/** How often the SDK sent the request before it gave the error. */
function attemptsOf(error: unknown): number {
  return (error as {readonly $metadata?: {readonly attempts?: number}}).$metadata?.attempts ?? 1;
}

function answer<T>(value: T, metadata: {readonly requestId?: string | undefined} | undefined) {
  return {value, ...(metadata?.requestId !== undefined && {requestId: metadata.requestId})};
}
