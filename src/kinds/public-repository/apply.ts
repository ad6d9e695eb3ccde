import type {EcrPublic} from '../../aws/ecr-public.ts';
import type {Answer, Tags} from '../../aws/ecr.ts';
import {isContested} from '../contest.ts';
import type {Doors} from '../doors.ts';
import {publicRepositories} from '../sources.ts';
import {type Applied, requestOf} from '../kind.ts';
import {Interruption} from '../outcome.ts';
import {ownershipOf, ownerTag} from '../ownership.ts';
import {find, mostImages} from './observe.ts';
import type {Found, Observed} from './observed.ts';
import {notEmpty, notOwned} from './outcomes.ts';
import type {CreateStep, PublicRepositoryStep} from './step.ts';

/** Makes one call, and says what is then known. */
export async function apply(step: PublicRepositoryStep, doors: Doors): Promise<Applied<Observed>> {
  const ecr = doors.aws.ecrPublic(step.location);
  switch (step.call) {
    case 'CreateRepository':
      return create(step, ecr, doors);
    case 'TagResource': {
      const answer = await ecr.tag(step.arn, step.tags);
      return changed(answer, (found) => ({...found, tags: {...found.tags, ...step.tags}}));
    }
    case 'UntagResource': {
      const answer = await ecr.untag(step.arn, step.keys);
      return changed(answer, (found) => ({...found, tags: without(found.tags, step.keys)}));
    }
    case 'PutRepositoryCatalogData': {
      const answer = await ecr.putCatalog(step.name, step.catalog);
      const {logoDigest: sentLogo = 'none'} = step;
      return changed(answer, (found) => ({...found, catalog: answer.value, sentLogo}));
    }
    case 'SetRepositoryPolicy': {
      const {text} = step;
      return changed(await ecr.setRepositoryPolicy(step.name, text), (found) => ({...found, policyText: text}));
    }
    case 'DeleteRepositoryPolicy':
      return changed(await ecr.deleteRepositoryPolicy(step.name), withoutPolicy);
    case 'DeleteRepository': {
      const answer = await ecr.deleteRepository(step.name, {force: step.force});
      // An image was pushed after they were counted.
      if (answer.value === 'notEmpty') throw new Interruption(notEmpty(step.name, await ecr.countImages(step.name, mostImages)));
      return {advance: (observed) => ({...observed, repository: 'absent'}), ...requestOf(answer)};
    }
  }
  return step satisfies never;
}

async function create(step: CreateStep, ecr: EcrPublic, doors: Doors): Promise<Applied<Observed>> {
  const {name: repositoryName, tags, catalog, logoDigest} = step;
  const answer = await ecr.createRepository({repositoryName, tags, ...(catalog && {catalog})});
  const made = answer.value;
  const found: Found = made
    ? {...made, tags, isContested: false, ...(logoDigest !== undefined && {sentLogo: logoDigest})}
    : await existing(step, ecr, doors);
  return {advance: (observed) => ({...observed, repository: found}), ...requestOf(answer)};
}

/**
 * A repository of that name exists. It is ours where the operator was stopped between the creation and the status; anything
 * else is left alone.
 */
async function existing(step: CreateStep, ecr: EcrPublic, doors: Doors): Promise<Found> {
  const {name, claim, adoptionPolicy} = step;
  const found = await find(ecr, name, step.wanted);
  if (found === undefined) {
    const message = `AWS says that the public repository ${name} exists, and does not show it`;
    throw new Interruption({is: 'waiting', reason: 'RepositoryNotVisible', message, seconds: 5});
  }
  if (adoptionPolicy === 'Adopt' && found.tags[ownerTag] !== claim.owner) {
    const message = `the public repository ${name} appeared while it was being created`;
    throw new Interruption({is: 'waiting', reason: 'RepositoryAlreadyExists', message, seconds: 1});
  }
  const ownership = ownershipOf({tags: found.tags, claim, adoptionPolicy, isKnown: false, isContested: false});
  if (ownership.is === 'foreign')
    throw new Interruption(notOwned(name, ownership.owner, isContested(ownership.owner, claim.owner, publicRepositories, doors)));
  return {...found, isContested: false};
}

function changed(answer: Answer<unknown>, change: (found: Found) => Found): Applied<Observed> {
  return {
    advance: (observed) => (typeof observed.repository === 'string' ? observed : {...observed, repository: change(observed.repository)}),
    ...requestOf(answer),
  };
}

function without(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

function withoutPolicy(found: Found): Found {
  const {policyText: _, ...rest} = found;
  return rest;
}
