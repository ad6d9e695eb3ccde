import * as z from 'zod';
import type {RepositoryTemplate} from '../aws/repository-templates.ts';
import {isSamePolicy} from '../documents/iam-policy.ts';
import {faultOf} from '../documents/json.ts';
import {isSameLifecyclePolicy} from '../documents/lifecycle-policy.ts';
import {listMap, rule} from '../schema/rules.ts';
import {policyFault, policyTextOf} from './lifecycle-text.ts';
import {EncryptionConfiguration, ExclusionFilter, LifecyclePolicy, Tag} from './repository-settings.ts';

/** What a creation template sets; for every kind that keeps one. */
export const templateSettings = {
  description: z.string().min(1).max(256).optional().describe('For people. Shown in AWS.'),
  imageTagMutability: z
    .enum(['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'])
    .default('MUTABLE')
    .describe('Whether a tag may be pushed again.'),
  imageTagMutabilityExclusionFilters: z
    .array(ExclusionFilter)
    .min(1)
    .max(5)
    .optional()
    .describe('Tags to which imageTagMutability does not apply. Only with a mode _WITH_EXCLUSION.'),
  encryptionConfiguration: EncryptionConfiguration.optional().describe('Left out, AES256. Repositories that are there keep theirs.'),
  lifecyclePolicy: LifecyclePolicy.optional().describe(
    'Which images ECR expires or archives. With applyToExisting it is set without a preview on repositories that are there.',
  ),
  repositoryPolicy: z
    .object({policyText: z.string().min(1).max(10_240).describe('The policy document, as JSON.')})
    .optional()
    .describe('Who may use the repositories (resource policy).'),
  resourceTags: listMap(Tag, 'key').max(50).optional().describe('AWS tags for the repositories. Needs customRoleArn.'),
  customRoleArn: z
    .string()
    .min(20)
    .max(2048)
    .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/)
    .optional()
    .describe(
      'ARN of the role that ECR assumes to create repositories, in the account of the registry. Needed for KMS and for resourceTags.',
    ),
};

const TemplateSettings = z.object(templateSettings);
export type TemplateSettings = z.output<typeof TemplateSettings>;

/** What AWS asks of the settings of a template. */
export function templateRules<S extends z.ZodType<TemplateSettings>>(schema: S): S {
  const filtered = rule(schema, {
    rule: "has(self.imageTagMutabilityExclusionFilters) == self.imageTagMutability.endsWith('_WITH_EXCLUSION')",
    message: 'imageTagMutabilityExclusionFilters and a mode _WITH_EXCLUSION need each other',
    test: ({imageTagMutability, imageTagMutabilityExclusionFilters}) =>
      (imageTagMutabilityExclusionFilters !== undefined) === imageTagMutability.endsWith('_WITH_EXCLUSION'),
  });
  return rule(filtered, {
    rule: "has(self.customRoleArn) || !(has(self.resourceTags) || (has(self.encryptionConfiguration) && self.encryptionConfiguration.encryptionType != 'AES256'))",
    message: 'resourceTags and encryption with KMS need customRoleArn: ECR tags and encrypts with that role',
    test: ({customRoleArn, resourceTags, encryptionConfiguration}) =>
      customRoleArn !== undefined ||
      (resourceTags === undefined && (encryptionConfiguration === undefined || encryptionConfiguration.encryptionType === 'AES256')),
  });
}

/** The template that settings describe. */
export function templateOf(prefix: string, appliedFor: readonly string[], settings: TemplateSettings): RepositoryTemplate {
  const {description, customRoleArn, imageTagMutabilityExclusionFilters: filters, encryptionConfiguration: encryption} = settings;
  const lifecyclePolicy = policyTextOf(settings.lifecyclePolicy);
  return {
    prefix,
    appliedFor: appliedFor.toSorted(),
    imageTagMutability: settings.imageTagMutability,
    resourceTags: Object.fromEntries((settings.resourceTags ?? []).map(({key, value}) => [key, value])),
    ...(filters && {imageTagMutabilityExclusionFilters: filters}),
    ...(description !== undefined && {description}),
    ...(encryption && {
      encryption: {encryptionType: encryption.encryptionType, ...(encryption.kmsKey !== undefined && {kmsKey: encryption.kmsKey})},
    }),
    ...(lifecyclePolicy !== undefined && {lifecyclePolicy}),
    ...(settings.repositoryPolicy && {repositoryPolicy: settings.repositoryPolicy.policyText}),
    ...(customRoleArn !== undefined && {customRoleArn}),
  };
}

/** What AWS would refuse in the documents of the settings, which stand at `path` of the object. */
export function templateFault(
  {lifecyclePolicy, repositoryPolicy}: TemplateSettings,
  path: string,
): {readonly reason: 'InvalidLifecyclePolicy' | 'InvalidRepositoryPolicy'; readonly message: string} | undefined {
  const lifecycle = policyFault(lifecyclePolicy);
  if (lifecycle !== undefined) return {reason: 'InvalidLifecyclePolicy', message: lifecycle.replace(/^spec\./, `${path}.`)};
  const policy = repositoryPolicy && faultOf(repositoryPolicy.policyText);
  if (policy) return {reason: 'InvalidRepositoryPolicy', message: `${path}.repositoryPolicy.policyText: ${policy}`};
  return undefined;
}

/** In what a template differs from the one that is wanted, by AWS's names. */
export function templateDifferences(wanted: RepositoryTemplate, actual: RepositoryTemplate): readonly string[] {
  const isSame: Readonly<Record<string, boolean>> = {
    appliedFor: isSameSet(wanted.appliedFor, actual.appliedFor),
    description: wanted.description === actual.description,
    imageTagMutability: wanted.imageTagMutability === actual.imageTagMutability,
    imageTagMutabilityExclusionFilters: isSameSet(filtersOf(wanted), filtersOf(actual)),
    encryptionConfiguration: encryptionOf(wanted) === encryptionOf(actual),
    resourceTags: isSameSet(tagsOf(wanted), tagsOf(actual)),
    repositoryPolicy: isSameText(wanted.repositoryPolicy, actual.repositoryPolicy, isSamePolicy),
    lifecyclePolicy: isSameText(wanted.lifecyclePolicy, actual.lifecyclePolicy, isSameLifecyclePolicy),
    customRoleArn: wanted.customRoleArn === actual.customRoleArn,
  };
  return Object.keys(isSame).filter((name) => !isSame[name]);
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return [...new Set(one)].toSorted().join('\n') === [...new Set(other)].toSorted().join('\n');
}

function filtersOf({imageTagMutabilityExclusionFilters: filters = []}: Pick<RepositoryTemplate, 'imageTagMutabilityExclusionFilters'>) {
  return filters.map(({filterType, filter}) => `${filterType} ${filter}`);
}

function tagsOf({resourceTags}: RepositoryTemplate): readonly string[] {
  return Object.entries(resourceTags).map(([key, value]) => JSON.stringify([key, value]));
}

/** A key id is the end of the ARN that AWS may answer; left out, both mean AES256. */
function encryptionOf({encryption}: RepositoryTemplate): string {
  const {encryptionType = 'AES256', kmsKey = ''} = encryption ?? {};
  return `${encryptionType} ${kmsKey.split(':key/').at(-1) ?? ''}`;
}

function isSameText(one: string | undefined, other: string | undefined, isSame: (one: string, other: string) => boolean): boolean {
  return one === undefined || other === undefined ? one === other : isSame(one, other);
}
