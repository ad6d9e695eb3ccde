import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import {wantedTags} from '../tags.ts';
import {adoptionNotAllowed} from '../registry-ref.ts';
import type {Outcome} from '../outcome.ts';
import type {RegistryLocation} from '../../aws/aws.ts';
import {faultOf} from '../../documents/json.ts';
import {isSameLifecyclePolicy} from '../../documents/lifecycle-policy.ts';
import {driftOf} from './drift.ts';
import {encryptionFault} from './encryption.ts';
import {guardLifecycle} from './lifecycle-plan.ts';
import {policyFault, policyTextOf} from '../lifecycle-text.ts';
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
  const fault = documentFault(resource.spec, observed);
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
        tags: wantedTags(spec.tags, claim),
        imageTagMutability,
        ...(filters && {imageTagMutabilityExclusionFilters: filters}),
        scanOnPush: spec.imageScanningConfiguration?.scanOnPush ?? false,
        ...(encryption && {
          encryption: {encryptionType: encryption.encryptionType, ...(encryption.kmsKey !== undefined && {kmsKey: encryption.kmsKey})},
        }),
      },
    },
  ];
  // Where it was not looked for, it may be there: what else the spec says follows when that is known.
  return planned(repository === 'absent' ? [...steps, ...policySteps(spec, location, name)] : steps, inSync(name));
}

/** What a new repository gets after its creation. */
function policySteps(
  {lifecyclePolicy, repositoryPolicy}: RepositorySpec,
  location: RegistryLocation,
  name: string,
): readonly RepositoryStep[] {
  const at = {why: 'the repository is new', location, name};
  const text = policyTextOf(lifecyclePolicy);
  const steps: RepositoryStep[] = [];
  if (text !== undefined) steps.push({call: 'PutLifecyclePolicy', ...at, text});
  if (repositoryPolicy) {
    const {policyText, force} = repositoryPolicy;
    steps.push({call: 'SetRepositoryPolicy', ...at, text: policyText, ...(force !== undefined && {force})});
  }
  return steps;
}

function planChange(resource: Resource<RepositorySpec>, {claim}: Observed, place: Ready, found: Found, now: Date): Planned {
  const {spec} = resource;
  const status = statusOf(resource);
  const name = found.repository.repositoryName;
  const {adoptionPolicy} = spec;
  const {tags, isContested} = found;
  const ownership = ownershipOf({tags, claim, adoptionPolicy, isContested, isKnown: isKnown(status, found)});
  if (ownership.is === 'foreign') return planned([], notOwned(name, ownership.owner, isContested));
  if (ownership.is === 'adoptable' && !place.mayAdopt) {
    return planned([], adoptionNotAllowed(spec.registryRef.name, resource.metadata.namespace));
  }
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

function documentFault({lifecyclePolicy, repositoryPolicy}: RepositorySpec, observed: Observed): Outcome | undefined {
  const lifecycle = isInForce(lifecyclePolicy, observed) ? undefined : policyFault(lifecyclePolicy);
  if (lifecycle !== undefined) return {is: 'stalled', reason: 'InvalidLifecyclePolicy', message: lifecycle};
  const policy = repositoryPolicy && faultOf(repositoryPolicy.policyText);
  if (policy) return {is: 'stalled', reason: 'InvalidRepositoryPolicy', message: `spec.repositoryPolicy.policyText: ${policy}`};
  return undefined;
}

/** AWS has taken it already, so it is not judged here. */
function isInForce(policy: RepositorySpec['lifecyclePolicy'], {repository}: Observed): boolean {
  const actual = typeof repository === 'string' ? undefined : repository.lifecyclePolicyText;
  const wanted = policyTextOf(policy);
  return actual !== undefined && wanted !== undefined && isSameLifecyclePolicy(wanted, actual);
}
