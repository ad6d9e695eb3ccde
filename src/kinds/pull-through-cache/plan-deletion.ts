import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import {ownerTag} from '../ownership.ts';
import {unplaced} from '../registry-ref.ts';
import {standingOf} from '../untagged.ts';
import {statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {templateStanding} from './plan-template.ts';
import type {PullThroughCacheSpec} from './schema.ts';
import type {CacheStep} from './step.ts';
import {prefixOf, storedNameOf} from './wanted.ts';

/** Days in which a secret can be restored: Secrets Manager's least. */
export const recoveryDays = 7;

/** What to do before a PullThroughCache may go: the rule, then its template and its secret, as far as they are ours. */
export function planDeletion(resource: Resource<PullThroughCacheSpec>, observed: Observed): Plan<CacheStep> {
  const {spec} = resource;
  const {place, elder, rule, credential, claim} = observed;
  const prefix = prefixOf(resource);
  const {createdAt: knownSince} = statusOf(resource);
  const retained: Plan<CacheStep> = {steps: [], then: {is: 'settled', reason: 'Retained', message: `the rule ${prefix} stays in AWS`}};
  if (spec.deletionPolicy === 'Retain' || elder !== undefined) return retained;
  if (place.is !== 'ready') {
    return knownSince === undefined ? retained : {steps: [], then: unplaced(spec.registryRef.name, undefined, place)};
  }
  const {location} = place;
  const isOurs =
    typeof rule !== 'string' &&
    knownSince !== undefined &&
    standingOf({createdAt: rule.createdAt, knownSince, isSame: false, adoptionPolicy: 'Never'}) === 'ours';
  const then = {is: 'settled', reason: 'Deleted', message: `the rule ${prefix} is deleted; what was cached stays`} as const;
  if (isOurs) return {steps: [{call: 'DeletePullThroughCacheRule', why: 'deletionPolicy is Delete', location, prefix}], then};
  if (rule !== 'absent' && rule !== 'unseen') return retained;
  if (templateStanding(resource, observed)?.standing === 'ours') {
    return {steps: [{call: 'DeleteRepositoryCreationTemplate', why: 'deletionPolicy is Delete', location, prefix}], then};
  }
  const stored = credential.is === 'secret' ? credential.stored : 'absent';
  if (stored === 'absent' || stored.isDeleted || stored.tags[ownerTag] !== claim.owner) return {steps: [], then};
  const why = `deletionPolicy is Delete; it can be restored for ${recoveryDays} days`;
  return {steps: [{call: 'DeleteSecret', why, location, storedName: storedNameOf(resource)}], then};
}
