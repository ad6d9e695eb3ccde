import type {Resource} from '../../schema/object.ts';
import type {Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import type {Found, Observed, Ready} from './observed.ts';
import {ownershipOf} from '../ownership.ts';
import {isSameLifecyclePolicy} from '../../documents/lifecycle-policy.ts';
import {lifecycleWarning} from './lifecycle-warning.ts';
import {memoryAfter} from './lifecycle-memory.ts';
import {policyTextOf} from '../lifecycle-text.ts';
import {imageClaims, imageFields} from './image-report.ts';
import {isPolicyInForce} from './policy-refusal.ts';
import {isKnown, statusOf} from './memory.ts';
import type {RepositorySpec, RepositoryStatus} from './schema.ts';

/**
 * What a Repository shows. It is also the memory of what was set from the spec; so a repository that is not ours never
 * enters it, and what could not be read stays as it was.
 */
export function status(resource: Resource<RepositorySpec>, observed: Observed | undefined, outcome: Outcome, now: Date): Report {
  const fields = fieldsOf(resource, observed, outcome, now);
  const look = observed === undefined || typeof observed.repository === 'string' ? undefined : observed.repository.imageLook;
  return {fields: {...fields}, conditions: [...lifecycleWarning(resource.spec, fields), ...imageClaims(resource, look)]};
}

function fieldsOf(resource: Resource<RepositorySpec>, observed: Observed | undefined, outcome: Outcome, now: Date): RepositoryStatus {
  const previous = kept(statusOf(resource));
  if (observed === undefined || typeof observed.repository === 'string' || observed.place.is !== 'ready') return previous;
  const {repository: found, place, claim} = observed;
  const {tags, isContested} = found;
  const {adoptionPolicy} = resource.spec;
  const ownership = ownershipOf({tags, claim, adoptionPolicy, isContested, isKnown: isKnown(previous, found)});
  // Only the owner tag makes it ours: until it is set, nothing is remembered.
  if (ownership.is !== 'ours') return previous;
  const lifecyclePreview = memoryAfter(resource.spec, previous, found.lifecycleLook, now);
  const applied = appliedOf(resource, previous.applied ?? {}, found, outcome);
  const images = imageFields(resource.spec, isKnown(previous, found) ? previous : {}, found.imageLook);
  return {...identified(found, place), applied, ...(lifecyclePreview && {lifecyclePreview}), ...images};
}

function identified({repository}: Found, {hosts}: Ready): RepositoryStatus {
  const {repositoryArn, repositoryUri, registryId, createdAt, imageTagMutability, repositoryName} = repository;
  const {dualStack, fips} = hosts;
  return {
    repositoryArn,
    repositoryUri,
    repositoryUris: {
      ipv4: repositoryUri,
      ...(dualStack !== undefined && {dualStack: `${dualStack}/${repositoryName}`}),
      ...(fips !== undefined && {fips: `${fips}/${repositoryName}`}),
    },
    registryId,
    ...(createdAt !== undefined && {createdAt}),
    imageTagMutability,
  };
}

type Memory = NonNullable<RepositoryStatus['applied']>;

function appliedOf({spec, metadata}: Resource<RepositorySpec>, previous: Memory, found: Found, outcome: Outcome): Memory {
  const own = new Set([...(previous.tags ?? []), ...(spec.tags ?? []).map(({key}) => key)]);
  const generation = outcome.is === 'settled' ? metadata.generation : previous.generation;
  const wanted = policyTextOf(spec.lifecyclePolicy);
  const {lifecyclePolicyText: actual} = found;
  // A policy that was held back or refused is not in force, and what is in force may be someone else's.
  const isWanted = wanted !== undefined && actual !== undefined && isSameLifecyclePolicy(wanted, actual);
  const hasLifecycle = isWanted || (actual !== undefined && previous.lifecyclePolicy === true);
  const isOurPolicy = isPolicyInForce(spec, found) || previous.repositoryPolicy === true;
  const hasPolicy = found.policyText !== undefined && isOurPolicy;
  return {
    ...(generation !== undefined && {generation}),
    tags: Object.keys(found.tags)
      .filter((key) => own.has(key))
      .toSorted(),
    ...(hasLifecycle && {lifecyclePolicy: true}),
    ...(hasPolicy && {repositoryPolicy: true}),
  };
}

/** The kind's own members; conditions and the like belong to the engine. */
function kept(previous: RepositoryStatus): RepositoryStatus {
  const {repositoryArn, repositoryUri, repositoryUris, registryId, createdAt, imageTagMutability, applied} = previous;
  const {lifecyclePreview, images, findings} = previous;
  return {
    ...(repositoryArn !== undefined && {repositoryArn}),
    ...(repositoryUri !== undefined && {repositoryUri}),
    ...(repositoryUris !== undefined && {repositoryUris}),
    ...(registryId !== undefined && {registryId}),
    ...(createdAt !== undefined && {createdAt}),
    ...(imageTagMutability !== undefined && {imageTagMutability}),
    ...(applied !== undefined && {applied}),
    ...(lifecyclePreview !== undefined && {lifecyclePreview}),
    ...(images !== undefined && {images}),
    ...(findings !== undefined && {findings}),
  };
}
