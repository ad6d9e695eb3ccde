import type {RegistryLocation} from '../../aws/aws.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import {isSameLifecyclePolicy} from '../../documents/lifecycle-policy.ts';
import {policyTextOf} from '../lifecycle-text.ts';
import type {Found} from './observed.ts';
import type {Claim} from '../ownership.ts';
import {tagChange, wantedTags} from '../tags.ts';
import type {RepositorySpec, RepositoryStatus} from './schema.ts';
import type {RepositoryStep} from './step.ts';

export interface Compared {
  readonly spec: RepositorySpec;
  readonly applied: NonNullable<RepositoryStatus['applied']>;
  readonly found: Found;
  readonly claim: Claim;
  readonly location: RegistryLocation;
  /** See policy-refusal.ts. */
  readonly refusedSince?: string | undefined;
  readonly principalsGone: readonly string[];
}

/** The calls that make a repository as the spec says, ownership first. Settings that the spec leaves out are left alone. */
export function driftOf(compared: Compared): readonly RepositoryStep[] {
  return [
    ...tagSteps(compared),
    ...mutabilitySteps(compared),
    ...scanningSteps(compared),
    ...lifecycleSteps(compared),
    ...policySteps(compared),
  ];
}

function tagSteps({spec, applied, found, claim, location}: Compared): readonly RepositoryStep[] {
  const {repositoryArn: arn, repositoryName: name} = found.repository;
  const {missing, stale} = tagChange(wantedTags(spec.tags, claim), found.tags, applied.tags);
  const steps: RepositoryStep[] = [];
  const keys = Object.keys(missing);
  if (keys.length > 0) steps.push({call: 'TagResource', why: `tags differ: ${keys.join(', ')}`, location, name, arn, tags: missing});
  if (stale.length > 0) {
    steps.push({call: 'UntagResource', why: `the spec no longer has the tags ${stale.join(', ')}`, location, name, arn, keys: stale});
  }
  return steps;
}

function mutabilitySteps({spec, found, location}: Compared): readonly RepositoryStep[] {
  const {imageTagMutability: wanted, imageTagMutabilityExclusionFilters: filters} = spec;
  const {repositoryName: name, imageTagMutability: actual, imageTagMutabilityExclusionFilters: actualFilters} = found.repository;
  if (wanted === undefined) return [];
  if (wanted === actual && isSameFilters(filters, actualFilters)) return [];
  const why =
    wanted === actual ? 'imageTagMutabilityExclusionFilters differ' : `imageTagMutability is ${actual} in ECR, and ${wanted} in the spec`;
  return [{call: 'PutImageTagMutability', why, location, name, imageTagMutability: wanted, ...(filters && {filters})}];
}

type Filters = readonly {readonly filterType: string; readonly filter: string}[];

function isSameFilters(one: Filters = [], other: Filters = []): boolean {
  const set = (filters: Filters) => [...new Set(filters.map(({filterType, filter}) => `${filterType} ${filter}`))].toSorted().join('\n');
  return set(one) === set(other);
}

function scanningSteps({spec, found, location}: Compared): readonly RepositoryStep[] {
  const {repositoryName: name, scanOnPush: actual} = found.repository;
  const scanOnPush = spec.imageScanningConfiguration?.scanOnPush;
  if (scanOnPush === undefined || scanOnPush === actual) return [];
  const why = `scanOnPush is ${actual} in ECR, and ${scanOnPush} in the spec`;
  return [{call: 'PutImageScanningConfiguration', why, location, name, scanOnPush}];
}

function lifecycleSteps({spec, applied, found, location}: Compared): readonly RepositoryStep[] {
  const name = found.repository.repositoryName;
  const text = policyTextOf(spec.lifecyclePolicy);
  const actual = found.lifecyclePolicyText;
  if (text === undefined) {
    if (applied.lifecyclePolicy !== true || actual === undefined) return [];
    return [{call: 'DeleteLifecyclePolicy', why: 'the spec no longer has a lifecycle policy', location, name}];
  }
  if (actual !== undefined && isSameLifecyclePolicy(text, actual)) return [];
  const why = isNew(found)
    ? 'the repository is new'
    : actual === undefined
      ? 'ECR has no lifecycle policy'
      : 'the lifecycle policy differs';
  return [{call: 'PutLifecyclePolicy', why, location, name, text}];
}

function policySteps({spec, applied, found, location, refusedSince, principalsGone}: Compared): readonly RepositoryStep[] {
  const name = found.repository.repositoryName;
  const text = spec.repositoryPolicy?.policyText;
  const actual = found.policyText;
  if (text === undefined) {
    if (applied.repositoryPolicy !== true || actual === undefined) return [];
    return [{call: 'DeleteRepositoryPolicy', why: 'the spec no longer has a repository policy', location, name}];
  }
  if (actual !== undefined && (isSamePolicy(text, actual) || principalsGone.length > 0)) return [];
  const why = isNew(found)
    ? 'the repository is new'
    : actual === undefined
      ? 'ECR has no repository policy'
      : 'the repository policy differs';
  const force = spec.repositoryPolicy?.force;
  return [
    {
      call: 'SetRepositoryPolicy',
      why,
      location,
      name,
      text,
      ...(force !== undefined && {force}),
      ...(refusedSince !== undefined && {refusedSince}),
    },
  ];
}

function isNew({lifecycleLook}: Found): boolean {
  return lifecycleLook?.is === 'new';
}
