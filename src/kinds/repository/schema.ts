import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {immutable, listMap, mapOf, rule} from '../../schema/rules.ts';
import {repositories} from '../../schema/types.ts';
import {registryRef} from '../registry-ref.ts';
import {EncryptionConfiguration, ExclusionFilter, LifecyclePolicy, Tag} from '../repository-settings.ts';
import {reasons} from './reasons.ts';

const RepositoryFields = z.object({
  name: immutable(
    z
      .string()
      .min(2)
      .max(256)
      .regex(/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/),
  )
    .optional()
    .describe('The name of the repository in ECR, with its path: team/app. Left out, the name of the object. Cannot be changed.'),
  registryRef: registryRef().describe(
    "The registry that the repository is in. `default` is the operator's own account and region. Cannot be changed.",
  ),
  imageTagMutability: z
    .enum(['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'])
    .optional()
    .describe('Whether a tag may be pushed again. Left out, a new repository is MUTABLE and an existing one stays as it is.'),
  imageTagMutabilityExclusionFilters: z
    .array(ExclusionFilter)
    .min(1)
    .max(5)
    .optional()
    .describe('Tags to which imageTagMutability does not apply. Only with a mode _WITH_EXCLUSION.'),
  encryptionConfiguration: immutable(EncryptionConfiguration)
    .optional()
    .describe('Left out, a new repository has AES256. Cannot be changed: AWS sets it when the repository is created.'),
  imageScanningConfiguration: z
    .object({scanOnPush: z.boolean().describe('Whether each image is scanned when it is pushed.')})
    .optional()
    .describe("Left out, it stays as it is (a new repository: off). The registry's own scanning rules go before it."),
  lifecyclePolicy: LifecyclePolicy.optional().describe(
    'Which images ECR expires or archives. Taken away here, it is taken away in AWS too, if it was set from here.',
  ),
  lifecycleGuard: z
    .enum(['Protect', 'Warn', 'Off'])
    .default('Protect')
    .describe(
      'What to do with a change of lifecyclePolicy that would expire or archive an image that a pod in this cluster uses. Protect: leave the policy as it is, and say which images. Warn: change it, and say so. Off: change it without a preview.',
    ),
  repositoryPolicy: z
    .object({
      policyText: z.string().min(1).max(10_240).describe('The policy document, as JSON.'),
      force: z
        .boolean()
        .optional()
        .describe('Set the policy although it would keep the operator itself from setting another one later. Left out, ECR refuses that.'),
    })
    .optional()
    .describe('Who may use the repository (resource policy). Taken away here, it is taken away in AWS too, if it was set from here.'),
  tags: listMap(Tag, 'key').max(40).optional().describe('AWS tags. Tags that others set are left alone.'),
  imageSummary: z
    .object({
      refreshSeconds: z
        .int()
        .min(60)
        .max(604_800)
        .default(3600)
        .describe(
          'After how many seconds the images are counted again, at the next check of the repository. One call for a thousand images, and one for the scan.',
        ),
    })
    .optional()
    .describe('Show in the status how many images there are, which is the newest, and what its scan found. Left out, ECR is not asked.'),
  deletionPolicy: z
    .enum(['Retain', 'DeleteIfEmpty', 'Delete'])
    .default('Retain')
    .describe('What becomes of the repository when the object is deleted. Delete also deletes its images.'),
  adoptionPolicy: z
    .enum(['IfOwned', 'Adopt', 'Never'])
    .default('IfOwned')
    .describe(
      'What to do with a repository that exists. IfOwned: take it if an object of this namespace and name in this cluster had it. Adopt: take it over. Never: only one that this very object has made.',
    ),
  driftPolicy: z
    .enum(['Correct', 'Report'])
    .default('Correct')
    .describe('What to do when the repository was changed in AWS. Report: change nothing, and say what differs.'),
});

/** What a user writes of a Repository. */
export type RepositorySpec = z.output<typeof RepositorySpec>;
export const RepositorySpec = rule(RepositoryFields, {
  rule: "has(self.imageTagMutabilityExclusionFilters) == (has(self.imageTagMutability) && self.imageTagMutability.endsWith('_WITH_EXCLUSION'))",
  message: 'imageTagMutabilityExclusionFilters and a mode _WITH_EXCLUSION need each other',
  test: ({imageTagMutability, imageTagMutabilityExclusionFilters}) =>
    (imageTagMutabilityExclusionFilters !== undefined) === (imageTagMutability?.endsWith('_WITH_EXCLUSION') ?? false),
}).describe('An ECR repository: its settings, and what becomes of it.');

const ImagesStatus = z.object({
  count: z.int().describe('How many images of any status, and what else has a manifest: indexes, signatures.'),
  countsByStatus: mapOf(z.int(), {max: 8}).describe('The same by status: ACTIVE, ARCHIVED, ACTIVATING.'),
  sizeInBytes: z.int().describe('The sum of their compressed sizes. Layers that images share count each time, so that AWS bills less.'),
  newest: z
    .object({
      imageDigest: z.string().max(128).describe('Digest of its manifest.'),
      imageTags: z.array(z.string().max(300)).max(10).describe('Its tags, up to ten.'),
      imagePushedAt: z.string().max(40).optional().describe('When it was pushed.'),
    })
    .optional()
    .describe('The image that was pushed last. Absent where there is none.'),
  observedAt: z.string().max(40).describe('When ECR was asked.'),
});

const FindingsStatus = z.object({
  imageDigest: z.string().max(128).describe('The image that was scanned: the newest.'),
  scanStatus: z
    .string()
    .max(64)
    .optional()
    .describe('As ECR has it: COMPLETE, ACTIVE, UNSUPPORTED_IMAGE, … Absent where there was no scan.'),
  severityCounts: mapOf(z.int(), {max: 16}).describe('How many findings of each severity.'),
  observedAt: z.string().max(40).describe('When ECR was asked.'),
});

/** What the operator shows of a Repository. */
export type RepositoryStatus = z.output<typeof RepositoryStatus>;
export const RepositoryStatus = z.object({
  repositoryArn: z.string().max(2048).optional().describe('ARN of the repository.'),
  repositoryUri: z.string().max(512).optional().describe('What image references begin with.'),
  repositoryUris: z
    .object({
      ipv4: z.string().max(512).optional().describe('IPv4; the same as repositoryUri.'),
      dualStack: z.string().max(512).optional().describe('IPv4 and IPv6; not through AWS PrivateLink.'),
      fips: z.string().max(512).optional().describe('FIPS 140-3 endpoint, where the region has one.'),
    })
    .optional()
    .describe('All names of the repository. They lead to the same images.'),
  registryId: z.string().max(12).optional().describe('The AWS account that the repository is in.'),
  createdAt: z.string().max(40).optional().describe('When AWS created it.'),
  imageTagMutability: z.string().max(32).optional().describe('Whether tags may be pushed again, as AWS has it.'),
  applied: z
    .object({
      generation: z.int().optional().describe('The generation of the spec that was last in force in AWS.'),
      tags: z.array(z.string().max(128)).max(50).optional().describe('Keys of the tags that were set from the spec.'),
      lifecyclePolicy: z.boolean().optional().describe('Whether the lifecycle policy was set from the spec.'),
      repositoryPolicy: z.boolean().optional().describe('Whether the repository policy was set from the spec.'),
    })
    .optional()
    .describe('What was set from the spec, so that it can be taken away when the spec no longer has it.'),
  lifecyclePreview: z
    .object({
      policyDigest: z.string().max(80).describe('SHA-256 of the lifecycle policy that the preview is of.'),
      requestedAt: z.string().max(40).describe('When ECR was asked for it.'),
      evaluatedAt: z.string().max(40).optional().describe('When its result was read; before requestedAt, that of the preview before.'),
      expiringImageTotalCount: z.int().optional().describe('How many images the policy would expire.'),
      transitioningImageTotalCounts: z
        .array(z.object({targetStorageClass: z.string().max(32).describe('ARCHIVE.'), imageTotalCount: z.int().describe('Images.')}))
        .max(10)
        .optional()
        .describe('How many images it would move to another storage class.'),
      runningImageTotalCount: z.int().optional().describe('How many of all these are used by pods in this cluster.'),
      runningImages: z.array(z.string().max(1024)).max(5).optional().describe('Some of those that are used, and by whom.'),
    })
    .optional()
    .describe('What ECR said, when the lifecycle policy was last to be changed, that the new one would do.'),
  images: ImagesStatus.optional().describe('What is in the repository, where imageSummary asks for it.'),
  findings: FindingsStatus.optional().describe('What the scan of the newest image found, where imageSummary asks for it.'),
});

export const definition: Definition<RepositorySpec> = {
  ...repositories,
  singular: 'repository',
  shortNames: ['ecrrepo'],
  description: 'A private Amazon ECR repository: settings, policies, tags, and what becomes of it when the object goes.',
  spec: RepositorySpec,
  status: RepositoryStatus,
  columns: [
    {name: 'URI', type: 'string', jsonPath: '.status.repositoryUri'},
    {name: 'Tags', type: 'string', jsonPath: '.status.imageTagMutability', description: 'Whether tags may be pushed again.', priority: 1},
    {name: 'Registry', type: 'string', jsonPath: '.spec.registryRef.name', priority: 1},
    {name: 'Images', type: 'integer', jsonPath: '.status.images.count', priority: 1},
    {name: 'Critical', type: 'integer', jsonPath: '.status.findings.severityCounts.CRITICAL', priority: 1},
  ],
  actions: [
    'ecr:CreateRepository',
    'ecr:DeleteLifecyclePolicy',
    'ecr:DeleteRepository',
    'ecr:DeleteRepositoryPolicy',
    'ecr:DescribeImageScanFindings',
    'ecr:DescribeImages',
    'ecr:DescribeRepositories',
    'ecr:GetLifecyclePolicy',
    'ecr:GetLifecyclePolicyPreview',
    'ecr:GetRepositoryPolicy',
    'ecr:ListImages',
    'ecr:ListTagsForResource',
    'ecr:PutImageScanningConfiguration',
    'ecr:PutImageTagMutability',
    'ecr:PutLifecyclePolicy',
    'ecr:SetRepositoryPolicy',
    'ecr:StartLifecyclePolicyPreview',
    'ecr:TagResource',
    'ecr:UntagResource',
  ],
  reasons,
};
