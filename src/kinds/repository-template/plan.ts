import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {type ReadyPlace, unplaced} from '../registry-ref.ts';
import {templateDifferences, templateFault} from '../template-document.ts';
import {standingOf} from '../untagged.ts';
import {existingSteps} from './existing.ts';
import {isExistingDue, statusOf} from './memory.ts';
import type {Look, Observed} from './observed.ts';
import type {RepositoryTemplateSpec} from './schema.ts';
import type {TemplateStep} from './step.ts';
import {prefixOf, wantedTemplate} from './wanted.ts';

type Planned = Plan<TemplateStep>;

/** What to do for a RepositoryTemplate. Pure. */
export function plan(resource: Resource<RepositoryTemplateSpec>, observed: Observed, now: Date): Planned {
  const {metadata, spec} = resource;
  const {place, elder, template} = observed;
  if (metadata.deletionTimestamp !== undefined) return planDeletion(resource, observed);
  const fault = templateFault(spec, 'spec');
  if (fault) return planned([], {is: 'stalled', ...fault});
  const prefix = prefixOf(resource);
  if (elder !== undefined) {
    const message = `the RepositoryTemplate ${elder} is older and has the prefix ${prefix} in the Registry ${spec.registryRef.name}`;
    return planned([], {is: 'stalled', reason: 'PrefixTaken', message});
  }
  if (place.is !== 'ready') return planned([], unplaced(spec.registryRef.name, undefined, place));
  const status = statusOf(resource);
  if (status.registryId !== undefined && (status.registryId !== place.accountId || status.region !== place.region)) {
    const message = `the template was made in account ${status.registryId} in ${status.region ?? ''}, but the Registry ${spec.registryRef.name} is now account ${place.accountId} in ${place.region}`;
    return planned([], {is: 'stalled', reason: 'RegistryMoved', message});
  }
  const wanted = wantedTemplate(resource);
  const {location} = place;
  if (template === 'absent' || template === 'unseen') {
    const wasDeleted = status.createdAt !== undefined;
    const why = wasDeleted ? `the template ${prefix} was deleted in AWS` : `there is no template ${prefix} yet`;
    if (wasDeleted && isReportOnly(resource)) return planned([], drifted([why]));
    return planned([{call: 'CreateRepositoryCreationTemplate', why, location, template: wanted}], inSync(prefix));
  }
  const different = templateDifferences(wanted, template);
  const standing = standingOf({
    createdAt: template.createdAt,
    knownSince: status.createdAt,
    isSame: different.length === 0,
    adoptionPolicy: spec.adoptionPolicy,
  });
  if (standing === 'foreign') {
    const differs = different.length === 0 ? 'adoptionPolicy is Never' : `it differs in ${different.join(', ')}`;
    const message = `a template ${prefix} exists that was not made from this object, and ${differs}; nothing was touched; to take it over, set spec.adoptionPolicy to Adopt`;
    return planned([], {is: 'stalled', reason: 'TemplateNotOwned', message});
  }
  if (different.length > 0) {
    const why = `the template ${prefix} differs in ${different.join(', ')}`;
    if (isReportOnly(resource)) return planned([], drifted([why]));
    return planned([{call: 'UpdateRepositoryCreationTemplate', why, location, template: wanted}], inSync(prefix));
  }
  if (observed.look !== undefined) return planExisting(resource, place, observed.look);
  if (!isExistingDue(resource, now)) return planned([], inSync(prefix));
  return planned([], looking(resource, `looking for repositories of ${prefix}`));
}

function planExisting(resource: Resource<RepositoryTemplateSpec>, place: ReadyPlace, {batch, isLast, matching}: Look): Planned {
  const steps = batch.flatMap((existing) => existingSteps(existing, resource.spec, place.location));
  const prefix = prefixOf(resource);
  if (isLast) return planned(steps, inSync(prefix));
  return planned(steps, looking(resource, `bringing the ${matching} repositories of ${prefix} in line`));
}

/** The first look of a spec is part of carrying it out; a later one is no news of the template. */
function looking(resource: Resource<RepositoryTemplateSpec>, message: string): Outcome {
  if (statusOf(resource).appliedGeneration === resource.metadata.generation) return {...inSync(prefixOf(resource)), seconds: 1};
  return {is: 'waiting', reason: 'ApplyingToExisting', message, seconds: 1};
}

function planDeletion(resource: Resource<RepositoryTemplateSpec>, {place, elder, template}: Observed): Planned {
  const {spec} = resource;
  const prefix = prefixOf(resource);
  const status = statusOf(resource);
  const retained = planned([], {is: 'settled', reason: 'Retained', message: `the template ${prefix} stays in AWS`});
  if (spec.deletionPolicy === 'Retain' || elder !== undefined || status.createdAt === undefined) return retained;
  if (place.is !== 'ready') return planned([], unplaced(spec.registryRef.name, undefined, place));
  const deleted = {is: 'settled', reason: 'Deleted', message: `the template ${prefix} is deleted`} as const;
  if (template === 'absent' || template === 'unseen') return planned([], deleted);
  const standing = standingOf({createdAt: template.createdAt, knownSince: status.createdAt, isSame: false, adoptionPolicy: 'Never'});
  if (standing !== 'ours') return retained;
  return planned([{call: 'DeleteRepositoryCreationTemplate', why: 'deletionPolicy is Delete', location: place.location, prefix}], deleted);
}

function inSync(prefix: string): Extract<Outcome, {is: 'settled'}> {
  return {is: 'settled', reason: 'InSync', message: `the template ${prefix} is as the spec says`};
}

function drifted(found: readonly string[]): Outcome {
  return {is: 'stalled', reason: 'Drifted', message: `driftPolicy is Report, nothing was changed: ${found.join('; ')}`};
}

/** With driftPolicy Report, a difference is drift once this generation of the spec has been in force. */
function isReportOnly(resource: Resource<RepositoryTemplateSpec>): boolean {
  const {generation} = resource.metadata;
  return resource.spec.driftPolicy === 'Report' && generation !== undefined && statusOf(resource).appliedGeneration === generation;
}

function planned(steps: readonly TemplateStep[], then: Outcome): Planned {
  return {steps, then};
}
