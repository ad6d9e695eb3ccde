import test from 'ava';
import {ServiceStatus} from '../../../src/kinds/service/schema.ts';
import {status} from '../../../src/kinds/service/status.ts';
import {deployed, revision, seen, service, steady} from './objects.ts';

test('a steady service shows what describe-services shows', (t) => {
  const {fields, conditions} = status(
    service(),
    seen(revision(), [deployed(service(), revision(), {...steady, conditions: [{type: 'Available', status: 'True'}]})]),
  );
  t.like(fields, {
    status: 'ACTIVE',
    taskDefinition: 'web:3',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    selector: 'ecs.drayage.dev/service=shop',
  });
  const [primary, ...others] = fields['deployments'] as readonly Record<string, unknown>[];
  t.deepEqual(others, []);
  t.like(primary, {status: 'PRIMARY', rolloutState: 'COMPLETED', desiredCount: 2, runningCount: 2, pendingCount: 0});
  t.is(primary?.['rolloutStateReason'], `ECS deployment ${String(primary?.['id'])} completed.`);
  t.deepEqual(
    conditions.map(({type, status}) => [type, status]),
    [
      ['Translated', 'True'],
      ['Available', 'True'],
    ],
  );
  t.true(ServiceStatus.safeParse(fields).success);
});

test('during a deployment the old pods are shown beside the new, and none is counted twice', (t) => {
  const counts = {replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2};
  const {fields} = status(service(), seen(revision(), [deployed(service(), revision(), counts)]));
  const deployments = fields['deployments'] as readonly Record<string, unknown>[];
  t.like(fields, {runningCount: 2, pendingCount: 1});
  t.like(deployments[0], {status: 'PRIMARY', runningCount: 0, pendingCount: 1, rolloutState: 'IN_PROGRESS'});
  t.like(deployments[1], {status: 'ACTIVE', desiredCount: 0, runningCount: 2, pendingCount: 0});
  t.true(ServiceStatus.safeParse(fields).success);
});

test('a Deployment of somebody else is not counted', (t) => {
  const deployment = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'shop', uid: 'theirs'}, status: {readyReplicas: 7}};
  const {fields} = status(service(), seen(revision(), [deployment]));
  t.like(fields, {runningCount: 0, pendingCount: 0, deployments: []});
});

test('where nothing could be read the status stays', (t) => {
  const before = {taskDefinition: 'web:2', runningCount: 2, conditions: [], observedGeneration: 4};
  t.deepEqual(status(service({}, {status: before}), undefined).fields, {taskDefinition: 'web:2', runningCount: 2});
});

test('a revision with fields that cannot be carried says so beside what still runs', (t) => {
  const of = revision({placementConstraints: [{type: 'memberOf', expression: 'x'}]}, 4);
  const {fields, conditions} = status(service(), seen(of, [deployed(service(), revision(), steady)]));
  t.like(fields, {taskDefinition: 'web:3', runningCount: 2});
  t.like(conditions[0], {type: 'Translated', status: 'False', reason: 'NotTranslatable'});
});
