import test from 'ava';
import {plan} from '../../../src/kinds/task/plan.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {at, containers, exited, nameOf, now, pod, ran, revision, running, task, waiting} from './objects.ts';

const done = {createdAt: at(-100), lastStatus: 'STOPPED' as const};

test('a task that was not run makes a Job that it owns, once', (t) => {
  const {steps, then} = plan(task(), {revision: revision(), pods: []}, now);
  t.deepEqual(
    steps.map(({call, why}) => [call, why]),
    [['RunTask', 'run web:3']],
  );
  const [step] = steps;
  t.like(step?.is === 'run' ? step.job.metadata : undefined, {name: 'report', namespace: 'ns'});
  t.like(step?.is === 'run' ? step.job.metadata.ownerReferences?.[0] : undefined, {kind: 'Task', uid: 'uid-1', controller: true});
  t.like(then, {is: 'waiting', reason: 'Provisioning'});
  const job = ran(task());
  t.deepEqual(plan(task(), {job, pods: []}, now).steps, [], 'the Job is there, and the status does not say so yet');
  t.deepEqual(plan(task({}, {status: {createdAt: at(-100)}}), {job, pods: []}, now).steps, []);
});

test('a task is not run again when its Job is deleted, also while it ran', (t) => {
  const status = {
    createdAt: at(-100),
    lastStatus: 'RUNNING' as const,
    tasks: [{index: 0, pod: 'report-0-abcde', lastStatus: 'RUNNING' as const}],
  };
  const {steps, then} = plan(task({}, {status}), {revision: revision(), pods: []}, now);
  t.deepEqual(steps, []);
  t.like(then, {is: 'stalled', reason: 'TaskFailed', message: 'UserInitiated: The Job was deleted.'});
});

test('a Job of somebody else is not touched', (t) => {
  const job: KubeObject = {apiVersion: 'batch/v1', kind: 'Job', metadata: {name: 'report', namespace: 'ns', uid: 'theirs'}};
  const {steps, then} = plan(task(), {revision: revision(), job, pods: []}, now);
  t.deepEqual(steps, []);
  t.like(then, {is: 'stalled', reason: 'JobNotOwned'});
});

test('what cannot be run says why, and is not run', (t) => {
  for (const [resource, of, reason] of [
    [task(), undefined, 'TaskDefinitionNotFound'],
    [task({taskDefinition: 'web:latest'}), undefined, 'InvalidTaskDefinitionReference'],
    [task({overrides: {containerOverrides: [{name: 'wbe'}]}}), revision(), 'NotTranslatable'],
  ] as const) {
    const {steps, then} = plan(resource, {pods: [], ...(of === undefined ? {} : {revision: of})}, now);
    t.deepEqual(steps, []);
    t.like(then, {is: 'stalled', reason});
  }
});

test('a task that is stopped before it was run is never run', (t) => {
  const {steps, then} = plan(task({stop: true, stopReason: 'not needed'}), {revision: revision(), pods: []}, now);
  t.deepEqual(steps, []);
  t.like(then, {is: 'settled', reason: 'Stopped', message: 'not needed'});
});

test('the first exit of an essential container stops its pod, and leaves it there', (t) => {
  const job = ran(task());
  const other = nameOf(job, 1);
  const half = pod(job, {containerStatuses: [exited('web', 3), running(other)]});
  const {steps} = plan(task({}, {status: {createdAt: at(-100)}}), {job, pods: [half]}, now);
  const [step] = steps;
  t.is(steps.length, 1);
  t.deepEqual(step?.is === 'stop' ? step.patch : step, {
    metadata: {
      annotations: {
        'ecs.drayage.dev/stop-code': 'EssentialContainerExited',
        'ecs.drayage.dev/stopped-reason': 'Essential container in task exited',
        'ecs.drayage.dev/exited-container': 'web',
      },
    },
    spec: {activeDeadlineSeconds: 1},
  });
  const all = pod(job, {containerStatuses: [exited('web', 3), exited(other, 0)]});
  t.deepEqual(plan(task({}, {status: done}), {job, pods: [all]}, now).steps, [], 'nothing is left to stop');
});

test('a container that is not essential, or has a restart policy, may exit', (t) => {
  for (const over of [{essential: false}, {restartPolicy: {enabled: true}}]) {
    const [first, second] = containers;
    const of = revision({containerDefinitions: [first, {...second, ...over}]});
    const step = plan(task(), {revision: of, pods: []}, now).steps.at(-1);
    const job = step?.is === 'run' ? {...step.job, metadata: {...step.job.metadata, uid: 'job-1'}} : ran(task());
    const other = nameOf(ran(task()), 1);
    const one = pod(job, {
      containerStatuses: [running('web')],
      initContainerStatuses: [{...running(other), lastState: exited(other, 1)['state']}],
    });
    t.deepEqual(plan(task(), {job, pods: [one]}, now).steps, []);
  }
});

test('a container that cannot be started is given a minute, then its pod is stopped with the words of ECS', (t) => {
  const job = ran(task());
  const status = {
    phase: 'Pending',
    containerStatuses: [waiting('web', 'ImagePullBackOff', 'Back-off pulling image "x": 401 Unauthorized')],
  };
  const early = plan(task(), {job, pods: [pod(job, {...status, startTime: at(-20)})]}, now);
  t.deepEqual(early.steps, []);
  t.like(early.then, {is: 'waiting', reason: 'Pending', seconds: 40});
  t.regex(early.then.message, /CannotPullContainerError: Back-off pulling image "x": 401 Unauthorized/);
  const late = plan(task(), {job, pods: [pod(job, {...status, startTime: at(-60)})]}, now);
  t.deepEqual(
    late.steps.map(({why}) => why),
    ['stop report-0-abcde: CannotPullContainerError: Back-off pulling image "x": 401 Unauthorized'],
  );
});

test('spec.stop stops each pod in the way that fits, and none that has ended', (t) => {
  const resource = task({count: 3, stop: true, stopReason: 'too dear'});
  const job = ran(task({count: 3}));
  const pods = [
    pod(job, {containerStatuses: [running('web')]}, {index: 0}),
    pod(job, {phase: 'Pending', startTime: undefined}, {index: 1, node: undefined}),
    pod(job, {phase: 'Succeeded', containerStatuses: [exited('web', 0)]}, {index: 2}),
  ];
  const {steps} = plan(resource, {job, pods}, now);
  t.deepEqual(
    steps.map((step) => [step.is, 'pod' in step ? step.pod.metadata.name : '']),
    [
      ['stop', 'report-0-abcde'],
      ['remove', 'report-1-abcde'],
    ],
  );
  t.like(steps[0]?.is === 'stop' ? steps[0].patch : undefined, {
    metadata: {annotations: {'ecs.drayage.dev/stop-code': 'UserInitiated', 'ecs.drayage.dev/stopped-reason': 'too dear'}},
  });
  t.deepEqual(
    plan(resource, {job, pods: []}, now).steps.map(({is}) => is),
    ['suspend'],
  );
});

test('what is being stopped is not told again', (t) => {
  const job = ran(task());
  const told = pod(job, {containerStatuses: [running('web')]}, {annotations: {'ecs.drayage.dev/stop-code': 'UserInitiated'}});
  const going = pod(job, {containerStatuses: [running('web')]}, {deletionTimestamp: at(0)});
  for (const one of [told, going]) {
    const {steps, then} = plan(task({stop: true}), {job, pods: [one]}, now);
    t.deepEqual(steps, []);
    t.like(then, {is: 'waiting', reason: 'Stopping'});
  }
});

test('ttlSecondsAfterStopped deletes the object when its time is over, and not before', (t) => {
  const status = {
    createdAt: at(-100),
    lastStatus: 'STOPPED' as const,
    tasks: [{index: 0, lastStatus: 'STOPPED' as const, stopCode: 'EssentialContainerExited' as const, exitCode: 0, stoppedAt: at(-10)}],
  };
  const early = plan(task({ttlSecondsAfterStopped: 30}, {status}), {pods: []}, now);
  t.deepEqual(early.steps, []);
  t.like(early.then, {is: 'settled', reason: 'Succeeded', seconds: 20});
  const late = plan(task({ttlSecondsAfterStopped: 10}, {status}), {pods: []}, now);
  t.deepEqual(
    late.steps.map(({call}) => call),
    ['DeleteTask'],
  );
  t.deepEqual(plan(task({ttlSecondsAfterStopped: 10}, {status}), {pods: [], isGone: true}, now).steps, []);
});

test('deletion is left to Kubernetes', (t) => {
  const {steps, then} = plan(task({}, {deletionTimestamp: at(0)}), {pods: []}, now);
  t.deepEqual(steps, []);
  t.is(then.is, 'settled');
});
