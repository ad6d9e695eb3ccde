import type {Resource} from '../../schema/object.ts';
import type {Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {ownershipOf} from '../ownership.ts';
import {texts} from './catalog.ts';
import {isKnown, logoOf, type Memory, memoryOf, statusOf} from './memory.ts';
import type {Found, Observed} from './observed.ts';
import type {PublicRepositorySpec, PublicRepositoryStatus} from './schema.ts';

/**
 * What a PublicRepository shows. It is also the memory of what was set from the spec; so a repository that is not ours never
 * enters it, and what could not be read stays as it was.
 */
export function status(resource: Resource<PublicRepositorySpec>, observed: Observed | undefined, outcome: Outcome): Report {
  return {fields: {...fieldsOf(resource, observed, outcome)}, conditions: []};
}

function fieldsOf(resource: Resource<PublicRepositorySpec>, observed: Observed | undefined, outcome: Outcome): PublicRepositoryStatus {
  const previous = statusOf(resource);
  // Of what goes, only what its deletion needs is read.
  if (resource.metadata.deletionTimestamp !== undefined) return kept(previous);
  if (observed === undefined || typeof observed.repository === 'string' || observed.place.is !== 'ready') return kept(previous);
  const {repository: found, claim} = observed;
  const {tags, isContested} = found;
  const {adoptionPolicy} = resource.spec;
  const ownership = ownershipOf({tags, claim, adoptionPolicy, isContested, isKnown: isKnown(previous, found)});
  // Only the owner tag makes it ours: until it is set, nothing is remembered.
  if (ownership.is !== 'ours') return kept(previous);
  const {repositoryArn, repositoryUri, registryId, createdAt} = found.repository;
  const applied = appliedOf(resource, memoryOf(previous, found), found, outcome);
  return {repositoryArn, repositoryUri, registryId, ...(createdAt !== undefined && {createdAt}), applied};
}

function appliedOf({spec, metadata}: Resource<PublicRepositorySpec>, previous: Memory, found: Found, outcome: Outcome): Memory {
  const own = new Set([...(previous.tags ?? []), ...(spec.tags ?? []).map(({key}) => key)]);
  const generation = outcome.is === 'settled' ? metadata.generation : previous.generation;
  const hasPolicy = found.policyText !== undefined && (spec.repositoryPolicy !== undefined || previous.repositoryPolicy === true);
  const {catalog = {}} = found;
  const members = texts.filter(
    (member) => catalog[member] !== undefined && (spec.catalogData?.[member] !== undefined || previous.catalogData?.includes(member)),
  );
  const logoDigest = logoOf(previous, found);
  return {
    ...(generation !== undefined && {generation}),
    tags: Object.keys(found.tags)
      .filter((key) => own.has(key))
      .toSorted(),
    ...(hasPolicy && {repositoryPolicy: true}),
    ...(members.length > 0 && {catalogData: members}),
    ...(logoDigest !== undefined && {logoDigest}),
  };
}

/** The kind's own members; conditions and the like belong to the engine. */
function kept({repositoryArn, repositoryUri, registryId, createdAt, applied}: PublicRepositoryStatus): PublicRepositoryStatus {
  return {
    ...(repositoryArn !== undefined && {repositoryArn}),
    ...(repositoryUri !== undefined && {repositoryUri}),
    ...(registryId !== undefined && {registryId}),
    ...(createdAt !== undefined && {createdAt}),
    ...(applied !== undefined && {applied}),
  };
}
