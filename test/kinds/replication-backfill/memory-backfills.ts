import type {BackfillDestination, BackfillResults, ReplicationBackfills} from '../../../src/aws/replication-backfills.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import {Interruption} from '../../../src/kinds/outcome.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {fakeAws} from '../../support/fake-aws.ts';
import {cacheOf} from '../../support/walk.ts';
import {accountId, region} from '../repository/memory-ecr.ts';

export type Fault = 'lost before' | 'lost after' | 'denied' | 'full' | 'unclear after';

/** A registry's backfills in memory, with what was called. */
export class MemoryBackfills {
  readonly calls: string[] = [];
  readonly backfills = new Map<string, BackfillResults>();
  /** What befalls the next start. */
  fault?: Fault;
  /** What happens as soon as the next list was read. */
  afterList?: () => void;
  now = Date.UTC(2026, 0, 1);
  account = accountId;

  take(): string[] {
    return this.calls.splice(0);
  }

  running(): readonly BackfillResults[] {
    return [...this.backfills.values()].filter(({status}) => ['PREPARING', 'IN_PROGRESS', 'STOPPING'].includes(status));
  }

  /** As somebody else would. */
  put(destination: BackfillDestination, more: Partial<BackfillResults> = {}): BackfillResults {
    this.now += 1000;
    const made: BackfillResults = {
      replicationBackfillId: `b-${this.backfills.size + 1}`,
      destination,
      status: 'PREPARING',
      startedAt: new Date(this.now).toISOString(),
      failedImages: [],
      ...more,
    };
    this.backfills.set(made.replicationBackfillId, made);
    return made;
  }

  change(id: string, change: Partial<BackfillResults>): void {
    this.backfills.set(id, {...this.backfills.get(id)!, ...change});
  }

  /** Lets every backfill come to an end. */
  finish(status = 'COMPLETE', more: Partial<BackfillResults> = {}): void {
    this.now += 60_000;
    for (const backfill of this.running()) {
      const end = backfill.status === 'STOPPING' ? 'STOPPED' : status;
      this.change(backfill.replicationBackfillId, {status: end, endedAt: new Date(this.now).toISOString(), ...more});
    }
  }

  door(): ReplicationBackfills {
    return {
      start: (destination) => {
        this.calls.push('Start');
        const {fault} = this;
        delete this.fault;
        if (fault === 'full') return Promise.resolve({value: 'full'});
        if (fault === 'denied')
          return refuse({is: 'stalled', reason: 'AccessDenied', message: 'ecr:StartReplicationBackfill', seconds: 120});
        const lost = {is: 'failed', reason: 'AwsUnavailable', message: 'no answer'} as const;
        if (fault === 'lost before') return refuse(lost);
        if (this.running().some((other) => other.destination.region === destination.region)) return Promise.resolve({value: 'busy'});
        const made = this.put(destination);
        if (fault === 'lost after') return refuse(lost);
        return Promise.resolve({value: fault === 'unclear after' ? 'unclear' : made});
      },
      stop: (id) => {
        this.calls.push('Stop');
        if (this.running().some(({replicationBackfillId}) => replicationBackfillId === id)) this.change(id, {status: 'STOPPING'});
        return Promise.resolve({value: undefined});
      },
      list: () => {
        this.calls.push('List');
        const all = [...this.backfills.values()].toReversed();
        this.afterList?.();
        delete this.afterList;
        return Promise.resolve(all);
      },
      find: (id, most) => {
        this.calls.push('Describe');
        const found = this.backfills.get(id);
        return Promise.resolve(found && {...found, failedImages: found.failedImages.slice(0, most)});
      },
    };
  }

  doors(objects: readonly KubeObject[] = []): Doors {
    return {
      aws: fakeAws({
        identity: () => Promise.resolve({accountId: this.account, region, arn: `arn:aws:sts::${this.account}:assumed-role/drayage/pod`}),
        replicationBackfills: () => this.door(),
      }),
      kube: undefined as never,
      cache: cacheOf(() => objects),
      clusterId: '3f0e8a52-0000-4000-8000-000000000001',
      now: () => new Date(this.now),
    };
  }
}

function refuse(outcome: ConstructorParameters<typeof Interruption>[0]): Promise<never> {
  return Promise.reject(new Interruption(outcome));
}
