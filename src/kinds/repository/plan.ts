import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {faultOf} from '../../documents/json.ts';
import {driftOf, tagsOf} from './drift.ts';
import {encryptionFault} from './encryption.ts';
import {guardLifecycle} from './lifecycle-plan.ts';
import {policyFault} from '../lifecycle-text.ts';
import {isKnown, isReportOnly, statusOf} from './memory.ts';
import type {Found, Observed, Ready} from './observed.ts';
import {drifted, inSync, notOwned, planned, unplaced} from './outcomes.ts';
import {ownershipOf} from '../ownership.ts';
import {planDeletion} from './plan-deletion.ts';
import {principalGone, principalsGone, refusedSince} from './policy-refusal.ts';
import type {RepositorySpec} from './schema.ts';
import type {RepositoryStep} from './step.ts';

type Planned = Plan<RepositoryStep>;

/** What to do for a Repository. Pure. */
export function plan(resource: Resource<RepositorySpec>, observed: Observed, now: Date): Planned {
  if (resource.metadata.deletionTimestamp !== undefined) return planDeletion(resource, observed);
  const fault = documentFault(resource.spec);
  if (fault) return planned([], fault);
  const {place} = observed;
  if (place.is !== 'ready') return planned([], unplaced(resource, place));
  return typeof observed.repository === 'string'
    ? planCreation(resource, observed, place)
    : planChange(resource, observed, place, observed.repository, now);
}

function planCreation(resource: Resource<RepositorySpec>, {claim, repository}: Observed, place: Ready): Planned {
  const {spec, metadata} = resource;
  const status = statusOf(resource);
  const name = spec.name ?? metadata.name;
  const wasDeleted = status.repositoryArn !== undefined && repository === 'absent';
  if (wasDeleted && isReportOnly(resource)) return planned([], drifted([`the repository ${name} was deleted in AWS`]));
  const {location} = place;
  const {imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters: filters, encryptionConfiguration: encryption} = spec;
  // What else the spec says follows when it is known whether the repository is new, or was there.
  const steps: RepositoryStep[] = [
    {
      call: 'CreateRepository',
      why: wasDeleted ? `the repository ${name} was deleted in AWS` : `there is no repository ${name} yet`,
      location,
      name,
      claim,
      adoptionPolicy: spec.adoptionPolicy,
      wanted: {lifecyclePolicy: spec.lifecyclePolicy !== undefined, repositoryPolicy: spec.repositoryPolicy !== undefined, images: false},
      input: {
        repositoryName: name,
        tags: tagsOf(spec, claim),
        imageTagMutability,
        ...(filters && {imageTagMutabilityExclusionFilters: filters}),
        scanOnPush: spec.imageScanningConfiguration?.scanOnPush ?? false,
        ...(encryption && {
          encryption: {encryptionType: encryption.encryptionType, ...(encryption.kmsKey !== undefined && {kmsKey: encryption.kmsKey})},
        }),
      },
    },
  ];
  return planned(steps, inSync(name));
}

function planChange(resource: Resource<RepositorySpec>, {claim}: Observed, place: Ready, found: Found, now: Date): Planned {
  const {spec} = resource;
  const status = statusOf(resource);
  const name = found.repository.repositoryName;
  const {adoptionPolicy} = spec;
  const {tags, isContested} = found;
  const ownership = ownershipOf({tags, claim, adoptionPolicy, isContested, isKnown: isKnown(status, found)});
  if (ownership.is === 'foreign') return planned([], notOwned(name, ownership.owner, isContested));
  const fault = encryptionFault(spec.encryptionConfiguration, found.repository);
  if (fault) return planned([], {is: 'stalled', reason: 'EncryptionDiffers', message: fault});
  const gone = principalsGone(resource, found);
  const steps = driftOf({
    spec,
    applied: status.applied ?? {},
    found,
    claim,
    location: place.location,
    refusedSince: refusedSince(resource),
    principalsGone: gone,
  });
  if (steps.length > 0 && isReportOnly(resource)) return planned([], drifted(steps.map(({why}) => why)));
  const guarded = guardLifecycle(resource, found, steps, now);
  return planned(guarded.steps, guarded.then ?? (gone.length > 0 ? principalGone(gone) : inSync(name)));
}

function documentFault({lifecyclePolicy, repositoryPolicy}: RepositorySpec): Outcome | undefined {
  const lifecycle = policyFault(lifecyclePolicy);
  if (lifecycle !== undefined) return {is: 'stalled', reason: 'InvalidLifecyclePolicy', message: lifecycle};
  const policy = repositoryPolicy && faultOf(repositoryPolicy.policyText);
  if (policy) return {is: 'stalled', reason: 'InvalidRepositoryPolicy', message: `spec.repositoryPolicy.policyText: ${policy}`};
  return undefined;
}
