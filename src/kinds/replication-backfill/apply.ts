import type {Answer} from '../../aws/ecr.ts';
import type {ReplicationBackfill} from '../../aws/replication-backfills.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {Interruption} from '../outcome.ts';
import type {Observed} from './observed.ts';
import type {BackfillStep} from './step.ts';

/** Makes one call, and says what is then known. */
export async function apply(step: BackfillStep, {aws}: Doors): Promise<Applied<Observed>> {
  const backfills = aws.replicationBackfills(step.location);
  switch (step.call) {
    case 'StartReplicationBackfill': {
      const answer: Answer<ReplicationBackfill | 'busy' | 'full' | 'unclear'> = await backfills.start(step.destination);
      const {value} = answer;
      if (value === 'unclear') {
        const message = `AWS did not say whether the backfill to ${step.destination.region} was started; it is looked for`;
        throw new Interruption({is: 'waiting', reason: 'Starting', message, seconds: 1});
      }
      if (value === 'busy' || value === 'full') return {advance: (observed) => ({...observed, refused: value})};
      return {advance: (observed) => ({...observed, backfill: {...value, failedImages: []}}), ...requestOf(answer)};
    }
    case 'StopReplicationBackfill': {
      const answer = await backfills.stop(step.id);
      return {
        // When and how it ended, the next look tells.
        advance: (observed) =>
          typeof observed.backfill === 'object' ? {...observed, backfill: {...observed.backfill, status: 'STOPPING'}} : observed,
        ...requestOf(answer),
      };
    }
  }
  return step satisfies never;
}

function requestOf({requestId}: Answer<unknown>): {readonly requestId?: string} {
  return requestId === undefined ? {} : {requestId};
}
