import type {ECRClient} from '@aws-sdk/client-ecr';
import type {Caller} from './caller.ts';
import type {ReplicationBackfills} from './replication-backfills.ts';

export function createReplicationBackfillsDoor(_options: {
  readonly client: ECRClient;
  readonly call: Caller;
  readonly registryId?: string;
}): ReplicationBackfills {
  return {};
}
