import type {Ecr} from '../../aws/ecr.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {placeOf} from '../registry-ref.ts';
import {repositories} from '../sources.ts';
import {lookAhead} from './lifecycle-observe.ts';
import {lookAtImages} from './image-look.ts';
import {statusOf} from './memory.ts';
import type {Found, Observed, Place} from './observed.ts';
import {isContested} from '../contest.ts';
import {ownerOf, ownerTag} from '../ownership.ts';
import type {RepositorySpec} from './schema.ts';

/** Counted no further: «at least a thousand» is enough to know. */
const mostImages = 1000;

/** Reads what the plan needs, and no more: nothing at all before the first creation, and nothing where all is retained. */
export async function observe(resource: Resource<RepositorySpec>, doors: Doors): Promise<Observed> {
  const {metadata, spec} = resource;
  const {namespace = '', name, uid = '', deletionTimestamp} = metadata;
  const claim = {owner: ownerOf(doors.clusterId, namespace, name), uid};
  const isDeleting = deletionTimestamp !== undefined;
  if (isDeleting && spec.deletionPolicy === 'Retain') return {place: {is: 'indifferent'}, claim, repository: 'unseen'};
  const place = await repositoryPlace(resource, doors);
  if (place.is !== 'ready') return {place, claim, repository: 'unseen'};
  const {repositoryArn, applied} = statusOf(resource);
  const isToldByCreating = repositoryArn === undefined && spec.adoptionPolicy !== 'Adopt' && doors.isRehearsal !== true;
  if (!isDeleting && isToldByCreating) return {place, claim, repository: 'unseen'};
  const ecr = doors.aws.ecr(place.location);
  const found = await find(ecr, nameOf(resource), {
    lifecyclePolicy: spec.lifecyclePolicy !== undefined || applied?.lifecyclePolicy === true,
    repositoryPolicy: spec.repositoryPolicy !== undefined || applied?.repositoryPolicy === true,
    images: isDeleting && spec.deletionPolicy === 'DeleteIfEmpty',
  });
  if (found === undefined) return {place, claim, repository: 'absent'};
  const repository = {...found, isContested: isContested(found.tags[ownerTag], claim.owner, repositories, doors)};
  const at = {resource, place, claim, found: repository, doors};
  const [lifecycleLook, imageLook] = await Promise.all([lookAhead(at), lookAtImages(at)]);
  return {place, claim, repository: {...repository, ...(lifecycleLook && {lifecycleLook}), ...(imageLook && {imageLook})}};
}

/** The name in ECR. */
export function nameOf({metadata, spec}: Resource<RepositorySpec>): string {
  return spec.name ?? metadata.name;
}

/** Which parts of a repository to ask for. */
export interface Wanted {
  readonly lifecyclePolicy: boolean;
  readonly repositoryPolicy: boolean;
  readonly images: boolean;
}

/** A repository with the parts that are wanted; `undefined` where there is none. */
export async function find(ecr: Ecr, name: string, wanted: Wanted): Promise<Omit<Found, 'isContested'> | undefined> {
  const repository = await ecr.describeRepository(name);
  if (repository === undefined) return undefined;
  const [tags, lifecyclePolicyText, policyText, images] = await Promise.all([
    ecr.listTags(repository.repositoryArn),
    wanted.lifecyclePolicy ? ecr.getLifecyclePolicy(name) : undefined,
    wanted.repositoryPolicy ? ecr.getRepositoryPolicy(name) : undefined,
    wanted.images ? ecr.countImages(name, mostImages) : undefined,
  ]);
  return {
    repository,
    tags,
    ...(lifecyclePolicyText !== undefined && {lifecyclePolicyText}),
    ...(policyText !== undefined && {policyText}),
    ...(images !== undefined && {images}),
  };
}

async function repositoryPlace(resource: Resource<RepositorySpec>, doors: Doors): Promise<Place> {
  const place = await placeOf(resource.spec.registryRef.name, resource.metadata.namespace ?? '', doors);
  const {repositoryArn} = statusOf(resource);
  if (place.is !== 'ready' || repositoryArn === undefined || isIn(repositoryArn, place.accountId, place.region)) return place;
  return {is: 'moved', repositoryArn, accountId: place.accountId, region: place.region};
}

function isIn(arn: string, accountId: string, region: string): boolean {
  const [, , , arnRegion, arnAccount] = arn.split(':');
  return arnRegion === region && arnAccount === accountId;
}
