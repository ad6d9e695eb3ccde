import type {Resource} from '../../schema/object.ts';
import type {RepositoryTemplateSpec, RepositoryTemplateStatus} from './schema.ts';

/** The status as it was last written; empty before. */
export function statusOf(resource: Resource<RepositoryTemplateSpec>): RepositoryTemplateStatus {
  return resource.status ?? {};
}

/** How long a look at existing repositories is good for: what is created later is created by the template. */
export const existingMilliseconds = 6 * 3_600_000;

/** Whether repositories that were there are to be looked at, and behind which name. */
export function isExistingDue({spec, metadata, status}: Resource<RepositoryTemplateSpec>, now: Date): boolean {
  if (!spec.applyToExisting) return false;
  const {existing} = (status ?? {}) as RepositoryTemplateStatus;
  if (existing === undefined || existing.generation !== metadata.generation || existing.checkedAt === undefined) return true;
  return now.getTime() - Date.parse(existing.checkedAt) >= existingMilliseconds;
}

/** The name behind which to go on; empty at the beginning. */
export function lookAfter({metadata, status}: Resource<RepositoryTemplateSpec>): string {
  const {existing} = (status ?? {}) as RepositoryTemplateStatus;
  return existing?.generation === metadata.generation && existing?.checkedAt === undefined ? (existing?.after ?? '') : '';
}
