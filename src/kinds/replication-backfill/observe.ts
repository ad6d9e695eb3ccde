import type {ReplicationBackfill} from '../../aws/replication-backfills.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {placeOf, type ReadyPlace} from '../registry-ref.ts';
import {replicationBackfills} from '../sources.ts';
import {type Memory, memoryOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {firstOf, isRival, takenIds} from './rivals.ts';
import {mostFailedImages, type ReplicationBackfillSpec} from './schema.ts';
import {destinationOf, isMoved} from './target.ts';

/** Nothing is asked for what has ended, and for what waits for another object; one call for what goes on. */
export async function observe(resource: Resource<ReplicationBackfillSpec>, doors: Doors): Promise<Observed> {
  const memory = memoryOf(resource);
  const isRehearsal = doors.isRehearsal === true;
  const isDeleting = resource.metadata.deletionTimestamp !== undefined;
  if (memory.is === 'ended' || memory.is === 'suspended' || (memory.is === 'new' && isDeleting))
    return {place: {is: 'missing'}, isRehearsal};
  const place = await placeOf(resource.spec.registryRef.name, undefined, doors);
  if (place.is !== 'ready') return {place, isRehearsal};
  const seen = {place, isRehearsal};
  if (isMoved(resource, place)) return seen;
  const backfills = doors.aws.replicationBackfills(place.location);
  if (memory.is === 'started') return {...seen, backfill: (await backfills.find(memory.id, mostFailedImages)) ?? 'absent'};
  const others = doors.cache.list(replicationBackfills).filter((other) => isRival(other, resource));
  const rival = memory.is === 'new' ? firstOf(resource, others)?.metadata.name : undefined;
  if (rival !== undefined) return {...seen, rival};
  const {region} = resource.spec.destination;
  const all = await backfills.list();
  const toRegion = all.filter(({destination}) => destination.region === region).toSorted(latestFirst);
  const own = memory.is === 'announced' ? ownOf(resource, place, memory, toRegion, takenIds(others)) : undefined;
  if (own === undefined) return {...seen, toRegion};
  return {...seen, toRegion, backfill: (await backfills.find(own.replicationBackfillId, mostFailedImages)) ?? 'absent'};
}

/** What was started before the operator died: it came first after the latest that there was, and is no other object's. */
function ownOf(
  {spec}: Resource<ReplicationBackfillSpec>,
  place: ReadyPlace,
  {latestId, latestStartedAt = ''}: Extract<Memory, {is: 'announced'}>,
  toRegion: readonly ReplicationBackfill[],
  taken: ReadonlySet<string>,
): ReplicationBackfill | undefined {
  const {registryId} = destinationOf(spec, place);
  return toRegion.findLast(
    ({replicationBackfillId: id, destination, startedAt = ''}) =>
      destination.registryId === registryId && id !== latestId && startedAt >= latestStartedAt && !taken.has(id),
  );
}

function latestFirst(one: ReplicationBackfill, other: ReplicationBackfill): number {
  return (other.startedAt ?? '').localeCompare(one.startedAt ?? '');
}
