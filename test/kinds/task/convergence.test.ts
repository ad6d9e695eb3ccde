import test from 'ava';
import * as fc from 'fast-check';
import {task as kind} from '../../../src/kinds/task/index.ts';
import type {Observed} from '../../../src/kinds/task/observed.ts';
import type {TaskStep} from '../../../src/kinds/task/step.ts';
import type {TaskSpec} from '../../../src/kinds/task/schema.ts';
import type {Resource} from '../../../src/schema/object.ts';
import {Killed, walkOnce} from '../../support/walk.ts';
import {MemoryCluster} from './memory-cluster.ts';
import {task} from './objects.ts';

interface Moment {
  /** The process dies after a step, before it has written the status. */
  readonly dies: boolean;
  /** The synced copies catch up. */
  readonly syncs: boolean;
}

async function walked(cluster: MemoryCluster, resource: Resource<TaskSpec>, {dies, syncs}: Moment): Promise<Resource<TaskSpec>> {
  if (syncs) cluster.sync();
  cluster.time += 1000;
  try {
    const {resource: after, outcome} = await walkOnce<TaskSpec, Observed, TaskStep>(kind, resource, cluster.doors, () => {
      if (dies) throw new Killed();
    });
    if (outcome.is === 'failed') throw new Error(outcome.message);
    return after;
  } catch (error) {
    if (error instanceof Killed) return resource;
    throw error;
  }
}

const settled = {dies: false, syncs: true};

test('whatever dies, and however old the copies are, a task is run once and its end is told', async (t) => {
  const moments = fc.array(fc.record({dies: fc.boolean(), syncs: fc.boolean()}), {minLength: 1, maxLength: 12});
  await fc.assert(
    fc.asyncProperty(moments, fc.integer({min: 0, max: 12}), fc.integer({min: 0, max: 255}), async (walks, endsAfter, exits) => {
      const cluster = new MemoryCluster();
      let resource = task();
      for (const [index, moment] of walks.entries()) {
        resource = await walked(cluster, resource, moment);
        cluster.tick(index >= endsAfter ? exits : undefined);
      }
      for (let left = 0; left < 6; left += 1) {
        resource = await walked(cluster, resource, settled);
        cluster.tick(exits);
      }
      t.deepEqual(cluster.created, ['Job report']);
      t.like(resource.status, {lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', exitCode: exits});
      const before = resource.status;
      t.deepEqual((await walked(cluster, resource, settled)).status, before, 'a task that has stopped writes nothing');
    }),
    {numRuns: 60},
  );
});

test('a task that is stopped at any moment is run at most once, and stops', async (t) => {
  const moments = fc.array(fc.record({dies: fc.boolean(), syncs: fc.boolean()}), {maxLength: 8});
  await fc.assert(
    fc.asyncProperty(moments, async (walks) => {
      const cluster = new MemoryCluster();
      let resource = task();
      for (const moment of walks) {
        resource = await walked(cluster, resource, moment);
        cluster.tick(undefined);
      }
      resource = {...resource, spec: {...resource.spec, stop: true}};
      for (let left = 0; left < 6; left += 1) {
        resource = await walked(cluster, resource, settled);
        cluster.tick(undefined);
      }
      t.true(cluster.created.length <= 1);
      t.like(resource.status, {lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user'});
    }),
    {numRuns: 40},
  );
});

const volume = {name: 'data', efsVolumeConfiguration: {fileSystemId: 'fs-0123456789abcdef0'}};
const mounted = {name: 'web', image: 'nginx:1', memory: 64, mountPoints: [{sourceVolume: 'data', containerPath: '/data'}]};

test('whatever dies, and whenever it is deleted, a task leaves nothing that Kubernetes would not remove', async (t) => {
  const moments = fc.array(fc.record({dies: fc.boolean(), syncs: fc.boolean()}), {maxLength: 6});
  await fc.assert(
    fc.asyncProperty(moments, moments, async (before, after) => {
      const cluster = new MemoryCluster();
      cluster.register({volumes: [volume], containerDefinitions: [mounted]});
      let resource = task();
      for (const moment of before) {
        resource = await walked(cluster, resource, moment);
        t.true(kind.isHeld(resource) || cluster.find('PersistentVolume') === undefined, 'what is made is held before');
      }
      const deletionTimestamp = new Date(cluster.time).toISOString();
      resource = {...resource, metadata: {...resource.metadata, deletionTimestamp}};
      const made = cluster.created.length;
      for (const moment of [...after, settled]) resource = await walked(cluster, resource, moment);
      t.is(cluster.find('PersistentVolume'), undefined);
      t.is(cluster.created.length, made, 'nothing is run that is being deleted');
    }),
    {numRuns: 60},
  );
});
