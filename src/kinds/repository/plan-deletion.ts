import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import {statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {ownerTag} from '../ownership.ts';
import {notEmpty, planned, unplaced} from './outcomes.ts';
import type {RepositorySpec} from './schema.ts';
import type {RepositoryStep} from './step.ts';

/** What to do before a Repository may go. A repository is deleted only if its owner tag is ours: nothing else proves it. */
export function planDeletion(resource: Resource<RepositorySpec>, {place, claim, repository}: Observed): Plan<RepositoryStep> {
  const {spec, metadata} = resource;
  const name = spec.name ?? metadata.name;
  if (spec.deletionPolicy === 'Retain') return letGo('Retained', `the repository ${name} stays in AWS`);
  if (place.is !== 'ready') {
    // Nothing was ever made from an object that has never had a registry.
    if (statusOf(resource).repositoryArn === undefined && place.is !== 'indifferent')
      return letGo('Deleted', `no repository ${name} was made`);
    return planned([], unplaced(resource, place));
  }
  if (repository === 'absent') return letGo('Deleted', `there is no repository ${name}`);
  if (repository === 'unseen') return deletion(name, place.location, spec.deletionPolicy === 'Delete');
  if (repository.tags[ownerTag] !== claim.owner) return letGo('Retained', `the repository ${name} is not ours and stays in AWS`);
  if (spec.deletionPolicy === 'Delete') return deletion(name, place.location, true);
  if (repository.images !== undefined && repository.images > 0) return planned([], notEmpty(name, repository.images));
  return deletion(name, place.location, false);
}

function deletion(
  name: string,
  location: Extract<RepositoryStep, {call: 'DeleteRepository'}>['location'],
  force: boolean,
): Plan<RepositoryStep> {
  const why = force ? 'deletionPolicy is Delete' : 'deletionPolicy is DeleteIfEmpty, and there are no images';
  const then = {is: 'settled', reason: 'Deleted', message: `the repository ${name} is deleted`} as const;
  return planned([{call: 'DeleteRepository', why, location, name, force}], then);
}

function letGo(reason: string, message: string): Plan<RepositoryStep> {
  return planned([], {is: 'settled', reason, message});
}
