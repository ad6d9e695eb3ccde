import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {immutable, set} from '../../schema/rules.ts';
import {repositoryTemplates} from '../../schema/types.ts';
import {adoptionPolicy, deletionPolicy, driftPolicy} from '../policies.ts';
import {registryRef} from '../registry-ref.ts';
import {templateRules, templateSettings} from '../template-document.ts';
import {reasons} from './reasons.ts';

const TemplateFields = z.object({
  registryRef: registryRef().describe("The registry. `default` is the operator's own account and region. Cannot be changed."),
  prefix: immutable(
    z
      .string()
      .min(2)
      .max(256)
      .regex(/^(?:ROOT|(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*)$/),
  )
    .optional()
    .describe(
      'Which repositories it is for: those whose names begin with it and a `/`. ROOT: those that no other template is for. Left out, the name of the object. Cannot be changed.',
    ),
  appliedFor: set(z.enum(['PULL_THROUGH_CACHE', 'REPLICATION', 'CREATE_ON_PUSH']))
    .min(1)
    .max(3)
    .describe('What creates repositories by it: a first pull through a cache, replication into this registry, a first push.'),
  ...templateSettings,
  applyToExisting: z
    .boolean()
    .default(false)
    .describe(
      'Whether repositories that are there already are brought in line too: mutability, tags, lifecycle and repository policy, as far as the template sets them. AWS itself never does. Those that have a Repository object are left to it.',
    ),
  deletionPolicy: deletionPolicy('template'),
  adoptionPolicy: adoptionPolicy('template'),
  driftPolicy: driftPolicy('template'),
});

/** What a user writes of a RepositoryTemplate. */
export type RepositoryTemplateSpec = z.output<typeof RepositoryTemplateSpec>;
export const RepositoryTemplateSpec = templateRules(TemplateFields).describe(
  'A repository creation template: how ECR sets up the repositories that it creates by itself.',
);

const Failed = z.object({
  repositoryName: z.string().max(256).describe('The repository.'),
  message: z.string().max(1024).describe('What went wrong.'),
});

/** What the operator shows of a RepositoryTemplate. */
export type RepositoryTemplateStatus = z.output<typeof RepositoryTemplateStatus>;
export const RepositoryTemplateStatus = z.object({
  prefix: z.string().max(256).optional().describe('The prefix of the template.'),
  registryId: z.string().max(12).optional().describe('The AWS account that it is in.'),
  region: z.string().max(32).optional().describe('The AWS region that it is in.'),
  createdAt: z.string().max(40).optional().describe('When AWS created it. It is how the object knows it for its own.'),
  updatedAt: z.string().max(40).optional().describe('When it was last changed.'),
  appliedGeneration: z.int().optional().describe('The generation of the spec that was last in force in AWS.'),
  existing: z
    .object({
      generation: z.int().describe('The generation of the spec that the numbers are about.'),
      checkedAt: z.string().max(40).optional().describe('When all had been looked at. Absent while they are being looked at.'),
      after: z.string().max(256).optional().describe('The last repository that was looked at, while they are being looked at.'),
      matching: z.int().describe('Repositories that were there and that the template is for.'),
      managed: z.int().describe('Those of them that have an object of their own, and were left to it.'),
      changed: z.int().describe('Those that were brought in line.'),
      encryptionDiffers: z.int().describe('Those whose encryption is another, which AWS cannot change.'),
      failed: z.array(Failed).max(10).describe('Those that could not be changed: the first ten.'),
      failedCount: z.int().describe('How many could not be changed.'),
    })
    .optional()
    .describe('What applyToExisting found and did.'),
});

export const definition: Definition<RepositoryTemplateSpec> = {
  ...repositoryTemplates,
  singular: 'repositorytemplate',
  shortNames: ['ecrtemplate'],
  description: 'An Amazon ECR repository creation template: how ECR sets up the repositories that it creates by itself.',
  spec: RepositoryTemplateSpec,
  status: RepositoryTemplateStatus,
  columns: [
    {name: 'Prefix', type: 'string', jsonPath: '.status.prefix'},
    {
      name: 'Existing',
      type: 'integer',
      jsonPath: '.status.existing.matching',
      description: 'Repositories that it was applied to.',
      priority: 1,
    },
    {name: 'Registry', type: 'string', jsonPath: '.spec.registryRef.name', priority: 1},
  ],
  actions: [
    'ecr:CreateRepositoryCreationTemplate',
    'ecr:DeleteRepositoryCreationTemplate',
    'ecr:DescribeRepositories',
    'ecr:DescribeRepositoryCreationTemplates',
    'ecr:GetLifecyclePolicy',
    'ecr:GetRepositoryPolicy',
    'ecr:ListTagsForResource',
    'ecr:PutImageTagMutability',
    'ecr:PutLifecyclePolicy',
    'ecr:SetRepositoryPolicy',
    'ecr:TagResource',
    'ecr:UpdateRepositoryCreationTemplate',
  ],
  reasons,
};
