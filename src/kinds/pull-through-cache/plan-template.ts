import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {ReadyPlace} from '../registry-ref.ts';
import {templateDifferences, templateFault, templateOf} from '../template-document.ts';
import {standingOf} from '../untagged.ts';
import {statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import * as outcomes from './outcomes.ts';
import type {PullThroughCacheSpec} from './schema.ts';
import type {CacheStep} from './step.ts';
import {prefixOf} from './wanted.ts';

/** The template that the spec describes, if it does. */
export function wantedTemplate(resource: Resource<PullThroughCacheSpec>) {
  const {template} = resource.spec;
  return template && templateOf(prefixOf(resource), ['PULL_THROUGH_CACHE'], template);
}

/** How the template that was found stands to the object. */
export function templateStanding(resource: Resource<PullThroughCacheSpec>, {template}: Pick<Observed, 'template'>) {
  if (typeof template === 'string') return undefined;
  const wanted = wantedTemplate(resource);
  const different = wanted === undefined ? [] : templateDifferences(wanted, template);
  const standing = standingOf({
    createdAt: template.createdAt,
    knownSince: statusOf(resource).template?.createdAt,
    isSame: wanted !== undefined && different.length === 0,
    adoptionPolicy: wanted === undefined ? 'Never' : resource.spec.adoptionPolicy,
  });
  return {standing, different};
}

/**
 * What the template of the prefix needs; `undefined` where it needs nothing. It comes before the rule, so that what the first
 * pull creates is set up by it.
 */
export function planTemplate(
  resource: Resource<PullThroughCacheSpec>,
  {template}: Observed,
  {location}: ReadyPlace,
  isReportOnly: boolean,
): Plan<CacheStep> | undefined {
  const {spec} = resource;
  const prefix = prefixOf(resource);
  const then = outcomes.inSync(prefix);
  const wanted = wantedTemplate(resource);
  const fault = spec.template && templateFault(spec.template, 'spec.template');
  if (fault) return {steps: [], then: {is: 'stalled', ...fault}};
  const found = templateStanding(resource, {template});
  if (wanted === undefined) {
    if (found?.standing !== 'ours') return undefined;
    return {steps: [{call: 'DeleteRepositoryCreationTemplate', why: 'the spec no longer has a template', location, prefix}], then};
  }
  if (found === undefined) {
    const wasDeleted = statusOf(resource).template !== undefined;
    const why = wasDeleted ? `the template ${prefix} was deleted in AWS` : `there is no template ${prefix} yet`;
    if (wasDeleted && isReportOnly) return {steps: [], then: outcomes.drifted([why])};
    return {steps: [{call: 'CreateRepositoryCreationTemplate', why, location, template: wanted}], then};
  }
  const {standing, different} = found;
  if (standing === 'foreign') return {steps: [], then: outcomes.templateNotOwned(prefix, different)};
  if (different.length === 0) return undefined;
  const why = `the template ${prefix} differs in ${different.join(', ')}`;
  if (isReportOnly) return {steps: [], then: outcomes.drifted([why])};
  return {steps: [{call: 'UpdateRepositoryCreationTemplate', why, location, template: wanted}], then};
}
