import {faultOf} from '../../documents/json.ts';
import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import {wantedTags} from '../tags.ts';
import {adoptionNotAllowed} from '../registry-ref.ts';
import {ownershipOf} from '../ownership.ts';
import {logoDigest, newCatalog} from './catalog.ts';
import {driftOf} from './drift.ts';
import {isKnown, isReportOnly, memoryOf, statusOf} from './memory.ts';
import type {Found, Observed, Ready} from './observed.ts';
import {drifted, inSync, logoWouldBeLost, notOwned, planned, unplaced} from './outcomes.ts';
import {planDeletion} from './plan-deletion.ts';
import type {PublicRepositorySpec} from './schema.ts';
import type {PublicRepositoryStep} from './step.ts';

type Planned = Plan<PublicRepositoryStep>;

/** What to do for a PublicRepository. Pure. */
export function plan(resource: Resource<PublicRepositorySpec>, observed: Observed): Planned {
  if (resource.metadata.deletionTimestamp !== undefined) return planDeletion(resource, observed);
  const {repositoryPolicy} = resource.spec;
  const fault = repositoryPolicy && faultOf(repositoryPolicy.policyText);
  if (fault !== undefined) {
    return planned([], {is: 'stalled', reason: 'InvalidRepositoryPolicy', message: `spec.repositoryPolicy.policyText: ${fault}`});
  }
  const {place} = observed;
  if (place.is !== 'ready') return planned([], unplaced(resource, place));
  return typeof observed.repository === 'string'
    ? planCreation(resource, observed, place)
    : planChange(resource, observed, place, observed.repository);
}

function planCreation(resource: Resource<PublicRepositorySpec>, {claim, repository}: Observed, {location}: Ready): Planned {
  const {spec, metadata} = resource;
  const name = spec.name ?? metadata.name;
  const wasDeleted = statusOf(resource).repositoryArn !== undefined && repository === 'absent';
  const gone = `the public repository ${name} was deleted in AWS`;
  if (wasDeleted && isReportOnly(resource)) return planned([], drifted([gone]));
  const catalog = newCatalog(spec.catalogData);
  const logo = catalog?.logoImageBlob;
  // The policy follows when it is known whether the repository is new, or was there.
  const step: PublicRepositoryStep = {
    call: 'CreateRepository',
    why: wasDeleted ? gone : `there is no public repository ${name} yet`,
    location,
    name,
    claim,
    adoptionPolicy: spec.adoptionPolicy,
    wanted: {catalog: spec.catalogData !== undefined, policy: spec.repositoryPolicy !== undefined, images: false},
    tags: wantedTags(spec.tags, claim),
    ...(catalog && {catalog}),
    ...(logo !== undefined && {logoDigest: logoDigest(logo)}),
  };
  return planned([step], inSync(name));
}

function planChange(resource: Resource<PublicRepositorySpec>, {claim}: Observed, place: Ready, found: Found): Planned {
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
  const {steps, losesLogo} = driftOf({spec, applied: memoryOf(status, found), found, claim, location: place.location});
  const differences = [...steps.map(({why}) => why), ...(losesLogo === undefined ? [] : [losesLogo])];
  if (differences.length > 0 && isReportOnly(resource)) return planned([], drifted(differences));
  return planned(steps, losesLogo === undefined ? inSync(name) : logoWouldBeLost(name, losesLogo));
}
