import type {Answer, Ecr, EcrRepository, Tags} from '../../aws/ecr.ts';
import {isContested} from '../contest.ts';
import type {Doors} from '../doors.ts';
import {repositories} from '../sources.ts';
import {type Applied, requestOf} from '../kind.ts';
import {Interruption} from '../outcome.ts';
import {find} from './observe.ts';
import type {Found, Observed} from './observed.ts';
import {ownershipOf, ownerTag} from '../ownership.ts';
import {notEmpty, notOwned} from './outcomes.ts';
import {explainRefusal} from './policy-refusal.ts';
import type {CreateStep, RepositoryStep} from './step.ts';

/** Makes one call, and says what is then known. */
export async function apply(step: RepositoryStep, doors: Doors): Promise<Applied<Observed>> {
  const ecr = doors.aws.ecr(step.location);
  switch (step.call) {
    case 'CreateRepository':
      return create(step, ecr, doors);
    case 'PutImageTagMutability': {
      const {imageTagMutability, filters} = step;
      const answer = await ecr.putImageTagMutability(step.name, imageTagMutability, filters);
      return changed(answer, (found) => {
        const {imageTagMutabilityExclusionFilters: _, ...rest} = found.repository;
        return {...found, repository: {...rest, imageTagMutability, ...(filters && {imageTagMutabilityExclusionFilters: filters})}};
      });
    }
    case 'PutImageScanningConfiguration': {
      const {scanOnPush} = step;
      const answer = await ecr.putImageScanningConfiguration(step.name, scanOnPush);
      return changed(answer, (found) => ({...found, repository: {...found.repository, scanOnPush}}));
    }
    case 'TagResource': {
      const answer = await ecr.tag(step.arn, step.tags);
      return changed(answer, (found) => ({...found, tags: {...found.tags, ...step.tags}}));
    }
    case 'UntagResource': {
      const answer = await ecr.untag(step.arn, step.keys);
      return changed(answer, (found) => ({...found, tags: without(found.tags, step.keys)}));
    }
    case 'PutLifecyclePolicy': {
      const {text} = step;
      return changed(await ecr.putLifecyclePolicy(step.name, text), (found) => ({...found, lifecyclePolicyText: text}));
    }
    case 'StartLifecyclePolicyPreview': {
      const answer = await doors.aws.lifecyclePreviews(step.location).start(step.name, step.text);
      const requestedAt = doors.now().toISOString();
      const lifecycleLook = answer.value === 'busy' ? ({is: 'busy'} as const) : ({is: 'underWay', requestedAt} as const);
      return changed(answer, (found) => ({...found, lifecycleLook}));
    }
    case 'DeleteLifecyclePolicy':
      return changed(await ecr.deleteLifecyclePolicy(step.name), withoutLifecyclePolicy);
    case 'SetRepositoryPolicy': {
      const {text} = step;
      const answer = await ecr.setRepositoryPolicy(step.name, text, step.force).catch(explainRefusal(step, doors.now()));
      return changed(answer, (found) => ({...found, policyText: text}));
    }
    case 'DeleteRepositoryPolicy':
      return changed(await ecr.deleteRepositoryPolicy(step.name), withoutPolicy);
    case 'DeleteRepository': {
      const answer = await ecr.deleteRepository(step.name, {force: step.force});
      // An image was pushed after they were counted.
      if (answer.value === 'notEmpty') throw new Interruption(notEmpty(step.name, await ecr.countImages(step.name, 1000)));
      return {advance: (observed) => ({...observed, repository: 'absent'}), ...requestOf(answer)};
    }
  }
  return step satisfies never;
}

async function create(step: CreateStep, ecr: Ecr, doors: Doors): Promise<Applied<Observed>> {
  const answer = await ecr.createRepository(step.input);
  const created = answer.value;
  const found = created === undefined ? await existing(step, ecr, doors) : fresh(created, step.input.tags);
  return {advance: (observed) => ({...observed, repository: found}), ...requestOf(answer)};
}

function fresh(repository: EcrRepository, tags: Tags): Found {
  return {repository, tags, isContested: false, lifecycleLook: {is: 'new'}};
}

/**
 * A repository of that name exists. It is ours where the operator was stopped between the creation and the status; anything
 * else is left alone.
 */
async function existing(step: CreateStep, ecr: Ecr, doors: Doors): Promise<Found> {
  const {name, claim, adoptionPolicy} = step;
  const found = await find(ecr, name, step.wanted);
  if (found === undefined) {
    const message = `AWS says that the repository ${name} exists, and does not show it`;
    throw new Interruption({is: 'waiting', reason: 'RepositoryNotVisible', message, seconds: 5});
  }
  if (adoptionPolicy === 'Adopt') {
    const message = `the repository ${name} appeared while it was being created`;
    if (found.tags[ownerTag] === claim.owner) return ours(found, step, ecr);
    throw new Interruption({is: 'waiting', reason: 'RepositoryAlreadyExists', message, seconds: 1});
  }
  const ownership = ownershipOf({tags: found.tags, claim, adoptionPolicy, isKnown: false, isContested: false});
  if (ownership.is === 'foreign')
    throw new Interruption(notOwned(name, ownership.owner, isContested(ownership.owner, claim.owner, repositories, doors)));
  return ours(found, step, ecr);
}

/** Most often the operator was stopped before it could set the policies, and there is no image yet that they could expire. */
async function ours(found: Omit<Found, 'isContested'>, {name, wanted}: CreateStep, ecr: Ecr): Promise<Found> {
  const isUnset = wanted.lifecyclePolicy && found.lifecyclePolicyText === undefined;
  const isEmpty = isUnset && (await ecr.countImages(name, 1)) === 0;
  return {...found, isContested: false, ...(isEmpty && {lifecycleLook: {is: 'empty'}})};
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

function withoutLifecyclePolicy(found: Found): Found {
  const {lifecyclePolicyText: _, ...rest} = found;
  return rest;
}

function withoutPolicy(found: Found): Found {
  const {policyText: _, ...rest} = found;
  return rest;
}
