import type {Resource} from '../../schema/object.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {templateDifferences} from '../template-document.ts';
import {standingOf} from '../untagged.ts';
import {hasOtherEncryption, isManaged} from './existing.ts';
import {lookAfter, statusOf} from './memory.ts';
import type {Look, Observed} from './observed.ts';
import type {RepositoryTemplateSpec, RepositoryTemplateStatus} from './schema.ts';
import {prefixOf, wantedTemplate} from './wanted.ts';

type ExistingStatus = NonNullable<RepositoryTemplateStatus['existing']>;

const mostFailed = 10;

/** The status is also the memory of what is ours: a template that is not never enters it, and what could not be read stays. */
export function status(resource: Resource<RepositoryTemplateSpec>, observed: Observed | undefined, outcome: Outcome, now: Date): Report {
  const fields = fieldsOf(resource, observed, outcome, now);
  return {fields: {...fields}, conditions: claimsOf(fields)};
}

function fieldsOf(
  resource: Resource<RepositoryTemplateSpec>,
  observed: Observed | undefined,
  outcome: Outcome,
  now: Date,
): RepositoryTemplateStatus {
  const previous = kept(statusOf(resource));
  if (observed === undefined || typeof observed.template === 'string' || observed.place.is !== 'ready') return previous;
  const {template, place, look, changed} = observed;
  const {spec, metadata} = resource;
  const isSame = templateDifferences(wantedTemplate(resource), template).length === 0;
  const standing = standingOf({
    createdAt: template.createdAt,
    knownSince: previous.createdAt,
    isSame,
    adoptionPolicy: spec.adoptionPolicy,
  });
  // What is to be taken over is ours once it was changed to what the spec says.
  if (standing === 'foreign' || (standing === 'adoptable' && !isSame)) return previous;
  const generation = outcome.is === 'settled' ? metadata.generation : previous.appliedGeneration;
  const existing = existingOf(resource, previous.existing, look, changed, now);
  return {
    prefix: prefixOf(resource),
    registryId: place.accountId,
    region: place.region,
    ...(template.createdAt !== undefined && {createdAt: template.createdAt}),
    ...(template.updatedAt !== undefined && {updatedAt: template.updatedAt}),
    ...(generation !== undefined && {appliedGeneration: generation}),
    ...(existing && spec.applyToExisting && {existing}),
  };
}

/** Adds what this walk saw to what the walks before have seen. */
function existingOf(
  resource: Resource<RepositoryTemplateSpec>,
  previous: ExistingStatus | undefined,
  look: Look | undefined,
  changed: readonly string[],
  now: Date,
): ExistingStatus | undefined {
  if (look === undefined) return previous;
  const {spec, metadata} = resource;
  const isFirst = lookAfter(resource) === '';
  const before = isFirst ? undefined : previous;
  const failed = look.batch.flatMap(({repository, failure}) =>
    failure === undefined ? [] : [{repositoryName: repository.repositoryName, message: failure.slice(0, 1024)}],
  );
  const last = look.batch.at(-1)?.repository.repositoryName;
  return {
    generation: metadata.generation ?? 0,
    ...(look.isLast ? {checkedAt: now.toISOString()} : last !== undefined && {after: last}),
    matching: look.matching,
    managed: (before?.managed ?? 0) + look.batch.filter(isManaged).length,
    changed: (before?.changed ?? 0) + changed.length,
    encryptionDiffers:
      (before?.encryptionDiffers ?? 0) + look.batch.filter((one) => !isManaged(one) && hasOtherEncryption(one, spec)).length,
    failed: [...(before?.failed ?? []), ...failed].slice(0, mostFailed),
    failedCount: (before?.failedCount ?? 0) + failed.length,
  };
}

/** The template works whatever became of repositories that were there, so their trouble stands beside Ready. */
function claimsOf({existing}: RepositoryTemplateStatus): readonly ConditionClaim[] {
  if (existing === undefined) return [];
  const type = 'ExistingInLine';
  if (existing.checkedAt === undefined) {
    return [
      {
        type,
        status: 'Unknown',
        reason: 'ApplyingToExisting',
        message: `${existing.matching} repositories are being looked at`,
        aside: true,
      },
    ];
  }
  if (existing.failedCount > 0) {
    const names = existing.failed.map(({repositoryName}) => repositoryName).join(', ');
    return [
      {type, status: 'False', reason: 'ExistingNotInLine', message: `${existing.failedCount} could not be changed: ${names}`, aside: true},
    ];
  }
  const unmanaged = existing.matching - existing.managed;
  return [
    {
      type,
      status: 'True',
      reason: 'InSync',
      message: `${unmanaged} repositories are in line, ${existing.managed} have objects of their own`,
      aside: true,
    },
  ];
}

/** The kind's own members; conditions and the like belong to the engine. */
function kept(previous: RepositoryTemplateStatus): RepositoryTemplateStatus {
  const {prefix, registryId, region, createdAt, updatedAt, appliedGeneration, existing} = previous;
  return {
    ...(prefix !== undefined && {prefix}),
    ...(registryId !== undefined && {registryId}),
    ...(region !== undefined && {region}),
    ...(createdAt !== undefined && {createdAt}),
    ...(updatedAt !== undefined && {updatedAt}),
    ...(appliedGeneration !== undefined && {appliedGeneration}),
    ...(existing !== undefined && {existing}),
  };
}
