import type {BackfillResults, ReplicationBackfill} from '../../aws/replication-backfills.ts';
import type {Place} from '../registry-ref.ts';

export interface Observed {
  /** `missing` also where it does not matter. */
  readonly place: Place;
  /** The name of the object whose backfill comes first. */
  readonly rival?: string;
  /** What goes to the destination region, the latest first; where a start is considered. */
  readonly toRegion?: readonly ReplicationBackfill[];
  /** The object's own. `absent`: ECR does not know it any more. */
  readonly backfill?: 'absent' | BackfillResults;
  /** AWS started none just now. */
  readonly refused?: 'busy' | 'full';
  /** Nothing will be carried out, so nothing needs to be announced. */
  readonly isRehearsal: boolean;
}
