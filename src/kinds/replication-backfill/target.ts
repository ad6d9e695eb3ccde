import type {BackfillDestination} from '../../aws/replication-backfills.ts';
import type {Resource} from '../../schema/object.ts';
import type {ReadyPlace} from '../registry-ref.ts';
import {statusOf} from './memory.ts';
import type {ReplicationBackfillSpec} from './schema.ts';

export function destinationOf({destination}: ReplicationBackfillSpec, {accountId}: ReadyPlace): BackfillDestination {
  const {region, registryId = accountId} = destination;
  return {region, registryId};
}

/** Whether the Registry is another one now than the one that the backfill was started in. */
export function isMoved(resource: Resource<ReplicationBackfillSpec>, place: ReadyPlace): boolean {
  const {registryId, region} = statusOf(resource);
  return registryId !== undefined && (registryId !== place.accountId || region !== place.region);
}
