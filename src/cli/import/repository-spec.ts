import type {EcrRepository, Tags} from '../../aws/ecr.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import {isSameLifecyclePolicy} from '../../documents/lifecycle-policy.ts';
import {readableDocument} from './document-text.ts';

/** A repository as AWS describes it, with what has to be asked for one by one. */
export interface Described {
  readonly repository: EcrRepository;
  readonly tags: Tags;
  readonly lifecyclePolicyText?: string | undefined;
  readonly policyText?: string | undefined;
}

export interface SpecWithNotes {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

/** What a spec may hold, and what AWS lets a repository have. */
const mostTags = 40;
const mostTagsOfAws = 50;
const ownTags = 2;
const longestLifecycle = 30_720;
const longestPolicy = 10_240;

/**
 * The spec that keeps a repository as it is. What is as AWS makes a repository anyway (MUTABLE, AES256, no scan) is left out:
 * the operator leaves alone what a spec does not name.
 */
export function repositorySpec(objectName: string, registry: string, described: Described): SpecWithNotes {
  const {repository, lifecyclePolicyText, policyText} = described;
  const {repositoryName, imageTagMutability, scanOnPush} = repository;
  const lifecycle =
    lifecyclePolicyText === undefined
      ? undefined
      : readableDocument(lifecyclePolicyText, {most: longestLifecycle, isSame: isSameLifecyclePolicy});
  const policy = policyText === undefined ? undefined : readableDocument(policyText, {most: longestPolicy, isSame: isSamePolicy});
  const {tags, notes} = tagsOf(described.tags);
  const spec = {
    ...(repositoryName !== objectName && {name: repositoryName}),
    ...(registry !== 'default' && {registryRef: {name: registry}}),
    ...(imageTagMutability !== 'MUTABLE' && {imageTagMutability}),
    ...filtersOf(repository),
    ...encryptionOf(repository),
    ...(scanOnPush && {imageScanningConfiguration: {scanOnPush}}),
    ...(lifecycle !== undefined && {lifecyclePolicy: {lifecyclePolicyText: lifecycle}}),
    ...(policy !== undefined && {repositoryPolicy: {policyText: policy}}),
    ...(tags.length > 0 && {tags}),
    deletionPolicy: 'Retain',
    adoptionPolicy: 'Adopt',
  };
  return {
    spec,
    notes: [
      ...notes,
      ...(lifecyclePolicyText !== undefined && lifecycle === undefined ? [leftOut('lifecycle policy')] : []),
      ...(policyText !== undefined && policy === undefined ? [leftOut('repository policy')] : []),
    ],
  };
}

function leftOut(what: string): string {
  return `its ${what} is no JSON object of a length that a spec may hold: it is left out, and stays in AWS as it is`;
}

function filtersOf({imageTagMutability, imageTagMutabilityExclusionFilters = []}: EcrRepository) {
  if (!imageTagMutability.endsWith('_WITH_EXCLUSION')) return {};
  return {imageTagMutabilityExclusionFilters: imageTagMutabilityExclusionFilters.map(({filterType, filter}) => ({filterType, filter}))};
}

function encryptionOf({encryptionType = 'AES256', kmsKey}: EcrRepository) {
  if (encryptionType === 'AES256') return {};
  return {encryptionConfiguration: {encryptionType, ...(kmsKey !== undefined && {kmsKey})}};
}

function tagsOf(tags: Tags): {readonly tags: readonly {readonly key: string; readonly value: string}[]; readonly notes: readonly string[]} {
  const counted = Object.keys(tags).filter((key) => !isOfAws(key) && !isOfOperator(key));
  const taken = counted.toSorted().slice(0, mostTags);
  const left = counted.length - taken.length;
  return {
    tags: taken.map((key) => ({key, value: tags[key] ?? ''})),
    notes: [
      ...(left > 0 ? [`${left} of its ${counted.length} tags are left out, because a spec holds ${mostTags}; they stay in AWS`] : []),
      ...(counted.length + ownTags > mostTagsOfAws
        ? [`it has ${counted.length} tags, and there is no room for the ${ownTags} of ownership: take some away before you apply it`]
        : []),
    ],
  };
}

function isOfAws(key: string): boolean {
  return key.toLowerCase().startsWith('aws:');
}

function isOfOperator(key: string): boolean {
  return key.startsWith('drayage.dev/');
}
