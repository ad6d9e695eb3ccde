import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {immutable, mapOf, rule} from '../../schema/rules.ts';
import {labelSelector} from '../../schema/selector.ts';
import {registries} from '../../schema/types.ts';
import {deletionPolicy, driftPolicy} from '../policies.ts';
import {reasons} from './reasons.ts';
import {settingFields} from './settings-schema.ts';

const RegistryFields = z.object({
  region: immutable(
    z
      .string()
      .min(1)
      .max(32)
      .regex(/^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$/),
  )
    .optional()
    .describe('AWS region. Left out, the one of the operator. Cannot be changed.'),
  accountId: immutable(
    z
      .string()
      .min(12)
      .max(12)
      .regex(/^[0-9]{12}$/),
  )
    .optional()
    .describe(
      'AWS account that the operator must be in: checked against STS (in the role, where there is one), so that nothing is written to another. Cannot be changed.',
    ),
  roleArn: z
    .string()
    .min(20)
    .max(2048)
    .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/)
    .optional()
    .describe(
      'ARN of an IAM role that the operator assumes for everything in this registry (sts:AssumeRole), as in another account. Left out, it acts as itself.',
    ),
  externalId: z
    .string()
    .min(2)
    .max(1224)
    .regex(/^[\w+=,.@:/-]*$/)
    .optional()
    .describe('What the trust policy of the role asks for as sts:ExternalId. Needs roleArn. No secret.'),
  sessionTags: mapOf(z.string().max(256), {max: 50})
    .optional()
    .describe(
      'Session tags for the role (sts:TagSession): policies see them as aws:PrincipalTag, and CloudTrail shows them. Needs roleArn.',
    ),
  allowedNamespaces: labelSelector()
    .optional()
    .describe('The namespaces whose objects may refer to this registry, by label. Left out, all.'),
  adoptionNamespaces: labelSelector()
    .optional()
    .describe(
      'The namespaces whose objects may take over repositories that exist (adoptionPolicy Adopt), by label. Left out, all that may refer to this registry.',
    ),
  ...settingFields,
  settingsOwnership: z
    .enum(['Merge', 'Exclusive'])
    .default('Merge')
    .describe(
      'Whose the settings are. Merge: the statements, rules and principals of the spec are seen to, and what others wrote stays. Exclusive: each setting that the spec has is what the spec says, and nothing else.',
    ),
  settingsDeletionPolicy: deletionPolicy('settings').describe(
    'What becomes of settings in AWS that leave the spec, or when the object is deleted. Retain: they stay. Delete: what was set from here is taken out. Account settings always stay.',
  ),
  driftPolicy: driftPolicy('settings'),
});

/** What a user writes of a Registry. */
export type RegistrySpec = z.output<typeof RegistrySpec>;
export const RegistrySpec = rule(RegistryFields, {
  rule: 'has(self.roleArn) || !(has(self.externalId) || has(self.sessionTags))',
  message: 'externalId and sessionTags need roleArn',
  test: ({roleArn, externalId, sessionTags}) => roleArn !== undefined || (externalId === undefined && sessionTags === undefined),
}).describe('One ECR registry: an AWS account in a region. All members may be left out.');

/** What the operator shows of a Registry. */
export type RegistryStatus = z.output<typeof RegistryStatus>;
export const RegistryStatus = z.object({
  accountId: z.string().max(12).optional().describe('The AWS account, as STS gives it.'),
  region: z.string().max(32).optional().describe('The AWS region.'),
  identityArn: z.string().max(2048).optional().describe('Who the operator is in AWS.'),
  registryUri: z.string().max(255).optional().describe('The host of the registry, as it stands in image references.'),
  registryUris: z
    .object({
      ipv4: z.string().max(255).optional().describe('IPv4; the same as registryUri.'),
      dualStack: z.string().max(255).optional().describe('IPv4 and IPv6; not through AWS PrivateLink.'),
      fips: z.string().max(255).optional().describe('FIPS 140-3 endpoint, where the region has one.'),
    })
    .optional()
    .describe('All names of the registry. They lead to the same images.'),
  settings: z
    .array(
      z.object({
        name: z.string().max(64).describe('The setting, as the spec calls it.'),
        isInSync: z.boolean().describe('Whether AWS has it as the spec says.'),
        reason: z.string().max(64).optional().describe('Why not.'),
        message: z.string().max(1024).optional().describe('Why not, in words.'),
        applied: z.array(z.string().max(16)).max(100).describe('Fingerprints of the entries that were set from the spec.'),
        corrections: z.int().optional().describe('How often it was set right within an hour.'),
        correctedAt: z.string().max(40).optional().describe('When it was last set right.'),
      }),
    )
    .max(6)
    .optional()
    .describe('The settings that the spec has.'),
  appliedGeneration: z.int().optional().describe('The generation of the spec whose settings were last in force in AWS.'),
});

export const definition: Definition<RegistrySpec> = {
  ...registries,
  singular: 'registry',
  shortNames: ['ecrreg'],
  description: 'One Amazon ECR registry (an AWS account in a region), who may use it, what it is called, and how it is set up.',
  spec: RegistrySpec,
  status: RegistryStatus,
  columns: [
    {name: 'Account', type: 'string', jsonPath: '.status.accountId'},
    {name: 'Region', type: 'string', jsonPath: '.status.region'},
    {name: 'URI', type: 'string', jsonPath: '.status.registryUri', priority: 1},
  ],
  actions: [
    'ecr:DeleteRegistryPolicy',
    'ecr:DeleteSigningConfiguration',
    'ecr:DeregisterPullTimeUpdateExclusion',
    'ecr:DescribeRegistry',
    'ecr:GetAccountSetting',
    'ecr:GetRegistryPolicy',
    'ecr:GetRegistryScanningConfiguration',
    'ecr:GetSigningConfiguration',
    'ecr:ListPullTimeUpdateExclusions',
    'ecr:PutAccountSetting',
    'ecr:PutRegistryPolicy',
    'ecr:PutRegistryScanningConfiguration',
    'ecr:PutReplicationConfiguration',
    'ecr:PutSigningConfiguration',
    'ecr:RegisterPullTimeUpdateExclusion',
  ],
  reasons,
};
