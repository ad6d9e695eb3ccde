import type {RegistryLocation} from '../../aws/aws.ts';
import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import {ownerTag} from '../ownership.ts';
import {statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {notEmpty, planned, unplaced} from './outcomes.ts';
import type {PublicRepositorySpec} from './schema.ts';
import type {PublicRepositoryStep} from './step.ts';

type Planned = Plan<PublicRepositoryStep>;

/** What to do before a PublicRepository may go. A repository is deleted only if its owner tag is ours: nothing else proves it. */
export function planDeletion(resource: Resource<PublicRepositorySpec>, {place, claim, repository}: Observed): Planned {
  const {spec, metadata} = resource;
  const name = spec.name ?? metadata.name;
  if (spec.deletionPolicy === 'Retain') return letGo('Retained', `the public repository ${name} stays in AWS`);
  if (place.is !== 'ready') {
    // Nothing was ever made from an object that has never had a registry.
    if (statusOf(resource).repositoryArn === undefined && place.is !== 'indifferent') {
      return letGo('Deleted', `no public repository ${name} was made`);
    }
    return planned([], unplaced(resource, place));
  }
  if (typeof repository === 'string') return letGo('Deleted', `there is no public repository ${name}`);
  if (repository.tags[ownerTag] !== claim.owner) return letGo('Retained', `the public repository ${name} is not ours and stays in AWS`);
  if (spec.deletionPolicy === 'Delete') return deletion(name, place.location, true);
  if (repository.images !== undefined && repository.images > 0) return planned([], notEmpty(name, repository.images));
  return deletion(name, place.location, false);
}

function deletion(name: string, location: RegistryLocation, force: boolean): Planned {
  const why = force ? 'deletionPolicy is Delete' : 'deletionPolicy is DeleteIfEmpty, and there are no images';
  const then = {is: 'settled', reason: 'Deleted', message: `the public repository ${name} is deleted`} as const;
  return planned([{call: 'DeleteRepository', why, location, name, force}], then);
}

function letGo(reason: string, message: string): Planned {
  return planned([], {is: 'settled', reason, message});
}
