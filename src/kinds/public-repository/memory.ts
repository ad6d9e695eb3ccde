import type {Resource} from '../../schema/object.ts';
import {isSameSecond} from '../untagged.ts';
import type {Found} from './observed.ts';
import type {PublicRepositorySpec, PublicRepositoryStatus} from './schema.ts';

export type Memory = NonNullable<PublicRepositoryStatus['applied']>;

/** The status as it was last written; empty before. */
export function statusOf(resource: Resource<PublicRepositorySpec>): PublicRepositoryStatus {
  return resource.status ?? {};
}

/** Whether the status is about this very repository, and not one of the same name that someone made later. */
export function isKnown(status: PublicRepositoryStatus, {repository}: Found): boolean {
  if (status.repositoryArn !== repository.repositoryArn) return false;
  return status.createdAt === undefined || repository.createdAt === undefined || isSameSecond(status.createdAt, repository.createdAt);
}

/** What was set from the spec on this very repository. */
export function memoryOf(status: PublicRepositoryStatus, found: Found): Memory {
  return isKnown(status, found) ? (status.applied ?? {}) : {};
}

/** SHA-256 of the logo that the repository has from the spec, as far as is known. */
export function logoOf(applied: Memory, {sentLogo}: Found): string | undefined {
  return sentLogo === undefined ? applied.logoDigest : sentLogo === 'none' ? undefined : sentLogo;
}

/** With driftPolicy Report, a difference is drift once this generation of the spec has been in force. */
export function isReportOnly(resource: Resource<PublicRepositorySpec>): boolean {
  const {generation} = resource.metadata;
  return resource.spec.driftPolicy === 'Report' && generation !== undefined && statusOf(resource).applied?.generation === generation;
}
