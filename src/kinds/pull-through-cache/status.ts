import type {Resource} from '../../schema/object.ts';
import type {RegistryHosts} from '../../schema/registry-hosts.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {standingOf} from '../untagged.ts';
import {statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {templateStanding} from './plan-template.ts';
import type {PullThroughCacheSpec, PullThroughCacheStatus} from './schema.ts';
import {differenceOf, prefixOf, upstreamUrlOf, wantedRule} from './wanted.ts';

const mostNames = 100;

/** The status is also the memory of what is ours: a rule that is not never enters it, and what could not be read stays. */
export function status(resource: Resource<PullThroughCacheSpec>, observed: Observed | undefined, outcome: Outcome): Report {
  return {fields: {...fieldsOf(resource, observed, outcome)}, conditions: claimsOf(observed)};
}

function fieldsOf(resource: Resource<PullThroughCacheSpec>, observed: Observed | undefined, outcome: Outcome): PullThroughCacheStatus {
  const previous = withTemplate(kept(statusOf(resource)), resource, observed);
  if (observed === undefined || typeof observed.rule === 'string' || observed.place.is !== 'ready') return previous;
  const {rule, place, cached} = observed;
  const {spec, metadata} = resource;
  const isSame = differenceOf(wantedRule(resource, rule.credentialArn), rule) === undefined;
  const standing = standingOf({
    createdAt: rule.createdAt,
    knownSince: previous.createdAt,
    isSame,
    adoptionPolicy: spec.adoptionPolicy,
  });
  // What is to be taken over is ours once it was changed to what the spec says.
  if (standing === 'foreign' || (standing === 'adoptable' && !isSame)) return previous;
  const prefix = prefixOf(resource);
  const isInForce = outcome.is === 'settled' || outcome.reason === 'UpstreamInvalid' || outcome.reason === 'Validating';
  const generation = isInForce ? metadata.generation : previous.appliedGeneration;
  return {
    ecrRepositoryPrefix: prefix,
    upstreamRegistryUrl: upstreamUrlOf(spec),
    ...urisOf(place.hosts, prefix),
    registryId: place.accountId,
    region: place.region,
    ...(rule.createdAt !== undefined && {createdAt: rule.createdAt}),
    ...(rule.updatedAt !== undefined && {updatedAt: rule.updatedAt}),
    ...(rule.credentialArn !== undefined && {credentialArn: rule.credentialArn}),
    ...(previous.template && {template: previous.template}),
    ...(generation !== undefined && {appliedGeneration: generation}),
    ...(cached ? {cachedRepositories: {count: cached.length, names: cached.slice(0, mostNames)}} : cachedIn(previous)),
  };
}

/** The template is remembered by itself: it is there before the rule is. */
function withTemplate(
  previous: PullThroughCacheStatus,
  resource: Resource<PullThroughCacheSpec>,
  observed: Observed | undefined,
): PullThroughCacheStatus {
  if (observed === undefined || observed.template === 'unseen') return previous;
  const {template: _, ...rest} = previous;
  if (observed.template === 'absent') return resource.spec.template === undefined ? rest : previous;
  const found = templateStanding(resource, observed);
  const isTaken = found?.standing === 'ours' || (found?.standing !== 'foreign' && found?.different.length === 0);
  const {createdAt, updatedAt} = observed.template;
  if (!isTaken || createdAt === undefined) return previous;
  return {...rest, template: {createdAt, ...(updatedAt !== undefined && {updatedAt})}};
}

function urisOf({ipv4, dualStack, fips}: RegistryHosts, prefix: string): Pick<PullThroughCacheStatus, 'uri' | 'uris'> {
  const under = (host: string) => (prefix === 'ROOT' ? host : `${host}/${prefix}`);
  return {
    uri: under(ipv4),
    uris: {
      ipv4: under(ipv4),
      ...(dualStack !== undefined && {dualStack: under(dualStack)}),
      ...(fips !== undefined && {fips: under(fips)}),
    },
  };
}

function claimsOf(observed: Observed | undefined): readonly ConditionClaim[] {
  const type = 'Valid';
  if (observed === undefined || typeof observed.rule === 'string') return [];
  const {validity} = observed;
  if (validity === undefined)
    return [{type, status: 'Unknown', reason: 'Validating', message: 'ECR has not been asked since the rule was changed'}];
  if (validity.isValid) return [{type, status: 'True', reason: 'Valid', message: 'ECR reaches the upstream and is let in'}];
  return [{type, status: 'False', reason: 'UpstreamInvalid', message: validity.failure}];
}

function cachedIn({cachedRepositories}: PullThroughCacheStatus): Pick<PullThroughCacheStatus, 'cachedRepositories'> {
  return cachedRepositories === undefined ? {} : {cachedRepositories};
}

/** The kind's own members; conditions and the like belong to the engine. */
function kept(previous: PullThroughCacheStatus): PullThroughCacheStatus {
  const {observedGeneration: _, conditions: __, ...fields} = previous as PullThroughCacheStatus & Record<string, unknown>;
  return fields;
}
