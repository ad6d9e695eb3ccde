import test from 'ava';
import {ServiceStatus} from '../../../src/kinds/service/schema.ts';
import {status} from '../../../src/kinds/service/status.ts';
import type {Outcome} from '../../../src/kinds/outcome.ts';
import {now, seen, service} from './objects.ts';
import {World} from './world.ts';

const waiting: Outcome = {is: 'waiting', reason: 'DeploymentInProgress', message: 'x', seconds: 1};

test('a steady service shows what describe-services shows', (t) => {
  const {status: shown} = new World().register().go();
  t.like(shown, {
    status: 'ACTIVE',
    taskDefinition: 'web:1',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    selector: 'ecs.drayage.dev/service=shop',
    lastCompleted: {taskDefinition: 'web:1', service: {taskDefinition: 'web'}},
  });
  t.deepEqual(
    shown.conditions?.map(({type, status}) => [type, status]),
    [
      ['Ready', 'True'],
      ['Available', 'True'],
      ['Translated', 'True'],
    ],
  );
  const {conditions: _, ...fields} = shown;
  t.true(ServiceStatus.strict().safeParse(fields).success);
});

test('during a deployment the old pods are shown beside the new, each by its own', (t) => {
  const world = new World().register().go().register('app:next').walk().run();
  world.pods = world.pods.map((pod, index) => ({...pod, isReady: pod.image === 'app:runs' || index % 2 === 0}));
  const {status: shown} = world.walk();
  t.like(shown, {runningCount: 3, pendingCount: 1});
  t.like(shown.deployments, [
    {status: 'PRIMARY', taskDefinition: 'web:2', runningCount: 1, pendingCount: 1, rolloutState: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP'},
    {status: 'ACTIVE', taskDefinition: 'web:1', runningCount: 2, pendingCount: 0, rolloutState: 'COMPLETED'},
  ]);
});

test('where nothing could be read the status stays', (t) => {
  const before = {taskDefinition: 'web:2', runningCount: 2, conditions: [], observedGeneration: 4};
  t.deepEqual(status(service({}, {status: before}), undefined, waiting, now).fields, {taskDefinition: 'web:2', runningCount: 2});
});

test('pods of somebody else are not counted', (t) => {
  const deployment = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'shop', uid: 'theirs'}, status: {readyReplicas: 7}};
  t.like(status(service(), seen(undefined, [deployment]), waiting, now).fields, {runningCount: 0, pendingCount: 0});
});

test('a revision with fields that cannot be carried says so beside what still runs', (t) => {
  const world = new World()
    .register()
    .go()
    .change({deploymentController: {type: 'CODE_DEPLOY'}})
    .walk();
  t.like(world.outcome, {is: 'stalled', reason: 'NotTranslatable'});
  t.like(world.status, {taskDefinition: 'web:1', runningCount: 2});
  t.like(
    world.status.conditions?.find(({type}) => type === 'Translated'),
    {status: 'False', reason: 'NotTranslatable'},
  );
});
