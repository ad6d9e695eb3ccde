import type {RegistryLocation} from '../../aws/aws.ts';
import type {Ecr} from '../../aws/ecr.ts';
import {registryHosts} from '../../aws/hosts.ts';
import type {Resource} from '../../schema/object.ts';
import {matches} from '../../schema/selector.ts';
import type {Doors} from '../doors.ts';
import {namespaces, registries, repositories} from '../sources.ts';
import {statusOf} from './memory.ts';
import type {Found, Observed, Place} from './observed.ts';
import {ownerOf, ownerTag} from './ownership.ts';
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
  const place = await placeOf(resource, doors);
  if (place.is !== 'ready') return {place, claim, repository: 'unseen'};
  const {repositoryArn, applied} = statusOf(resource);
  if (!isDeleting && repositoryArn === undefined && spec.adoptionPolicy !== 'Adopt') return {place, claim, repository: 'unseen'};
  const ecr = doors.aws.ecr(place.location);
  const found = await find(ecr, nameOf(resource), {
    lifecyclePolicy: spec.lifecyclePolicy !== undefined || applied?.lifecyclePolicy === true,
    repositoryPolicy: spec.repositoryPolicy !== undefined || applied?.repositoryPolicy === true,
    images: isDeleting && spec.deletionPolicy === 'DeleteIfEmpty',
  });
  if (found === undefined) return {place, claim, repository: 'absent'};
  return {place, claim, repository: {...found, isContested: isContested(found.tags[ownerTag], claim.owner, doors)}};
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

async function placeOf(resource: Resource<RepositorySpec>, {aws, cache}: Doors): Promise<Place> {
  const {metadata, spec} = resource;
  const {name} = spec.registryRef;
  const object = cache.get(registries, name);
  // `default` is there even before the operator has written it.
  if (object === undefined && name !== 'default') return {is: 'missing'};
  const registry = (object?.['spec'] ?? {}) as RegistryLocation & {readonly allowedNamespaces?: Parameters<typeof matches>[0]};
  if (registry.allowedNamespaces !== undefined) {
    const labels = cache.get(namespaces, metadata.namespace ?? '')?.metadata.labels ?? {};
    if (!matches(registry.allowedNamespaces, labels)) return {is: 'notAllowed'};
  }
  const identity = await aws.identity();
  const {accountId = identity.accountId, region = identity.region} = registry;
  if (accountId !== identity.accountId) return {is: 'otherAccount', accountId: identity.accountId, expected: accountId};
  const {repositoryArn} = statusOf(resource);
  if (repositoryArn !== undefined && !isIn(repositoryArn, accountId, region)) return {is: 'moved', repositoryArn, accountId, region};
  return {is: 'ready', location: {region, accountId}, accountId, region, hosts: registryHosts(accountId, region)};
}

function isIn(arn: string, accountId: string, region: string): boolean {
  const [, , , arnRegion, arnAccount] = arn.split(':');
  return arnRegion === region && arnAccount === accountId;
}

/** Whether the owner is another object of this cluster, and that object is still there. */
export function isContested(owner: string | undefined, own: string, {cache, clusterId}: Doors): boolean {
  if (owner === undefined || owner === own || !owner.startsWith(`${clusterId}/`)) return false;
  return cache
    .list(repositories)
    .some(
      ({metadata}) => metadata.deletionTimestamp === undefined && ownerOf(clusterId, metadata.namespace ?? '', metadata.name) === owner,
    );
}
