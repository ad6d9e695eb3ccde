import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {unplaced as withoutRegistry} from '../registry-ref.ts';
import type {Place, Ready} from './observed.ts';
import type {PublicRepositorySpec} from './schema.ts';
import type {PublicRepositoryStep} from './step.ts';

export function planned(steps: readonly PublicRepositoryStep[], then: Outcome): Plan<PublicRepositoryStep> {
  return {steps, then};
}

export function inSync(name: string): Outcome {
  return {is: 'settled', reason: 'InSync', message: `the public repository ${name} is as the spec says`};
}

/** What differs, where driftPolicy says only to report it. */
export function drifted(differences: readonly string[]): Outcome {
  return {is: 'stalled', reason: 'Drifted', message: `driftPolicy is Report, nothing was changed: ${differences.join('; ')}`};
}

/** Why a repository is left alone, and how to change that. */
export function notOwned(name: string, owner: string | undefined, isContested: boolean): Outcome {
  const whose = owner === undefined ? 'belongs to no object of this cluster' : `belongs to ${owner}`;
  const way = isContested
    ? 'that object still exists: delete it first (its repository is retained by default), or choose another name'
    : 'to take it over, set spec.adoptionPolicy to Adopt';
  const message = `the public repository ${name} exists and ${whose}; nothing was touched; ${way}`;
  return {is: 'stalled', reason: 'RepositoryNotOwned', message};
}

/** Why a catalogue that differs is left alone. */
export function logoWouldBeLost(name: string, why: string): Outcome {
  const message =
    `the catalogue of ${name} was not changed (${why}): it has a logo that was not set from here, and AWS replaces the whole ` +
    'catalogue and does not give the logo back; put it into spec.catalogData.logoImageBlob';
  return {is: 'stalled', reason: 'LogoWouldBeLost', message};
}

/** Why a repository with images stays. Looked at each minute, as their deletion sends no event. */
export function notEmpty(name: string, images: number): Outcome {
  const message = `the public repository ${name} holds ${images >= 1000 ? 'at least 1000' : images} images, and deletionPolicy is DeleteIfEmpty`;
  return {is: 'stalled', reason: 'RepositoryNotEmpty', message, seconds: 60};
}

/** Why there is no registry to work in. */
export function unplaced({metadata, spec}: Resource<PublicRepositorySpec>, place: Exclude<Place, Ready>): Outcome {
  const {name} = spec.registryRef;
  switch (place.is) {
    case 'moved': {
      // What was made elsewhere must not be made again, nor be forgotten.
      const message = `the repository is ${place.repositoryArn}, but the Registry ${name} is now account ${place.accountId}`;
      return {is: 'stalled', reason: 'RegistryMoved', message};
    }
    case 'without': {
      const message = `the Registry ${name} is in the partition ${place.partition}, which has no ECR Public: name a Registry of an account in the partition aws`;
      return {is: 'stalled', reason: 'PartitionWithoutEcrPublic', message};
    }
    case 'indifferent':
      return withoutRegistry(name, metadata.namespace, {is: 'missing'});
    case 'missing':
    case 'notAllowed':
    case 'otherAccount':
      return withoutRegistry(name, metadata.namespace, place);
  }
  return place satisfies never;
}
