import test from 'ava';
import {plan} from '../../../src/kinds/task/plan.ts';
import {TaskStatus} from '../../../src/kinds/task/schema.ts';
import {status} from '../../../src/kinds/task/status.ts';
import type {Observed} from '../../../src/kinds/task/observed.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {at, exited, nameOf, now, pod, ran, revision, running, task, waiting} from './objects.ts';

const job = ran(task());
const other = nameOf(job, 1);

function seen(observed: Observed, resource = task()): {fields: TaskStatus; succeeded: string | undefined; ready: string} {
  const {then} = plan(resource, observed, now);
  const {fields, conditions} = status(resource, observed, then, now);
  const parsed = TaskStatus.safeParse(fields);
  if (!parsed.success) throw parsed.error;
  return {fields: parsed.data, succeeded: conditions.find(({type}) => type === 'Succeeded')?.reason, ready: `${then.is} ${then.reason}`};
}

function one(podStatus: Record<string, unknown>, given: Parameters<typeof pod>[2] = {}): ReturnType<typeof seen> & {one: object} {
  const all = seen({job, pods: [pod(job, podStatus, given)]});
  return {...all, one: all.fields.tasks?.[0] ?? {}};
}

test('a task that was made and has no pod is PROVISIONING', (t) => {
  const {fields, ready} = seen({job, pods: []});
  t.like(fields, {
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    taskDefinition: 'web:3',
    job: 'report',
    createdAt: at(-100),
    pendingCount: 1,
  });
  t.is(ready, 'waiting Provisioning');
  t.regex(plan(task(), {job, pods: []}, now).then.message, /made no pod; see why with: kubectl describe job report$/);
});

test('on a node it is PENDING, then RUNNING with its containers and digests', (t) => {
  const pending = one({phase: 'Pending', containerStatuses: [waiting('web', 'ContainerCreating', '')]});
  t.like(pending.fields, {lastStatus: 'PENDING', pendingCount: 1});
  t.like(pending.one, {
    containers: [
      {name: 'web', lastStatus: 'PENDING'},
      {name: 'Other_1', lastStatus: 'PENDING'},
    ],
  });
  const {fields, ready, succeeded} = one({containerStatuses: [running('web'), running(other)]});
  t.like(fields, {lastStatus: 'RUNNING', desiredStatus: 'RUNNING', startedAt: at(-80), runningCount: 1, pendingCount: 0, stoppedCount: 0});
  t.deepEqual(fields.tasks?.[0]?.containers?.[1], {
    name: 'Other_1',
    image: 'nginx:1',
    lastStatus: 'RUNNING',
    imageDigest: `sha256:${'a'.repeat(64)}`,
  });
  t.is(ready, 'waiting Running');
  t.is(succeeded, undefined);
});

test('a task that was stopped on its first exit shows what that container exited with', (t) => {
  const annotations = {
    'ecs.drayage.dev/stop-code': 'EssentialContainerExited',
    'ecs.drayage.dev/stopped-reason': 'Essential container in task exited',
    'ecs.drayage.dev/exited-container': 'web',
  };
  const stopping = one({containerStatuses: [exited('web', 0), running(other)]}, {annotations});
  t.like(stopping.fields, {lastStatus: 'STOPPING', desiredStatus: 'STOPPED'});
  t.is(stopping.fields.stopCode, undefined, 'until all have stopped the task as a whole has no stop code');
  const {fields, succeeded, ready} = one(
    {phase: 'Failed', reason: 'DeadlineExceeded', containerStatuses: [exited('web', 0), exited(other, 143)]},
    {annotations},
  );
  t.like(fields, {
    lastStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    exitCode: 0,
    stoppedAt: at(-10),
    stoppedCount: 1,
  });
  t.deepEqual(
    fields.tasks?.[0]?.containers?.map(({name, exitCode}) => [name, exitCode]),
    [
      ['web', 0],
      ['Other_1', 143],
    ],
  );
  t.is(succeeded, 'Succeeded');
  t.is(ready, 'settled Succeeded');
});

const ends: readonly [string, Record<string, unknown>, Parameters<typeof pod>[2], Partial<TaskStatus>][] = [
  [
    'an exit code other than 0',
    {phase: 'Failed', containerStatuses: [exited('web', 7), exited(other, 0, {finishedAt: at(-5)})]},
    {},
    {stopCode: 'EssentialContainerExited', exitCode: 7, stoppedAt: at(-5)},
  ],
  [
    'two at the same second, of which one failed',
    {phase: 'Failed', containerStatuses: [exited('web', 0), exited(other, 9)]},
    {},
    {stopCode: 'EssentialContainerExited', exitCode: 9},
  ],
  [
    'memory',
    {phase: 'Failed', containerStatuses: [exited('web', 137, {reason: 'OOMKilled'}), exited(other, 0)]},
    {},
    {stopCode: 'EssentialContainerExited', exitCode: 137},
  ],
  [
    'a command that is not there',
    {phase: 'Failed', containerStatuses: [exited('web', 128, {reason: 'StartError', message: 'exec: "x": not found'}), exited(other, 143)]},
    {},
    {stopCode: 'TaskFailedToStart', stoppedReason: 'CannotStartContainerError: exec: "x": not found'},
  ],
  [
    'a container that others wait for',
    {phase: 'Failed', initContainerStatuses: [exited('migrate', 1)], containerStatuses: [waiting('web', 'PodInitializing', '')]},
    {},
    {stopCode: 'TaskFailedToStart', stoppedReason: 'Container migrate exited with 1, and others wait for its success.'},
  ],
  [
    'an eviction',
    {
      phase: 'Failed',
      conditions: [{type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting'}],
      containerStatuses: [exited('web', 143), exited(other, 143)],
    },
    {},
    {stopCode: 'TerminationNotice', stoppedReason: 'Eviction API: evicting', exitCode: 143},
  ],
  [
    'a node that is gone',
    {
      phase: 'Failed',
      conditions: [{type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node not found'}],
    },
    {},
    {stopCode: 'InfrastructureHealth', stoppedReason: 'PodGC: node not found'},
  ],
  [
    'a pod that was refused by its node',
    {phase: 'Failed', reason: 'UnexpectedAdmissionError', message: 'Allocate failed'},
    {},
    {stopCode: 'TaskFailedToStart', stoppedReason: 'Allocate failed'},
  ],
];
for (const [title, podStatus, given, expected] of ends) {
  test(`a task that ended by ${title}`, (t) => {
    const {fields, succeeded, ready} = one(podStatus, given);
    t.like(fields, {lastStatus: 'STOPPED', ...expected});
    t.is(succeeded, expected.stopCode);
    t.is(ready, 'stalled TaskFailed');
  });
}

test('what a killed container died of is told in the words of ECS', (t) => {
  const {fields} = one({phase: 'Failed', containerStatuses: [exited('web', 137, {reason: 'OOMKilled'}), exited(other, 0)]});
  t.like(fields.tasks?.[0]?.containers?.[0], {exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage'});
});

test('what has stopped stays as it was, also when its pods and its Job are gone', (t) => {
  const {fields: before} = one({phase: 'Failed', containerStatuses: [exited('web', 7), exited(other, 0)]});
  const resource = task({}, {status: before});
  const after = seen({pods: []}, resource);
  t.deepEqual(after.fields, before);
  t.is(after.ready, 'stalled TaskFailed');
});

test('a pod that goes while it runs has stopped its task, and is not made again', (t) => {
  const {fields: before} = one({containerStatuses: [running('web'), running(other)]});
  const {fields} = seen({job, pods: []}, task({}, {status: before}));
  t.like(fields, {lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'The pod was deleted before its exit code was seen.'});
});

test('of a pod that came and went while nobody looked, the Job knows whether it succeeded', (t) => {
  const {fields} = seen({job: ran(task({count: 4}), {completedIndexes: '0,2-3', failedIndexes: '1'}), pods: []}, task({count: 4}));
  t.deepEqual(
    fields.tasks?.map(({lastStatus, exitCode}) => [lastStatus, exitCode]),
    [
      ['STOPPED', 0],
      ['STOPPED', undefined],
      ['STOPPED', 0],
      ['STOPPED', 0],
    ],
  );
});

test('of several tasks the first that did not succeed tells, and only when all have stopped', (t) => {
  const three = ran(task({count: 3}));
  const ended = (code: number, index: number): KubeObject =>
    pod(
      three,
      {phase: code === 0 ? 'Succeeded' : 'Failed', containerStatuses: [exited('web', code), exited(other, 0, {finishedAt: at(-1)})]},
      {index},
    );
  const still = pod(three, {containerStatuses: [running('web'), running(other)]}, {index: 2});
  const some = seen({job: three, pods: [ended(0, 0), ended(4, 1), still]}, task({count: 3}));
  t.like(some.fields, {lastStatus: 'RUNNING', runningCount: 1, stoppedCount: 2, pendingCount: 0});
  t.is(some.fields.stopCode, undefined);
  const all = seen({job: three, pods: [ended(0, 0), ended(4, 1), ended(0, 2)]}, task({count: 3}));
  t.like(all.fields, {lastStatus: 'STOPPED', stoppedCount: 3, exitCode: 4});
  t.is(all.succeeded, 'EssentialContainerExited');
  t.is(all.ready, 'stalled TaskFailed');
});

test('a task that was stopped as asked is settled and has not succeeded', (t) => {
  const annotations = {'ecs.drayage.dev/stop-code': 'UserInitiated', 'ecs.drayage.dev/stopped-reason': 'too dear'};
  const stopped = pod(job, {phase: 'Failed', containerStatuses: [exited('web', 143), exited(other, 143)]}, {annotations});
  const {fields, succeeded, ready} = seen({job, pods: [stopped]}, task({stop: true, stopReason: 'too dear'}));
  t.like(fields, {lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'too dear', exitCode: 143});
  t.is(succeeded, 'UserInitiated');
  t.is(ready, 'settled Stopped');
});

test('before it is run the status has only the notes', (t) => {
  const {fields, conditions} = status(task(), {revision: revision(), pods: []}, {is: 'waiting', reason: 'x', message: '', seconds: 1}, now);
  t.deepEqual(Object.keys(fields).toSorted(), ['noteCount', 'notes']);
  t.like(conditions[0], {type: 'Translated', status: 'True'});
});

test('where nothing could be read the status stays', (t) => {
  const before = {createdAt: at(-100), lastStatus: 'RUNNING' as const};
  t.deepEqual(status(task({}, {status: before}), undefined, {is: 'failed', reason: 'x', message: ''}, now).fields, before);
});
