import type {RegistryLocation} from '../../aws/aws.ts';
import type {BackfillDestination} from '../../aws/replication-backfills.ts';
import type {Step} from '../kind.ts';

interface At extends Step {
  readonly location: RegistryLocation;
}

export type BackfillStep =
  | (At & {readonly call: 'StartReplicationBackfill'; readonly destination: BackfillDestination})
  | (At & {readonly call: 'StopReplicationBackfill'; readonly id: string});
