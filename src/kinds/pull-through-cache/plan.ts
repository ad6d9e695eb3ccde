import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {ownerTag, uidTag} from '../ownership.ts';
import {type ReadyPlace, unplaced} from '../registry-ref.ts';
import {standingOf} from '../untagged.ts';
import {statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import * as outcomes from './outcomes.ts';
import {planDeletion} from './plan-deletion.ts';
import {planTemplate} from './plan-template.ts';
import type {PullThroughCacheSpec} from './schema.ts';
import type {CacheStep} from './step.ts';
import {differenceOf, prefixOf, storedNameOf, versionTag, wantedRule} from './wanted.ts';

type Planned = Plan<CacheStep>;

/** What to do for a PullThroughCache. Pure. The secret comes first, as ECR refuses a rule without it. */
export function plan(resource: Resource<PullThroughCacheSpec>, observed: Observed): Planned {
  const {metadata, spec} = resource;
  const {place, elder} = observed;
  if (metadata.deletionTimestamp !== undefined) return planDeletion(resource, observed);
  const registry = spec.registryRef.name;
  if (elder !== undefined) return stop(outcomes.prefixTaken(elder, prefixOf(resource), registry));
  if (place.is !== 'ready') return stop(unplaced(registry, undefined, place));
  const moved = outcomes.movedFrom(statusOf(resource), place, registry);
  if (moved) return stop(moved);
  const foreign = ruleOfAnother(resource, observed);
  if (foreign) return stop(foreign);
  return (
    planSecret(resource, observed, place) ??
    planTemplate(resource, observed, place, isReportOnly(resource)) ??
    planRule(resource, observed, place)
  );
}

/** A rule that is not ours is left alone, and so is the secret that it would need. */
function ruleOfAnother(resource: Resource<PullThroughCacheSpec>, {rule, credential}: Observed): Outcome | undefined {
  if (typeof rule === 'string') return undefined;
  const {spec} = resource;
  const arn = credential.is === 'none' ? undefined : (storedArn(credential) ?? rule.credentialArn);
  const difference = differenceOf(wantedRule(resource, arn), rule);
  const standing = standingOf({
    createdAt: rule.createdAt,
    knownSince: statusOf(resource).createdAt,
    isSame: difference === undefined,
    adoptionPolicy: spec.adoptionPolicy,
  });
  return standing === 'foreign' ? outcomes.notOwned(prefixOf(resource), difference?.members ?? []) : undefined;
}

/** What the secret in AWS needs first; `undefined` where it needs nothing. */
function planSecret(resource: Resource<PullThroughCacheSpec>, {credential, claim}: Observed, {location}: ReadyPlace): Planned | undefined {
  if (credential.is !== 'secret') return undefined;
  const {spec} = resource;
  const {stored, version} = credential;
  const storedName = storedNameOf(resource);
  if (version === undefined) return stop(outcomes.noCredentialSecret(spec));
  const tags = {[ownerTag]: claim.owner, [uidTag]: claim.uid, [versionTag]: version};
  const carrying = {location, storedName, spec};
  const then = outcomes.inSync(prefixOf(resource));
  if (stored === 'absent') {
    return {steps: [{call: 'CreateSecret', why: `there is no secret ${storedName} in AWS Secrets Manager yet`, ...carrying, tags}], then};
  }
  if (stored.tags[ownerTag] !== claim.owner) return stop(outcomes.secretNotOwned(storedName));
  if (stored.isDeleted) return {steps: [{call: 'RestoreSecret', why: `the secret ${storedName} was deleted`, location, storedName}], then};
  if (stored.tags[versionTag] === version) return undefined;
  const why = 'the Kubernetes Secret has changed';
  if (isReportOnly(resource) && stored.tags[versionTag] === undefined)
    return stop(outcomes.drifted([`the secret ${storedName} lost its tags`]));
  return {steps: [{call: 'PutSecretValue', why, ...carrying, tags}], then};
}

function planRule(resource: Resource<PullThroughCacheSpec>, observed: Observed, {location}: ReadyPlace): Planned {
  const {rule, credential, validity} = observed;
  const prefix = prefixOf(resource);
  const wanted = wantedRule(resource, storedArn(credential));
  const then = outcomes.inSync(prefix);
  if (typeof rule === 'string') {
    const wasDeleted = statusOf(resource).createdAt !== undefined;
    const why = wasDeleted ? `the rule ${prefix} is gone` : `there is no rule ${prefix} yet`;
    if (wasDeleted && isReportOnly(resource)) return stop(outcomes.drifted([why]));
    return {steps: [{call: 'CreatePullThroughCacheRule', why, location, rule: wanted}], then};
  }
  const difference = differenceOf(wanted, rule);
  if (difference !== undefined) {
    const why = `the rule ${prefix} differs in ${difference.members.join(', ')}`;
    if (isReportOnly(resource)) return stop(outcomes.drifted([why]));
    if (difference.inPlace) return {steps: [{call: 'UpdatePullThroughCacheRule', why, location, rule: wanted}], then};
    const remake = `${why}, which AWS cannot change; what was cached stays`;
    return {
      steps: [
        {call: 'DeletePullThroughCacheRule', why: remake, location, prefix},
        {call: 'CreatePullThroughCacheRule', why: remake, location, rule: wanted},
      ],
      then,
    };
  }
  if (validity === undefined) return stop(outcomes.validating(prefix));
  return stop(validity.isValid ? then : outcomes.upstreamInvalid(prefix, validity.failure));
}

function storedArn(credential: Observed['credential']): string | undefined {
  if (credential.is === 'arn') return credential.arn;
  return credential.is === 'secret' && credential.stored !== 'absent' ? credential.stored.arn : undefined;
}

/** With driftPolicy Report, a difference is drift once this generation of the spec has been in force. */
function isReportOnly(resource: Resource<PullThroughCacheSpec>): boolean {
  const {generation} = resource.metadata;
  return resource.spec.driftPolicy === 'Report' && generation !== undefined && statusOf(resource).appliedGeneration === generation;
}

function stop(then: Outcome): Planned {
  return {steps: [], then};
}
