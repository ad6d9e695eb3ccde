import type {BackfillResults} from '../../aws/replication-backfills.ts';
import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {unplaced} from '../registry-ref.ts';
import {type EndStatus, endOf, isUnderWay, statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {moved, phaseOf} from './phase.ts';
import type {ReplicationBackfillSpec} from './schema.ts';
import type {BackfillStep} from './step.ts';
import {destinationOf, isMoved} from './target.ts';

type Planned = Plan<BackfillStep>;

/** How often is looked, in seconds: a young backfill after as long as it has gone on, an older one every half minute. */
const quickest = 2;
const slowest = 30;
const suspended: Outcome = {is: 'settled', reason: 'Suspended', message: 'spec.suspend is true: no backfill goes on'};

/** What to do for a ReplicationBackfill. Pure. */
export function plan(resource: Resource<ReplicationBackfillSpec>, observed: Observed, now: Date): Planned {
  if (resource.metadata.deletionTimestamp !== undefined) return planDeletion(resource, observed);
  const phase = phaseOf(resource, observed);
  switch (phase.is) {
    case 'nowhere':
      return planned([], phase.outcome);
    case 'busy':
      return planned([], {is: 'waiting', reason: phase.reason, message: phase.message, seconds: slowest});
    case 'announcing':
      return planned([], announced(resource));
    case 'starting': {
      const destination = destinationOf(resource.spec, phase.place);
      const why = `no backfill to ${destination.region} was started from this object yet`;
      return planned([{call: 'StartReplicationBackfill', why, location: phase.place.location, destination}], starting(resource));
    }
    case 'going': {
      const {place, backfill} = phase;
      const then = going(backfill, statusOf(resource).status === 'STOPPING', now);
      if (!resource.spec.suspend || backfill.status === 'STOPPING') return planned([], then);
      return planned([stop(backfill, place.location, 'spec.suspend is true')], then);
    }
    case 'suspended':
      return planned([], {...suspended, ...(observed.backfill !== undefined && {seconds: 1})});
    case 'resumed':
      return planned([], starting(resource));
    case 'over': {
      const {backfill} = observed;
      if (backfill === undefined || backfill === 'absent') return planned([], ended(phase.end, statusOf(resource)));
      // Once more when the status says it: then the object needs no finalizer.
      return planned([], {...ended(phase.end, backfill), seconds: 1});
    }
    case 'lost': {
      const id = statusOf(resource).replicationBackfillId ?? '';
      const message = `ECR does not know the backfill ${id} any more; nothing is started again: delete the object and create it again`;
      return planned([], {is: 'stalled', reason: 'BackfillLost', message});
    }
  }
  return phase satisfies never;
}

function planDeletion(resource: Resource<ReplicationBackfillSpec>, observed: Observed): Planned {
  const {place, backfill} = observed;
  const deleted = {is: 'settled', reason: 'Deleted', message: 'no backfill of this object goes on'} as const;
  if (!isUnderWay(resource)) return planned([], deleted);
  if (place.is !== 'ready') return planned([], unplaced(resource.spec.registryRef.name, undefined, place));
  if (isMoved(resource, place)) return planned([], moved(resource, place));
  const isGoing = backfill !== undefined && backfill !== 'absent' && endOf(backfill.status) === undefined;
  if (!isGoing || backfill.status === 'STOPPING') return planned([], deleted);
  return planned([stop(backfill, place.location, 'the object is deleted')], deleted);
}

function stop({replicationBackfillId: id}: BackfillResults, location: BackfillStep['location'], why: string): BackfillStep {
  return {call: 'StopReplicationBackfill', why, location, id};
}

/** Where AWS refused before, that stays what is shown until it is known whether it does again. */
function announced(resource: Resource<ReplicationBackfillSpec>): Outcome {
  const {refusal} = statusOf(resource);
  return refusal === undefined ? starting(resource) : {is: 'stalled', ...refusal, seconds: 1};
}

function starting({spec}: Resource<ReplicationBackfillSpec>): Outcome {
  return {is: 'waiting', reason: 'Starting', message: `a backfill to ${spec.destination.region} is about to be started`, seconds: 1};
}

function going({status, progress, startedAt}: BackfillResults, wasStopping: boolean, now: Date): Outcome {
  if (status === 'STOPPING') {
    const message = 'the backfill is being stopped; replications that have begun are finished';
    return {is: 'waiting', reason: 'Stopping', message, seconds: wasStopping ? slowest : quickest};
  }
  const age = startedAt === undefined ? slowest : Math.round((now.getTime() - Date.parse(startedAt)) / 1000);
  const seconds = Math.min(slowest, Math.max(quickest, age));
  if (progress === undefined) {
    return {is: 'waiting', reason: 'Preparing', message: 'ECR is finding out which images there are to replicate', seconds};
  }
  return {is: 'waiting', reason: 'InProgress', message: counted(progress), seconds};
}

type Told = Partial<Pick<BackfillResults, 'progress' | 'failureCode'>>;

function ended(end: EndStatus, {progress, failureCode}: {readonly [K in keyof Told]: Told[K] | undefined}): Outcome {
  const counts = progress === undefined ? '' : `: ${counted(progress)}`;
  switch (end) {
    case 'COMPLETE':
      return {is: 'settled', reason: 'Complete', message: `the backfill is complete${counts}`};
    case 'FAILED': {
      const why = failureCode === undefined ? '' : ` with ${failureCode}`;
      const message = `the backfill failed${why}${counts}; mend the cause, delete the object, and create it again`;
      return {is: 'stalled', reason: 'Failed', message};
    }
    case 'STOPPED': {
      const message = `the backfill was stopped by somebody else${counts}; to start another, delete the object and create it again, or set spec.suspend to true and back to false`;
      return {is: 'stalled', reason: 'Stopped', message};
    }
  }
  return end satisfies never;
}

export function counted(progress: NonNullable<BackfillResults['progress']>): string {
  const {totalReplicationCount, completedReplicationCount, failedReplicationCount} = progress;
  return `${completedReplicationCount} of ${totalReplicationCount} replications made, ${failedReplicationCount} failed`;
}

function planned(steps: readonly BackfillStep[], then: Outcome): Planned {
  return {steps, then};
}
