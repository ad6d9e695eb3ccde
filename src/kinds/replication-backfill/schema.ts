import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {immutable} from '../../schema/rules.ts';
import {replicationBackfills} from '../../schema/types.ts';
import {registryRef} from '../registry-ref.ts';
import {reasons} from './reasons.ts';

/** How many images that failed the status names. */
export const mostFailedImages = 10;

const Destination = z.object({
  region: z
    .string()
    .min(2)
    .max(25)
    .regex(/^[0-9a-z-]{2,25}$/)
    .describe('The AWS region to replicate to.'),
  registryId: z
    .string()
    .min(12)
    .max(12)
    .regex(/^[0-9]{12}$/)
    .optional()
    .describe('The AWS account to replicate to. Left out, that of the registry itself.'),
});

/** What a user writes of a ReplicationBackfill. */
export type ReplicationBackfillSpec = z.output<typeof ReplicationBackfillSpec>;
export const ReplicationBackfillSpec = z
  .object({
    registryRef: registryRef().describe(
      "The registry to replicate from. `default` is the operator's own account and region. Cannot be changed.",
    ),
    destination: immutable(Destination).describe(
      'Where to. It must stand in the replication configuration of the registry. Cannot be changed.',
    ),
    suspend: z
      .boolean()
      .default(false)
      .describe('True: no backfill is started, and one that goes on is stopped. Set back to false, another one is started.'),
  })
  .describe('One backfill: the images that are in the registry already are replicated to a destination, once.');

const Count = z.int().min(0);

const FailedImage = z.object({
  repositoryName: z.string().max(256).describe('The repository.'),
  imageId: z
    .object({
      imageDigest: z.string().max(256).optional().describe('The digest.'),
      imageTag: z.string().max(300).optional().describe('The tag.'),
    })
    .describe('The image.'),
  failureCode: z.string().max(256).optional().describe('Why, in the words of AWS.'),
});

/** What the operator shows of a ReplicationBackfill. */
export type ReplicationBackfillStatus = z.output<typeof ReplicationBackfillStatus>;
export const ReplicationBackfillStatus = z.object({
  registryId: z.string().max(12).optional().describe('The AWS account that it replicates from.'),
  region: z.string().max(32).optional().describe('The AWS region that it replicates from.'),
  replicationBackfillId: z.string().max(256).optional().describe('The backfill in ECR.'),
  status: z.string().max(32).optional().describe('PREPARING, IN_PROGRESS, COMPLETE, FAILED, STOPPING or STOPPED, as ECR gives it.'),
  progress: z
    .object({
      totalReplicationCount: Count.describe('Replications to make. An image with two tags counts twice.'),
      completedReplicationCount: Count.describe('Those that are made.'),
      failedReplicationCount: Count.describe('Those that failed.'),
      failureCodes: z.array(z.string().max(256)).max(50).describe('Why, each code once.'),
    })
    .optional()
    .describe('How far it has come. Absent while ECR prepares it.'),
  startedAt: z.string().max(40).optional().describe('When ECR started it.'),
  endedAt: z.string().max(40).optional().describe('When it ended.'),
  failureCode: z.string().max(256).optional().describe('Why the backfill as a whole failed, in the words of AWS.'),
  failedImages: z.array(FailedImage).max(mostFailedImages).optional().describe('Images that were not replicated: the first ten.'),
  suspendedAt: z.string().max(40).optional().describe('When it was stopped because spec.suspend is true.'),
  starting: z
    .object({
      latestId: z.string().max(256).optional().describe('The latest backfill to the region that there was before.'),
      latestStartedAt: z.string().max(40).optional().describe('When that one was started.'),
    })
    .optional()
    .describe('A start was announced. If the operator dies, it finds what it started: the backfill that came after this one.'),
  refusal: z
    .object({
      reason: z.string().max(256).describe('The reason.'),
      message: z.string().max(2048).describe('In words.'),
    })
    .optional()
    .describe('Why the last start was refused.'),
});

export const definition: Definition<ReplicationBackfillSpec> = {
  ...replicationBackfills,
  singular: 'replicationbackfill',
  shortNames: ['ecrbackfill'],
  description: 'One run of an Amazon ECR replication backfill: images that are there already are replicated to a destination.',
  spec: ReplicationBackfillSpec,
  status: ReplicationBackfillStatus,
  columns: [
    {name: 'Destination', type: 'string', jsonPath: '.spec.destination.region'},
    {name: 'Done', type: 'integer', jsonPath: '.status.progress.completedReplicationCount', description: 'Replications made.'},
    {name: 'Total', type: 'integer', jsonPath: '.status.progress.totalReplicationCount', description: 'Replications to make.'},
    {name: 'Failed', type: 'integer', jsonPath: '.status.progress.failedReplicationCount', description: 'Replications that failed.'},
    {name: 'Registry', type: 'string', jsonPath: '.spec.registryRef.name', priority: 1},
    {name: 'Id', type: 'string', jsonPath: '.status.replicationBackfillId', priority: 1},
  ],
  actions: [
    'ecr:DescribeReplicationBackfillResults',
    'ecr:ListReplicationBackfills',
    'ecr:StartReplicationBackfill',
    'ecr:StopReplicationBackfill',
  ],
  reasons,
};
