import type {RegistryLocation} from '../../aws/aws.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import {isSameLifecyclePolicy} from '../../documents/lifecycle-policy.ts';
import {policyTextOf} from '../lifecycle-text.ts';
import {ownerTag} from '../ownership.ts';
import type {Existing} from './observed.ts';
import type {RepositoryTemplateSpec} from './schema.ts';
import type {ExistingStep} from './step.ts';

/** Whether an object of its own keeps the repository, in this cluster or another. */
export function isManaged({tags}: Existing): boolean {
  return tags[ownerTag] !== undefined;
}

/** Whether AWS encrypts the repository otherwise than the template says; that cannot be changed. */
export function hasOtherEncryption({repository}: Existing, {encryptionConfiguration}: RepositoryTemplateSpec): boolean {
  return encryptionConfiguration !== undefined && repository.encryptionType !== encryptionConfiguration.encryptionType;
}

/** The calls that bring a repository in line with what the template sets. Tags that it has beside stay. */
export function existingSteps(existing: Existing, spec: RepositoryTemplateSpec, location: RegistryLocation): readonly ExistingStep[] {
  if (isManaged(existing) || existing.failure !== undefined) return [];
  const {repository, tags, lifecyclePolicyText, policyText} = existing;
  const {repositoryName, repositoryArn: arn} = repository;
  const at = {location, repositoryName};
  const steps: ExistingStep[] = [];
  const {imageTagMutability, imageTagMutabilityExclusionFilters: filters = []} = spec;
  if (imageTagMutability !== repository.imageTagMutability || !isSameFilters(filters, repository.imageTagMutabilityExclusionFilters)) {
    const why = `${repositoryName} is ${repository.imageTagMutability}, and the template says ${imageTagMutability}`;
    steps.push({call: 'PutImageTagMutability', why, ...at, imageTagMutability, ...(filters.length > 0 && {filters})});
  }
  const missing = (spec.resourceTags ?? []).filter(({key, value}) => tags[key] !== value);
  if (missing.length > 0) {
    const why = `${repositoryName} lacks tags of the template: ${missing.map(({key}) => key).join(', ')}`;
    steps.push({call: 'TagResource', why, ...at, arn, tags: Object.fromEntries(missing.map(({key, value}) => [key, value]))});
  }
  const lifecycle = policyTextOf(spec.lifecyclePolicy);
  if (lifecycle !== undefined && (lifecyclePolicyText === undefined || !isSameLifecyclePolicy(lifecycle, lifecyclePolicyText))) {
    steps.push({
      call: 'PutLifecyclePolicy',
      why: `${repositoryName} has another lifecycle policy than the template`,
      ...at,
      text: lifecycle,
    });
  }
  const policy = spec.repositoryPolicy?.policyText;
  if (policy !== undefined && (policyText === undefined || !isSamePolicy(policy, policyText))) {
    steps.push({
      call: 'SetRepositoryPolicy',
      why: `${repositoryName} has another repository policy than the template`,
      ...at,
      text: policy,
    });
  }
  return steps;
}

type Filters = readonly {readonly filterType: string; readonly filter: string}[];

function isSameFilters(one: Filters, other: Filters = []): boolean {
  const text = (filters: Filters) =>
    filters
      .map(({filterType, filter}) => `${filterType} ${filter}`)
      .toSorted()
      .join('\n');
  return text(one) === text(other);
}
