import test from 'ava';
import {thresholdOf} from '../../../src/kinds/service/decide.ts';
import {areUnhealthy, failuresIn, isHealthy, judgementOf, triesWithin} from '../../../src/kinds/service/failures.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import type {Threshold} from '../../../src/translate/deployment-settings.ts';
import {revision} from './objects.ts';

const now = new Date('2026-01-01T00:10:00Z');
const judgement = {containers: new Set(['web', 'init']), isHealthChecked: false};

function pod(status: object): KubeObject {
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p', creationTimestamp: '2026-01-01T00:09:00Z'}, status};
}

const waiting = (reason: string) => ({waiting: {reason, message: ''}});

const table: readonly (readonly [string, number, object])[] = [
  ['a pod that starts', 0, {containerStatuses: [{name: 'web', restartCount: 0, state: waiting('ContainerCreating')}]}],
  ['a container that was started again twice', 2, {containerStatuses: [{name: 'web', restartCount: 2, state: {running: {}}}]}],
  ['one that waits for its third start', 3, {containerStatuses: [{name: 'web', restartCount: 2, state: waiting('CrashLoopBackOff')}]}],
  ['one that has just exited', 1, {containerStatuses: [{name: 'web', restartCount: 0, state: {terminated: {exitCode: 3}}}]}],
  ['a sidecar that is not essential', 0, {containerStatuses: [{name: 'log', restartCount: 9, state: waiting('CrashLoopBackOff')}]}],
  ['an init container', 1, {initContainerStatuses: [{name: 'init', restartCount: 0, state: {terminated: {exitCode: 1}}}]}],
  [
    'two essential containers that restart together',
    2,
    {containerStatuses: ['web', 'init'].map((name) => ({name, restartCount: 2, state: {running: {}}}))},
  ],
  ['a pod that was evicted', 1, {phase: 'Failed'}],
  // Since a minute: at once, and after 10 and 30 seconds.
  ['an image that cannot be pulled', 3, {containerStatuses: [{name: 'log', restartCount: 0, state: waiting('ImagePullBackOff')}]}],
  [
    'one that was not pulled since less',
    1,
    {startTime: '2026-01-01T00:09:55Z', containerStatuses: [{name: 'web', state: waiting('ErrImagePull')}]},
  ],
  ['a pod without a node', 0, {conditions: [{type: 'PodScheduled', status: 'False'}]}],
];
for (const [title, count, status] of table) {
  test(`failed tasks of ${title}: ${count}`, (t) => {
    t.is(failuresIn([pod(status)], judgement, now), count);
  });
}

test('the kubelet tries after 10, 20, 40, … and then every 300 seconds', (t) => {
  t.deepEqual(
    [0, 9, 10, 30, 70, 150, 310, 610, 910].map((seconds) => triesWithin(seconds)),
    [1, 1, 2, 3, 4, 5, 6, 7, 8],
  );
});

test('essential containers count, and init containers that must succeed; sidecars of others do not', (t) => {
  const {definition} = revision({
    containerDefinitions: [
      {name: 'Web_1', image: 'a', memory: 64},
      {name: 'side', image: 'a', memory: 64, essential: false},
    ],
  });
  const spec = {template: {spec: {initContainers: [{name: 'side', restartPolicy: 'Always'}, {name: 'migrate'}]}}};
  const workload = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'x'}, spec};
  const {containers, isHealthChecked} = judgementOf(definition, workload);
  t.is(containers.size, 2);
  t.true(containers.has('migrate'));
  t.false(containers.has('side'));
  t.false(isHealthChecked);
});

test('without a health check a task is healthy when it has run for 40 seconds, with one as soon as it is ready', (t) => {
  const ready = (since: string) => pod({conditions: [{type: 'Ready', status: 'True', lastTransitionTime: since}]});
  t.false(isHealthy(ready('2026-01-01T00:09:21Z'), judgement, now));
  t.true(isHealthy(ready('2026-01-01T00:09:20Z'), judgement, now));
  t.true(isHealthy(ready('2026-01-01T00:09:59Z'), {...judgement, isHealthChecked: true}, now));
  t.false(isHealthy(pod({}), {...judgement, isHealthChecked: true}, now));
});

const bounded: Threshold = {type: 'BOUNDED_PERCENT', value: 50};
const thresholds: readonly (readonly [Threshold, number, number])[] = [
  [bounded, 1, 3],
  [bounded, 25, 13],
  [bounded, 400, 200],
  [bounded, 800, 200],
  [{type: 'UNBOUNDED_PERCENT', value: 50}, 1, 1],
  [{type: 'UNBOUNDED_PERCENT', value: 50}, 800, 400],
  [{type: 'UNBOUNDED_PERCENT', value: 50}, 0, 1],
  [{type: 'COUNT', value: 7}, 800, 7],
];
for (const [threshold, desired, failures] of thresholds) {
  test(`${threshold.type} ${threshold.value} of ${desired} tasks is ${failures}`, (t) => {
    t.is(thresholdOf({rollback: false, resetOnHealthyTask: true, threshold}, desired), failures);
  });
}

const ended = (terminated: object) => [
  pod({containerStatuses: [{name: 'web', restartCount: 1, state: {running: {}}, lastState: {terminated}}]}),
];

test('a task that its health check has ended is told from one that has exited, or used too much memory', (t) => {
  const checked = {...judgement, isHealthChecked: true};
  t.true(areUnhealthy(ended({exitCode: 137, reason: 'Error'}), checked));
  t.false(areUnhealthy(ended({exitCode: 137, reason: 'OOMKilled'}), checked));
  t.false(areUnhealthy(ended({exitCode: 1, reason: 'Error'}), checked));
  t.false(areUnhealthy(ended({exitCode: 143, reason: 'Error'}), judgement));
});
