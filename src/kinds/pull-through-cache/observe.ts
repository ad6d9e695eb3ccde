import type {RegistryLocation} from '../../aws/aws.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {clusterOwnerOf} from '../ownership.ts';
import {placeOf} from '../registry-ref.ts';
import {pullThroughCaches, upstreamCredentials} from '../sources.ts';
import {elderOf} from '../untagged.ts';
import {statusOf} from './memory.ts';
import type {Credential, Observed} from './observed.ts';
import {isRival} from './rivals.ts';
import type {PullThroughCacheSpec} from './schema.ts';
import {prefixOf, storedNameOf} from './wanted.ts';

/** Four calls where all is well: the rule, its secret, its template, and whether it works. */
export async function observe(resource: Resource<PullThroughCacheSpec>, doors: Doors): Promise<Observed> {
  const {spec, metadata} = resource;
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const claim = {owner: clusterOwnerOf(doors.clusterId, 'PullThroughCache', metadata.name), uid: metadata.uid ?? ''};
  const rivals = doors.cache.list(pullThroughCaches).filter((other) => isRival(other, resource));
  const elder = elderOf(resource, rivals)?.metadata.name;
  const nothing = {
    claim,
    rule: 'unseen' as const,
    template: 'unseen' as const,
    credential: {is: 'none' as const},
    ...(elder !== undefined && {elder}),
  };
  if (isDeleting && spec.deletionPolicy === 'Retain') return {place: {is: 'missing'}, ...nothing};
  const place = await placeOf(spec.registryRef.name, undefined, doors);
  if (place.is !== 'ready' || elder !== undefined) return {place, ...nothing};
  const rules = doors.aws.pullThroughCacheRules(place.location);
  const prefix = prefixOf(resource);
  const [found, credential, template] = await Promise.all([
    rules.find(prefix),
    credentialOf(resource, place.location, doors),
    templateAt(resource, place.location, doors),
  ]);
  const rule = found ?? ('absent' as const);
  if (found === undefined || isDeleting) return {place, claim, credential, rule, template};
  const [validity, cached] = await Promise.all([rules.validate(prefix), cachedUnder(prefix, rules)]);
  return {place, claim, credential, rule, template, ...(validity && {validity}), ...(cached && {cached})};
}

async function credentialOf(
  resource: Resource<PullThroughCacheSpec>,
  location: RegistryLocation,
  {aws, cache}: Doors,
): Promise<Credential> {
  const {credentialArn, credentialSecretRef: ref} = resource.spec;
  if (credentialArn !== undefined) return {is: 'arn', arn: credentialArn};
  if (ref === undefined) return {is: 'none'};
  const secret = cache.get(upstreamCredentials, ref.name, ref.namespace);
  const stored = (await aws.secrets(location).describe(storedNameOf(resource))) ?? ('absent' as const);
  if (secret === undefined) return {is: 'secret', stored};
  const {uid = '', resourceVersion = ''} = secret.metadata;
  return {is: 'secret', version: `${uid}/${resourceVersion}`, stored};
}

async function templateAt(
  resource: Resource<PullThroughCacheSpec>,
  location: RegistryLocation,
  {aws}: Doors,
): Promise<Observed['template']> {
  if (resource.spec.template === undefined && statusOf(resource).template === undefined) return 'unseen';
  return (await aws.repositoryTemplates(location).find(prefixOf(resource))) ?? 'absent';
}

/** Without a prefix every repository could be one that was cached. */
async function cachedUnder(prefix: string, rules: {repositoryNames(): Promise<readonly string[]>}): Promise<readonly string[] | undefined> {
  if (prefix === 'ROOT') return undefined;
  const names = await rules.repositoryNames();
  return names.filter((name) => name.startsWith(`${prefix}/`));
}
