import type {Resource} from '../../schema/object.ts';
import type {Found} from './observed.ts';
import type {RepositorySpec, RepositoryStatus} from './schema.ts';

/** The status as it was last written; empty before. */
export function statusOf(resource: Resource<RepositorySpec>): RepositoryStatus {
  return resource.status ?? {};
}

/** Whether the status is about this very repository, and not one of the same name that someone made later. */
export function isKnown(status: RepositoryStatus, {repository}: Found): boolean {
  if (status.repositoryArn !== repository.repositoryArn) return false;
  return status.createdAt === undefined || repository.createdAt === undefined || isSameSecond(status.createdAt, repository.createdAt);
}

/** With driftPolicy Report, a difference is drift once this generation of the spec has been in force. */
export function isReportOnly(resource: Resource<RepositorySpec>): boolean {
  const {generation} = resource.metadata;
  return resource.spec.driftPolicy === 'Report' && generation !== undefined && statusOf(resource).applied?.generation === generation;
}

/** One API may answer milliseconds where another rounds to seconds. */
function isSameSecond(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) < 1000;
}
