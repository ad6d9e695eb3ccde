import type {RegistryLocation} from '../../aws/aws.ts';
import type {Answer} from '../../aws/ecr.ts';
import type {Doors} from '../doors.ts';
import {type Applied, requestOf} from '../kind.ts';
import {Interruption, outcomeOf} from '../outcome.ts';
import type {Existing, Observed} from './observed.ts';
import type {ExistingStep, TemplateStep} from './step.ts';

/** Makes one call, and says what is then known. */
export async function apply(step: TemplateStep, {aws}: Doors): Promise<Applied<Observed>> {
  const templates = aws.repositoryTemplates(step.location);
  switch (step.call) {
    case 'CreateRepositoryCreationTemplate': {
      const answer = await templates.create(step.template);
      if (answer.value === undefined) {
        const message = `the template ${step.template.prefix} appeared while it was being created`;
        throw new Interruption({is: 'waiting', reason: 'TemplateNotOwned', message, seconds: 1});
      }
      const template = {...step.template, ...timesOf(answer.value)};
      return {advance: (observed) => ({...observed, template}), ...requestOf(answer)};
    }
    case 'UpdateRepositoryCreationTemplate': {
      const answer = await templates.update(step.template);
      const template = {...step.template, ...timesOf(answer.value)};
      return {advance: (observed) => ({...observed, template}), ...requestOf(answer)};
    }
    case 'DeleteRepositoryCreationTemplate': {
      const answer = await templates.delete(step.prefix);
      return {advance: (observed) => ({...observed, template: 'absent'}), ...requestOf(answer)};
    }
    case 'PutImageTagMutability':
    case 'PutLifecyclePolicy':
    case 'SetRepositoryPolicy':
    case 'TagResource':
      return applyToExisting(step, aws);
  }
  return step satisfies never;
}

/** One repository that cannot be changed must not keep the others from it: its failure is part of what is known. */
async function applyToExisting(step: ExistingStep, aws: Doors['aws']): Promise<Applied<Observed>> {
  const {repositoryName} = step;
  try {
    const answer = await call(step, step.location, aws);
    return {advance: (observed) => changed(observed, repositoryName, (existing) => brought(existing, step)), ...requestOf(answer)};
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    const failure = outcomeOf(error).message;
    return {advance: (observed) => edited(observed, repositoryName, (existing) => ({...existing, failure}))};
  }
}

function call(step: ExistingStep, location: RegistryLocation, aws: Doors['aws']): Promise<Answer<void>> {
  const ecr = aws.ecr(location);
  switch (step.call) {
    case 'PutImageTagMutability':
      return ecr.putImageTagMutability(step.repositoryName, step.imageTagMutability, step.filters);
    case 'PutLifecyclePolicy':
      return ecr.putLifecyclePolicy(step.repositoryName, step.text);
    case 'SetRepositoryPolicy':
      return ecr.setRepositoryPolicy(step.repositoryName, step.text);
    case 'TagResource':
      return ecr.tag(step.arn, step.tags);
  }
  return step satisfies never;
}

function brought(existing: Existing, step: ExistingStep): Existing {
  switch (step.call) {
    case 'PutImageTagMutability': {
      const {imageTagMutabilityExclusionFilters: _, ...rest} = existing.repository;
      const {imageTagMutability, filters} = step;
      return {...existing, repository: {...rest, imageTagMutability, ...(filters && {imageTagMutabilityExclusionFilters: filters})}};
    }
    case 'PutLifecyclePolicy':
      return {...existing, lifecyclePolicyText: step.text};
    case 'SetRepositoryPolicy':
      return {...existing, policyText: step.text};
    case 'TagResource':
      return {...existing, tags: {...existing.tags, ...step.tags}};
  }
  return step satisfies never;
}

function changed(observed: Observed, name: string, change: (existing: Existing) => Existing): Observed {
  return {...edited(observed, name, change), changed: [...new Set([...observed.changed, name])]};
}

function edited(observed: Observed, name: string, change: (existing: Existing) => Existing): Observed {
  if (observed.look === undefined) return observed;
  const batch = observed.look.batch.map((existing) => (existing.repository.repositoryName === name ? change(existing) : existing));
  return {...observed, look: {...observed.look, batch}};
}

function timesOf({createdAt, updatedAt}: {readonly createdAt?: string; readonly updatedAt?: string}) {
  return {...(createdAt !== undefined && {createdAt}), ...(updatedAt !== undefined && {updatedAt})};
}
