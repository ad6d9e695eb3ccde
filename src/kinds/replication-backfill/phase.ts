import type {BackfillResults} from '../../aws/replication-backfills.ts';
import type {Resource} from '../../schema/object.ts';
import type {Outcome} from '../outcome.ts';
import {type ReadyPlace, unplaced} from '../registry-ref.ts';
import {type EndStatus, endOf, memoryOf, statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import type {ReplicationBackfillSpec} from './schema.ts';
import {isMoved} from './target.ts';

/** How far the run has come, by what the status remembers and what ECR says. */
export type Phase =
  | {readonly is: 'nowhere'; readonly outcome: Outcome}
  /** Something must end first. */
  | {readonly is: 'busy'; readonly reason: 'DestinationBusy' | 'TooManyBackfills'; readonly message: string}
  /** A start comes next, and is to be written into the status first. */
  | {readonly is: 'announcing'}
  | {readonly is: 'starting'; readonly place: ReadyPlace}
  | {readonly is: 'going'; readonly place: ReadyPlace; readonly backfill: BackfillResults}
  | {readonly is: 'suspended'}
  /** It was stopped by spec.suspend, which is false again. */
  | {readonly is: 'resumed'}
  | {readonly is: 'over'; readonly end: EndStatus}
  | {readonly is: 'lost'};

export function phaseOf(resource: Resource<ReplicationBackfillSpec>, observed: Observed): Phase {
  const {spec} = resource;
  const {place, backfill, rival, refused, toRegion = []} = observed;
  const memory = memoryOf(resource);
  if (backfill === 'absent') return {is: 'lost'};
  if (memory.is === 'ended') return {is: 'over', end: memory.status};
  if (memory.is === 'suspended') return {is: 'suspended'};
  if (place.is !== 'ready') return {is: 'nowhere', outcome: unplaced(spec.registryRef.name, undefined, place)};
  if (isMoved(resource, place)) return {is: 'nowhere', outcome: moved(resource, place)};
  if (backfill !== undefined) return phaseOfOwn(resource, place, backfill);
  const {region} = spec.destination;
  if (rival !== undefined) return busy(`the ReplicationBackfill ${rival} comes first: ECR has one backfill to ${region} at a time`);
  if (refused === 'busy') return busy(`another backfill to ${region} was started in the meantime; it is waited for`);
  if (refused === 'full') {
    const message = 'the registry has as many backfills under way as ECR allows (ten); the end of one is waited for';
    return {is: 'busy', reason: 'TooManyBackfills', message};
  }
  if (spec.suspend) return {is: 'suspended'};
  const other = toRegion.find(({status}) => endOf(status) === undefined);
  if (other !== undefined) {
    return busy(`the backfill ${other.replicationBackfillId} to ${region} was not started from this object; its end is waited for`);
  }
  return memory.is === 'new' && !observed.isRehearsal ? {is: 'announcing'} : {is: 'starting', place};
}

export function moved(resource: Resource<ReplicationBackfillSpec>, place: ReadyPlace): Outcome {
  const {registryId = '', region = ''} = statusOf(resource);
  const message = `the backfill was started in account ${registryId} in ${region}, but the Registry ${resource.spec.registryRef.name} is now account ${place.accountId} in ${place.region}`;
  return {is: 'stalled', reason: 'RegistryMoved', message};
}

function phaseOfOwn(resource: Resource<ReplicationBackfillSpec>, place: ReadyPlace, backfill: BackfillResults): Phase {
  const end = endOf(backfill.status);
  if (end === undefined) return {is: 'going', place, backfill};
  if (end !== 'STOPPED') return {is: 'over', end};
  if (resource.spec.suspend) return {is: 'suspended'};
  return statusOf(resource).suspendedAt === undefined ? {is: 'over', end} : {is: 'resumed'};
}

function busy(message: string): Phase {
  return {is: 'busy', reason: 'DestinationBusy', message};
}
