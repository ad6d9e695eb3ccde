import {awsReasons} from '../aws-reasons.ts';

/** Every reason that a ReplicationBackfill can show. */
export const reasons: Readonly<Record<string, string>> = {
  Complete: 'The backfill is complete.',
  AllReplicated: 'Every image was replicated.',
  ImagesFailed: 'Some images were not replicated; status.failedImages names the first ten. Mend the cause and create another object.',
  Starting: 'The backfill is about to be started.',
  Preparing: 'ECR is finding out which images there are to replicate.',
  InProgress: 'ECR is replicating. status.progress says how far it has come.',
  Stopping: 'The backfill is being stopped; replications that have begun are finished.',
  Suspended: 'spec.suspend is true. Set it to false to start a backfill.',
  DestinationBusy: 'Another backfill goes on to the same region, and ECR has one at a time. It is waited for.',
  TooManyBackfills: 'As many backfills go on as the registry may have at once (ten). The end of one is waited for.',
  Failed: 'The backfill failed; status.failureCode says why. Mend the cause, delete the object, and create it again.',
  Stopped:
    'Somebody else stopped the backfill. To start another, delete the object and create it again, or set suspend to true and back to false.',
  BackfillLost: 'ECR does not know the backfill any more. Nothing is started again: delete the object and create it again.',
  Deleted: 'The object is deleted, and its backfill does not go on.',
  ...awsReasons,
};
