import test from 'ava';
import * as fc from 'fast-check';
import {replicationBackfill} from '../../../src/kinds/replication-backfill/index.ts';
import {definition} from '../../../src/kinds/replication-backfill/schema.ts';
import {Killed, walkOnce} from '../../support/walk.ts';
import {accountId} from '../repository/memory-ecr.ts';
import {type Fault, MemoryBackfills} from './memory-backfills.ts';
import {type Backfill, changed, resourceOf, statusIn, walk, west} from './resource.ts';

type Event =
  | {readonly is: 'walk'}
  /** The process dies after its step, or before it has written the status. */
  | {readonly is: 'die'; readonly at: 'step' | 'status'}
  | {readonly is: 'advance'; readonly status: string}
  | {readonly is: 'fault'; readonly fault: Fault}
  | {readonly is: 'foreign'};

const event: fc.Arbitrary<Event> = fc.oneof(
  {weight: 4, arbitrary: fc.constant<Event>({is: 'walk'})},
  {weight: 3, arbitrary: fc.constantFrom<Event>({is: 'die', at: 'step'}, {is: 'die', at: 'status'})},
  fc.constantFrom<Event>({is: 'advance', status: 'IN_PROGRESS'}, {is: 'advance', status: 'COMPLETE'}),
  fc.constantFrom<Fault>('lost before', 'lost after', 'denied', 'full', 'unclear after').map((fault): Event => ({is: 'fault', fault})),
  fc.constant<Event>({is: 'foreign'}),
);

class World {
  readonly aws = new MemoryBackfills();
  readonly foreign = new Set<string>();
  resource: Backfill = resourceOf();
  readonly reasons = new Set<string>();

  own(): readonly string[] {
    return [...this.aws.backfills.keys()].filter((id) => !this.foreign.has(id));
  }

  async happens(happened: Event): Promise<void> {
    const {aws} = this;
    switch (happened.is) {
      case 'walk':
        return this.walk();
      case 'die':
        if (happened.at === 'status') await walk(this.resource, aws);
        else await walkOnce(replicationBackfill, this.resource, aws.doors(), () => raise()).catch(ignoreKilled);
        return;
      case 'advance':
        if (happened.status === 'COMPLETE') aws.finish();
        else for (const {replicationBackfillId: id} of aws.running()) aws.change(id, {status: happened.status});
        return;
      case 'fault':
        aws.fault = happened.fault;
        return;
      case 'foreign':
        // Between an announcement and its start a foreign one could not be told from our own.
        if (aws.running().length === 0 && statusIn(this.resource).starting === undefined) {
          this.foreign.add(aws.put({...west, registryId: accountId}).replicationBackfillId);
        }
    }
  }

  async walk(): Promise<void> {
    const {resource, outcome, report} = await walk(this.resource, this.aws);
    this.resource = resource;
    for (const {reason} of [outcome, ...report.conditions]) this.reasons.add(reason);
  }
}

test('killed anywhere, one backfill is started, and it is the one that is shown', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, {maxLength: 25}), async (events) => {
      const world = new World();
      for (const happened of events) {
        await world.happens(happened);
        t.true(world.own().length <= 1);
      }
      for (let turn = 0; turn < 8; turn += 1) {
        world.aws.finish();
        await world.walk();
      }
      const {replicationBackfillId, status} = statusIn(world.resource);
      t.deepEqual([replicationBackfillId], world.own());
      t.is(status, 'COMPLETE');
      t.false(world.aws.calls.includes('Stop'));
      t.deepEqual(
        [...world.reasons].filter((reason) => !(reason in definition.reasons)),
        [],
      );
    }),
    {numRuns: 300},
  );
});

test('killed anywhere and deleted, nothing of its own goes on, and nothing foreign is stopped', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, {maxLength: 15}), fc.array(event, {maxLength: 3}), async (before, after) => {
      const world = new World();
      for (const happened of before) await world.happens(happened);
      world.resource = changed(world.resource, {}, {deletionTimestamp: '2026-01-01T01:00:00Z'});
      for (const happened of after) await world.happens(happened);
      const {outcome} = await walk(world.resource, world.aws);
      t.is(outcome.is, 'settled');
      for (const {replicationBackfillId: id, status} of world.aws.running()) {
        t.true(world.foreign.has(id) || status === 'STOPPING');
        if (world.foreign.has(id)) t.not(status, 'STOPPING');
      }
      t.true(world.own().length <= 1);
    }),
    {numRuns: 300},
  );
});

function raise(): never {
  throw new Killed();
}

function ignoreKilled(error: unknown): void {
  if (!(error instanceof Killed)) throw error;
}
