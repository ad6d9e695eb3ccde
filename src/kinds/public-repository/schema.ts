import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {immutable, listMap, set} from '../../schema/rules.ts';
import {publicRepositories} from '../../schema/types.ts';
import {registryRef} from '../registry-ref.ts';
import {Tag} from '../repository-settings.ts';
import {reasons} from './reasons.ts';

/** AWS takes 512,000 bytes. */
const longestLogo = Math.ceil(512_000 / 3) * 4;

/** What a user writes of the catalogue: AWS's names and limits. */
export type CatalogSpec = z.output<typeof CatalogSpec>;
const CatalogSpec = z.object({
  description: z.string().max(1024).optional().describe('A short description, shown with the images and in search results.'),
  architectures: set(z.enum(['ARM', 'ARM 64', 'x86', 'x86-64']))
    .max(4)
    .optional()
    .describe('Architectures that the images are for: badges and search filters of the gallery.'),
  operatingSystems: set(z.enum(['Linux', 'Windows']))
    .max(2)
    .optional()
    .describe('Operating systems that the images are for: badges and search filters of the gallery.'),
  logoImageBlob: z
    .string()
    .min(4)
    .max(longestLogo)
    .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
    .optional()
    .describe('The logo, an image of at most 512,000 bytes in base64. The gallery shows it for verified accounts only.'),
  aboutText: z.string().max(25_600).optional().describe('What the images hold, in Markdown.'),
  usageText: z.string().max(25_600).optional().describe('How to use the images, in Markdown.'),
});

/** What a user writes of a PublicRepository. */
export type PublicRepositorySpec = z.output<typeof PublicRepositorySpec>;
export const PublicRepositorySpec = z
  .object({
    name: immutable(
      z
        .string()
        .min(2)
        .max(205)
        .regex(/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/),
    )
      .optional()
      .describe('The name of the repository in ECR Public, with its path: team/app. Left out, the name of the object. Cannot be changed.'),
    registryRef: registryRef().describe(
      'The Registry whose account the repository is in. Its region does not matter: ECR Public is in us-east-1. Cannot be changed.',
    ),
    catalogData: CatalogSpec.optional().describe(
      'What the Amazon ECR Public Gallery shows. A member that is left out is left alone; one that is taken away here, or is empty, is cleared in AWS.',
    ),
    repositoryPolicy: z
      .object({policyText: z.string().min(1).max(10_240).describe('The policy document, as JSON.')})
      .optional()
      .describe('Who may push and manage (resource policy). Taken away here, it is taken away in AWS too, if it was set from here.'),
    tags: listMap(Tag, 'key').max(40).optional().describe('AWS tags. Tags that others set are left alone.'),
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
  })
  .describe('A public ECR repository: its catalogue and policy, and what becomes of it.');

/** What the operator shows of a PublicRepository. */
export type PublicRepositoryStatus = z.output<typeof PublicRepositoryStatus>;
export const PublicRepositoryStatus = z.object({
  repositoryArn: z.string().max(2048).optional().describe('ARN of the repository.'),
  repositoryUri: z.string().max(512).optional().describe('What image references begin with.'),
  registryId: z.string().max(12).optional().describe('The AWS account that the repository is in.'),
  createdAt: z.string().max(40).optional().describe('When AWS created it.'),
  applied: z
    .object({
      generation: z.int().optional().describe('The generation of the spec that was last in force in AWS.'),
      tags: z.array(z.string().max(128)).max(50).optional().describe('Keys of the tags that were set from the spec.'),
      repositoryPolicy: z.boolean().optional().describe('Whether the repository policy was set from the spec.'),
      catalogData: z.array(z.string().max(32)).max(10).optional().describe('Members of the catalogue that were set from the spec.'),
      logoDigest: z.string().max(80).optional().describe('SHA-256 of the logo that was set from the spec: AWS does not give it back.'),
    })
    .optional()
    .describe('What was set from the spec, so that it can be taken away when the spec no longer has it.'),
});

export const definition: Definition<PublicRepositorySpec> = {
  ...publicRepositories,
  singular: 'publicrepository',
  shortNames: ['ecrpubrepo'],
  description: 'A repository in Amazon ECR Public: catalogue, policy, tags, and what becomes of it when the object goes.',
  spec: PublicRepositorySpec,
  status: PublicRepositoryStatus,
  columns: [
    {name: 'URI', type: 'string', jsonPath: '.status.repositoryUri'},
    {name: 'Registry', type: 'string', jsonPath: '.spec.registryRef.name', priority: 1},
  ],
  actions: [
    'ecr-public:CreateRepository',
    'ecr-public:DeleteRepository',
    'ecr-public:DeleteRepositoryPolicy',
    'ecr-public:DescribeImages',
    'ecr-public:DescribeRepositories',
    'ecr-public:GetRepositoryCatalogData',
    'ecr-public:GetRepositoryPolicy',
    'ecr-public:ListTagsForResource',
    'ecr-public:PutRepositoryCatalogData',
    'ecr-public:SetRepositoryPolicy',
    'ecr-public:TagResource',
    'ecr-public:UntagResource',
  ],
  reasons,
};
