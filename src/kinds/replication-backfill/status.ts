import type {BackfillResults, ReplicationBackfill} from '../../aws/replication-backfills.ts';
import type {Resource} from '../../schema/object.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {memoryOf, statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {phaseOf} from './phase.ts';
import {counted} from './plan.ts';
import type {ReplicationBackfillSpec, ReplicationBackfillStatus} from './schema.ts';

type Fields = ReplicationBackfillStatus;

/** The status is also the memory of what was started (see Memory): what could not be read stays. */
export function status(resource: Resource<ReplicationBackfillSpec>, observed: Observed | undefined, outcome: Outcome, now: Date): Report {
  const fields = fieldsOf(resource, observed, outcome, now);
  return {fields: {...fields}, conditions: claimsOf({...resource, status: fields}, fields)};
}

function fieldsOf(
  resource: Resource<ReplicationBackfillSpec>,
  observed: Observed | undefined,
  {is, reason, message}: Outcome,
  now: Date,
): Fields {
  const previous = kept(statusOf(resource));
  if (observed === undefined) return previous;
  const {place, backfill, toRegion} = observed;
  const where = place.is === 'ready' ? {registryId: place.accountId, region: place.region} : {};
  if (typeof backfill === 'object') return {...where, ...fieldsOfRun(resource, backfill, previous, now)};
  if (resource.metadata.deletionTimestamp !== undefined) return previous;
  const phase = phaseOf(resource, observed);
  switch (phase.is) {
    case 'announcing':
      return {...where, starting: latestIn(toRegion ?? []), ...(previous.refusal && {refusal: previous.refusal})};
    case 'starting':
      // Refused, so that nothing was started; after any other failure it must be looked for.
      return is === 'stalled' ? {...where, refusal: {reason, message: message.slice(0, 2048)}} : previous;
    case 'busy':
      return where;
    case 'suspended': {
      const {starting: _, refusal: __, ...rest} = previous;
      const {replicationBackfillId: id, suspendedAt = now.toISOString()} = previous;
      return id === undefined ? rest : {...rest, suspendedAt};
    }
    case 'nowhere':
    case 'going':
    case 'resumed':
    case 'over':
    case 'lost':
      return previous;
  }
  return phase satisfies never;
}

function fieldsOfRun({spec}: Resource<ReplicationBackfillSpec>, backfill: BackfillResults, previous: Fields, now: Date): Fields {
  const {replicationBackfillId, progress, startedAt, endedAt, failureCode, failedImages} = backfill;
  const isStopped = backfill.status === 'STOPPING' || backfill.status === 'STOPPED';
  const suspendedAt = previous.suspendedAt ?? (spec.suspend ? now.toISOString() : undefined);
  return {
    replicationBackfillId,
    status: backfill.status,
    ...(progress && {progress: {...progress, failureCodes: progress.failureCodes.slice(0, 50)}}),
    ...(startedAt !== undefined && {startedAt}),
    ...(endedAt !== undefined && {endedAt}),
    ...(failureCode !== undefined && {failureCode: failureCode.slice(0, 256)}),
    ...(failedImages.length > 0 && {failedImages: failedImages.map((image) => ({...image, imageId: {...image.imageId}}))}),
    ...(isStopped && suspendedAt !== undefined && {suspendedAt}),
  };
}

function latestIn([latest]: readonly ReplicationBackfill[]): NonNullable<Fields['starting']> {
  if (latest === undefined) return {};
  const {replicationBackfillId: latestId, startedAt: latestStartedAt} = latest;
  return {latestId, ...(latestStartedAt !== undefined && {latestStartedAt})};
}

/** As of a Job: `Complete`, `Failed` and `Suspended` are there where they are so. */
function claimsOf(resource: Resource<ReplicationBackfillSpec>, {progress, failureCode}: Fields): readonly ConditionClaim[] {
  const memory = memoryOf(resource);
  const counts = progress === undefined ? '' : counted(progress);
  if (memory.is === 'suspended') {
    const told = {reason: 'Suspended', message: 'spec.suspend is true'};
    return [
      {type: 'Complete', status: 'False', ...told},
      {type: 'Suspended', status: 'True', ...told, aside: true},
    ];
  }
  if (memory.is !== 'ended') return [];
  if (memory.status !== 'COMPLETE') {
    const reason = memory.status === 'FAILED' ? 'Failed' : 'Stopped';
    const message = [failureCode, counts].filter(Boolean).join(': ');
    return [{type: 'Failed', status: 'True', reason, message, aside: true}];
  }
  return [{type: 'Complete', status: 'True', reason: 'Complete', message: counts}, ...replicated(progress, counts)];
}

/** The backfill is complete also where some images could not be replicated; that stands beside. */
function replicated(progress: Fields['progress'], message: string): readonly ConditionClaim[] {
  if (progress === undefined) return [];
  const type = 'AllReplicated';
  if (progress.failedReplicationCount === 0) return [{type, status: 'True', reason: 'AllReplicated', message, aside: true}];
  const codes = progress.failureCodes.join(', ');
  return [{type, status: 'False', reason: 'ImagesFailed', message: codes === '' ? message : `${message}: ${codes}`, aside: true}];
}

/** The kind's own members; conditions and the like belong to the engine. */
function kept(previous: Fields): Fields {
  const {observedGeneration: _, conditions: __, ...fields} = previous as Fields & Record<string, unknown>;
  return fields;
}
