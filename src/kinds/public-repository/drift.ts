import type {RegistryLocation} from '../../aws/aws.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import type {Claim} from '../ownership.ts';
import {tagChange, wantedTags} from '../tags.ts';
import {catalogChange} from './catalog.ts';
import {logoOf, type Memory} from './memory.ts';
import type {Found} from './observed.ts';
import type {PublicRepositorySpec} from './schema.ts';
import type {PublicRepositoryStep} from './step.ts';

export interface Compared {
  readonly spec: PublicRepositorySpec;
  readonly applied: Memory;
  readonly found: Found;
  readonly claim: Claim;
  readonly location: RegistryLocation;
}

export interface Drift {
  readonly steps: readonly PublicRepositoryStep[];
  /** Why the catalogue is to be changed, where that would lose a logo; then it is not among the steps. */
  readonly losesLogo?: string;
}

/** The calls that make a repository as the spec says, ownership first. Settings that the spec leaves out are left alone. */
export function driftOf(compared: Compared): Drift {
  const {spec, applied, found, location} = compared;
  const name = found.repository.repositoryName;
  const change = catalogChange(spec.catalogData, applied, found.catalog ?? {}, logoOf(applied, found));
  const [tags, policy] = [tagSteps(compared), policySteps(compared)];
  if (change === undefined) return {steps: [...tags, ...policy]};
  const why = `the catalogue differs: ${change.differs.join(', ')}`;
  if (change.losesLogo) return {steps: [...tags, ...policy], losesLogo: why};
  const {input: catalog, logoDigest} = change;
  const put = {call: 'PutRepositoryCatalogData', why, location, name, catalog, ...(logoDigest !== undefined && {logoDigest})} as const;
  return {steps: [...tags, put, ...policy]};
}

function tagSteps({spec, applied, found, claim, location}: Compared): readonly PublicRepositoryStep[] {
  const {repositoryArn: arn, repositoryName: name} = found.repository;
  const {missing, stale} = tagChange(wantedTags(spec.tags, claim), found.tags, applied.tags);
  const steps: PublicRepositoryStep[] = [];
  const keys = Object.keys(missing);
  if (keys.length > 0) steps.push({call: 'TagResource', why: `tags differ: ${keys.join(', ')}`, location, name, arn, tags: missing});
  if (stale.length > 0) {
    steps.push({call: 'UntagResource', why: `the spec no longer has the tags ${stale.join(', ')}`, location, name, arn, keys: stale});
  }
  return steps;
}

function policySteps({spec, applied, found, location}: Compared): readonly PublicRepositoryStep[] {
  const name = found.repository.repositoryName;
  const text = spec.repositoryPolicy?.policyText;
  const actual = found.policyText;
  if (text === undefined) {
    if (applied.repositoryPolicy !== true || actual === undefined) return [];
    return [{call: 'DeleteRepositoryPolicy', why: 'the spec no longer has a repository policy', location, name}];
  }
  if (actual !== undefined && isSamePolicy(text, actual)) return [];
  const why = actual === undefined ? 'ECR Public has no repository policy' : 'the repository policy differs';
  return [{call: 'SetRepositoryPolicy', why, location, name, text}];
}
