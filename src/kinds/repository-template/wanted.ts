import type {RepositoryTemplate} from '../../aws/repository-templates.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import {isSameLifecyclePolicy} from '../../documents/lifecycle-policy.ts';
import type {Resource} from '../../schema/object.ts';
import {policyTextOf} from '../lifecycle-text.ts';
import type {RepositoryTemplateSpec} from './schema.ts';

export function prefixOf({metadata, spec}: Resource<RepositoryTemplateSpec>): string {
  return spec.prefix ?? metadata.name;
}

/** The template that the spec describes. */
export function wantedTemplate(resource: Resource<RepositoryTemplateSpec>): RepositoryTemplate {
  const {spec} = resource;
  const lifecyclePolicy = policyTextOf(spec.lifecyclePolicy);
  const {description, customRoleArn, imageTagMutabilityExclusionFilters: filters, encryptionConfiguration: encryption} = spec;
  return {
    prefix: prefixOf(resource),
    appliedFor: spec.appliedFor.toSorted(),
    imageTagMutability: spec.imageTagMutability,
    resourceTags: Object.fromEntries((spec.resourceTags ?? []).map(({key, value}) => [key, value])),
    ...(filters && {imageTagMutabilityExclusionFilters: filters}),
    ...(description !== undefined && {description}),
    ...(encryption && {
      encryption: {encryptionType: encryption.encryptionType, ...(encryption.kmsKey !== undefined && {kmsKey: encryption.kmsKey})},
    }),
    ...(lifecyclePolicy !== undefined && {lifecyclePolicy}),
    ...(spec.repositoryPolicy && {repositoryPolicy: spec.repositoryPolicy.policyText}),
    ...(customRoleArn !== undefined && {customRoleArn}),
  };
}

/** In what a template differs from the one that is wanted, by AWS's names. */
export function differences(wanted: RepositoryTemplate, actual: RepositoryTemplate): readonly string[] {
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
