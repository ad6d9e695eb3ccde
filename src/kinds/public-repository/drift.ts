import type {RegistryLocation} from '../../aws/aws.ts';
import type {Tags} from '../../aws/ecr.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import {type Claim, ownerTag, uidTag} from '../ownership.ts';
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

/** The tags that a repository must have: those of the spec, and whose it is. */
export function tagsOf(spec: PublicRepositorySpec, claim: Claim): Tags {
  const own = Object.fromEntries((spec.tags ?? []).map(({key, value}) => [key, value]));
  return {...own, [ownerTag]: claim.owner, [uidTag]: claim.uid};
}

function tagSteps({spec, applied, found, claim, location}: Compared): readonly PublicRepositoryStep[] {
  const {repositoryArn: arn, repositoryName: name} = found.repository;
  const wanted = tagsOf(spec, claim);
  const missing = Object.entries(wanted).filter(([key, value]) => found.tags[key] !== value);
  const stale = (applied.tags ?? []).filter((key) => !Object.hasOwn(wanted, key) && Object.hasOwn(found.tags, key));
  const steps: PublicRepositoryStep[] = [];
  if (missing.length > 0) {
    const why = `tags differ: ${missing.map(([key]) => key).join(', ')}`;
    steps.push({call: 'TagResource', why, location, name, arn, tags: Object.fromEntries(missing)});
  }
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
