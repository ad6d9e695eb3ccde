import type {RegistryLocation} from '../../aws/aws.ts';
import type {EcrRepository} from '../../aws/ecr.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {outcomeOf} from '../outcome.ts';
import {placeOf} from '../registry-ref.ts';
import {repositoryTemplates} from '../sources.ts';
import {elderOf} from '../untagged.ts';
import {templateFor} from './matching.ts';
import {isExistingDue, lookAfter} from './memory.ts';
import type {Existing, Look, Observed} from './observed.ts';
import {isRival} from './rivals.ts';
import type {RepositoryTemplateSpec} from './schema.ts';
import {prefixOf} from './wanted.ts';

/** So many repositories are looked at in one walk, so many at once. */
const mostInWalk = 50;
const atOnce = 8;

export async function observe(resource: Resource<RepositoryTemplateSpec>, doors: Doors): Promise<Observed> {
  const {spec, metadata} = resource;
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const elder = elderOf(
    resource,
    doors.cache.list(repositoryTemplates).filter((other) => isRival(other, resource)),
  )?.metadata.name;
  const nothing = {template: 'unseen' as const, changed: [], ...(elder !== undefined && {elder})};
  if (isDeleting && spec.deletionPolicy === 'Retain') return {place: {is: 'missing'}, ...nothing};
  const place = await placeOf(spec.registryRef.name, undefined, doors);
  if (place.is !== 'ready' || elder !== undefined) return {place, ...nothing};
  const template = (await doors.aws.repositoryTemplates(place.location).find(prefixOf(resource))) ?? ('absent' as const);
  const isLooking = !isDeleting && template !== 'absent' && isExistingDue(resource, doors.now());
  return {place, template, changed: [], ...(isLooking && {look: await look(resource, place.location, doors)})};
}

async function look(resource: Resource<RepositoryTemplateSpec>, location: RegistryLocation, {aws}: Doors): Promise<Look> {
  const templates = aws.repositoryTemplates(location);
  const [others, all] = await Promise.all([templates.all(), templates.repositories()]);
  const prefixes = others.map((template) => template.prefix);
  const prefix = prefixOf(resource);
  const matching = all
    .filter(({repositoryName}) => templateFor(repositoryName, prefixes) === prefix)
    .toSorted((a, b) => (a.repositoryName < b.repositoryName ? -1 : 1));
  const after = lookAfter(resource);
  const left = matching.filter(({repositoryName}) => repositoryName > after);
  const batch = await mapAtOnce(left.slice(0, mostInWalk), (repository) => read(repository, resource.spec, location, aws));
  return {isLast: left.length <= mostInWalk, matching: matching.length, batch};
}

async function read(
  repository: EcrRepository,
  spec: RepositoryTemplateSpec,
  location: RegistryLocation,
  aws: Doors['aws'],
): Promise<Existing> {
  const ecr = aws.ecr(location);
  const {repositoryName: name} = repository;
  try {
    const [tags, lifecyclePolicyText, policyText] = await Promise.all([
      ecr.listTags(repository.repositoryArn),
      spec.lifecyclePolicy ? ecr.getLifecyclePolicy(name) : undefined,
      spec.repositoryPolicy ? ecr.getRepositoryPolicy(name) : undefined,
    ]);
    return {
      repository,
      tags,
      ...(lifecyclePolicyText !== undefined && {lifecyclePolicyText}),
      ...(policyText !== undefined && {policyText}),
    };
  } catch (error) {
    return {repository, tags: {}, failure: outcomeOf(error).message};
  }
}

async function mapAtOnce<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(map))));
  }
  return results;
}
