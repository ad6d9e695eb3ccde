import type {EcrPublic} from '../../aws/ecr-public.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {isContested} from '../contest.ts';
import {ownerOf, ownerTag} from '../ownership.ts';
import {placeOf} from '../registry-ref.ts';
import {publicRepositories} from '../sources.ts';
import {statusOf} from './memory.ts';
import type {Found, Observed, Place} from './observed.ts';
import type {PublicRepositorySpec} from './schema.ts';
import type {Wanted} from './step.ts';

/** Counted no further: «at least a thousand» is enough to know. */
export const mostImages = 1000;

/** Reads what the plan needs, and no more: nothing at all before the first creation, and nothing where all is retained. */
export async function observe(resource: Resource<PublicRepositorySpec>, doors: Doors): Promise<Observed> {
  const {metadata, spec} = resource;
  const {namespace = '', name, uid = '', deletionTimestamp} = metadata;
  const claim = {owner: ownerOf(doors.clusterId, namespace, name), uid};
  const isDeleting = deletionTimestamp !== undefined;
  if (isDeleting && spec.deletionPolicy === 'Retain') return {place: {is: 'indifferent'}, claim, repository: 'unseen'};
  const place = await publicPlace(resource, doors);
  if (place.is !== 'ready') return {place, claim, repository: 'unseen'};
  const {repositoryArn, applied = {}} = statusOf(resource);
  const isToldByCreating = repositoryArn === undefined && spec.adoptionPolicy !== 'Adopt' && doors.isRehearsal !== true;
  if (!isDeleting && isToldByCreating) return {place, claim, repository: 'unseen'};
  const {catalogData = [], logoDigest} = applied;
  const found = await find(doors.aws.ecrPublic(place.location), spec.name ?? name, {
    catalog: !isDeleting && (spec.catalogData !== undefined || catalogData.length > 0 || logoDigest !== undefined),
    policy: !isDeleting && (spec.repositoryPolicy !== undefined || applied.repositoryPolicy === true),
    images: isDeleting && spec.deletionPolicy === 'DeleteIfEmpty',
  });
  if (found === undefined) return {place, claim, repository: 'absent'};
  return {place, claim, repository: {...found, isContested: isContested(found.tags[ownerTag], claim.owner, publicRepositories, doors)}};
}

/** A repository with the parts that are wanted; `undefined` where there is none. */
export async function find(ecr: EcrPublic, name: string, wanted: Wanted): Promise<Omit<Found, 'isContested'> | undefined> {
  const repository = await ecr.describeRepository(name);
  if (repository === undefined) return undefined;
  const [tags, catalog, policyText, images] = await Promise.all([
    ecr.listTags(repository.repositoryArn),
    wanted.catalog ? ecr.getCatalog(name) : undefined,
    wanted.policy ? ecr.getRepositoryPolicy(name) : undefined,
    wanted.images ? ecr.countImages(name, mostImages) : undefined,
  ]);
  return {
    repository,
    tags,
    ...(catalog && {catalog}),
    ...(policyText !== undefined && {policyText}),
    ...(images !== undefined && {images}),
  };
}

async function publicPlace(resource: Resource<PublicRepositorySpec>, doors: Doors): Promise<Place> {
  const place = await placeOf(resource.spec.registryRef.name, resource.metadata.namespace ?? '', doors);
  if (place.is !== 'ready') return place;
  const {repositoryArn} = statusOf(resource);
  if (repositoryArn !== undefined && repositoryArn.split(':')[4] !== place.accountId) {
    return {is: 'moved', repositoryArn, accountId: place.accountId};
  }
  const {arn} = await doors.aws.identity(place.location.role);
  const partition = arn.split(':')[1] ?? '';
  return partition === 'aws' ? place : {is: 'without', partition};
}
