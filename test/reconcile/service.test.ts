import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {controllerRevisions, deployments, services, taskDefinitions} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {conditionIn, personOf, type Person} from '../support/place.ts';
import {startStage, type Stage} from '../support/stage.ts';

let stage: Stage | undefined;
let person: Person;

test.before(async () => {
  stage = await startStage({nodes: 1});
  person = personOf(stage.cluster);
  await stage.operator();
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

// With no health check ECS, and so the Deployment, waits 40 seconds longer for each pod.
const container = {name: 'app', image: 'registry.example.com/app:1', memory: 64, healthCheck: {command: ['CMD', 'true'], interval: 5}};
const web = {family: 'web', containerDefinitions: [container]};
const second = {family: 'web', containerDefinitions: [{...container, image: 'registry.example.com/app:2'}]};

test('a service becomes a Deployment that it owns, and shows itself as ECS would', async (t) => {
  const place = await person.place('made');
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(services, 'front', {taskDefinition: 'web', desiredCount: 2});
  const service = await place.until(services, 'front', 'SteadyState');
  t.is(conditionIn(service, 'Ready')?.status, 'True');
  t.is(conditionIn(service, 'Available')?.status, 'True');
  const deployment = await place.get(deployments, 'front');
  t.like(deployment?.metadata.ownerReferences?.[0], {kind: 'Service', name: 'front', uid: service.metadata.uid, controller: true});
  t.is(deployment?.metadata.annotations?.['ecs.drayage.dev/task-definition'], 'web:1');
  t.like(service['status'], {
    status: 'ACTIVE',
    taskDefinition: 'web:1',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    selector: 'ecs.drayage.dev/service=front',
  });
  const {deployments: shown} = statusOf(service) as {deployments: readonly object[]};
  t.is(shown.length, 1);
  t.like(shown[0], {
    status: 'PRIMARY',
    taskDefinition: 'web:1',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    rolloutState: 'COMPLETED',
  });
  const [header = '', row = ''] = (await person.kubectl('get', 'ecssvc', '-n', place.namespace)).trimEnd().split('\n');
  t.deepEqual(header.split(/\s+/), ['NAME', 'READY', 'STATUS', 'TASKDEFINITION', 'DESIRED', 'RUNNING', 'AGE']);
  t.deepEqual(row.split(/\s+/).slice(0, 6), ['front', 'True', 'SteadyState', 'web:1', '2', '2']);
});

test('kubectl scale changes desiredCount, and a HorizontalPodAutoscaler finds its target', async (t) => {
  const place = await person.place('scaled');
  await place.apply(taskDefinitions, 'web', {...web, service: {}});
  await place.until(services, 'web', 'SteadyState');
  await person.kubectl('scale', 'services.ecs.drayage.dev/web', '-n', place.namespace, '--replicas=3');
  const service = await eventually('three tasks run', async () => {
    const seen = await place.get(services, 'web');
    return statusOf(seen)['runningCount'] === 3 && seen;
  });
  t.like(service.spec, {desiredCount: 3});
  t.is(replicasOf(await place.get(deployments, 'web')), 3);
  // A TaskDefinition that says nothing of the number leaves it alone.
  await place.change(taskDefinitions, 'web', {metadata: {labels: {a: 'change'}}});
  await sleep(1000);
  t.is(replicasOf(await place.get(deployments, 'web')), 3);
  const scale = await person.kubectl('get', '--raw', `/apis/ecs.drayage.dev/v1alpha1/namespaces/${place.namespace}/services/web/scale`);
  t.like(JSON.parse(scale), {kind: 'Scale', spec: {replicas: 3}, status: {replicas: 3, selector: 'ecs.drayage.dev/service=web'}});
  const target = {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Service', name: 'web'};
  const autoscalers = {apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', plural: 'horizontalpodautoscalers', namespaced: true};
  const metric = {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}};
  // The number of the pods that run is above maxReplicas, which needs no metrics to be seen.
  await place.apply(autoscalers, 'web', {scaleTargetRef: target, minReplicas: 1, maxReplicas: 2, metrics: [metric]});
  await eventually('the autoscaler has set desiredCount', async () => replicasOf(await place.get(deployments, 'web')) === 2);
  t.like((await place.get(services, 'web'))?.['spec'], {desiredCount: 2});
  const autoscaler = await place.get(autoscalers, 'web');
  t.like(conditionIn(autoscaler, 'AbleToScale'), {status: 'True'});
});

test('what someone changes in the Deployment is set right; what someone adds stays', async (t) => {
  const place = await person.place('drift');
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 1}});
  await place.until(services, 'web', 'SteadyState');
  const before = await place.get(deployments, 'web');
  await place.change(deployments, 'web', {metadata: {annotations: {'example.com/mine': 'yes'}, labels: {team: 'shop'}}});
  await person.kubectl('set', 'image', 'deployment/web', '-n', place.namespace, 'app=registry.example.com/other:9');
  await person.kubectl('scale', 'deployment/web', '-n', place.namespace, '--replicas=5');
  await person.kubectl('set', 'env', 'deployment/web', '-n', place.namespace, 'ADDED=yes');
  const after = await eventually('image and replicas are as the service says', async () => {
    const seen = await place.get(deployments, 'web');
    return replicasOf(seen) === 1 && imageOf(seen) === container.image && seen;
  });
  await place.until(services, 'web', 'SteadyState');
  t.is(after.metadata.uid, before?.metadata.uid);
  const last = await place.get(deployments, 'web');
  t.is(last?.metadata.annotations?.['example.com/mine'], 'yes');
  t.is(last?.metadata.labels?.['team'], 'shop');
  const events = await place.events('Service', 'web');
  t.true(
    events.some(({note}) => note.includes('was changed by someone else')),
    JSON.stringify(events),
  );
});

test('a label of ours that someone removes comes back, though the object is then out of sight', async (t) => {
  const place = await person.place('unlabelled');
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 0}});
  await place.until(services, 'web', 'SteadyState');
  await place.change(deployments, 'web', {metadata: {labels: {'app.kubernetes.io/managed-by': null}}});
  await eventually(
    'the label is back',
    async () => (await place.get(deployments, 'web'))?.metadata.labels?.['app.kubernetes.io/managed-by'] === 'drayage',
  );
  t.is(conditionIn(await place.until(services, 'web', 'SteadyState'), 'Ready')?.status, 'True');
});

test('a Deployment that someone deletes comes back', async (t) => {
  const place = await person.place('missing');
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 1}});
  await place.until(services, 'web', 'SteadyState');
  const before = await place.get(deployments, 'web');
  await place.delete(deployments, 'web');
  const after = await eventually('there is another Deployment', async () => {
    const seen = await place.get(deployments, 'web');
    return seen !== undefined && seen.metadata.uid !== before?.metadata.uid && seen;
  });
  t.is(imageOf(after), container.image);
  await place.until(services, 'web', 'SteadyState');
});

test('a Deployment of that name that someone else made is left alone', async (t) => {
  const place = await person.place('foreign');
  const labels = {app: 'theirs'};
  const template = {metadata: {labels}, spec: {containers: [{name: 'theirs', image: 'theirs:1'}]}};
  const before = await place.apply(deployments, 'web', {replicas: 0, selector: {matchLabels: labels}, template});
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 1}});
  const service = await place.until(services, 'web', 'ObjectNotOwned');
  t.is(conditionIn(service, 'Stalled')?.status, 'True');
  t.regex(
    conditionIn(service, 'Ready')?.message ?? '',
    /Deployment web exists and was not made by this object; delete it, or choose another name/,
  );
  t.like(statusOf(service), {runningCount: 0, deployments: [{runningCount: 0, rolloutState: 'IN_PROGRESS'}]});
  const warnings = await eventually('there is a Warning', async () => {
    const seen = (await place.events('Service', 'web')).filter(({type}) => type === 'Warning');
    return seen.length > 0 && seen;
  });
  t.deepEqual(
    warnings.map(({reason, times}) => [reason, times]),
    [['ObjectNotOwned', 1]],
  );
  const after = await place.get(deployments, 'web');
  t.deepEqual([after?.['spec'], after?.metadata.generation], [before['spec'], before.metadata.generation]);
  t.is(after?.metadata.annotations?.['ecs.drayage.dev/applied'], undefined);
});

test('a family follows its newest revision; family:1 stays at the first', async (t) => {
  const place = await person.place('pinned');
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(services, 'newest', {taskDefinition: 'web', desiredCount: 1});
  await place.apply(services, 'pinned', {taskDefinition: 'web:1', desiredCount: 1});
  await place.apply(services, 'arn', {
    taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:1',
    desiredCount: 1,
  });
  for (const name of ['newest', 'pinned', 'arn']) await place.until(services, name, 'SteadyState');
  const pinned = await place.get(deployments, 'pinned');
  await place.apply(taskDefinitions, 'web', second);
  await eventually('the newest revision runs', async () => {
    const seen = await place.get(services, 'newest');
    return statusOf(seen)['taskDefinition'] === 'web:2' && conditionIn(seen, 'Ready')?.status === 'True';
  });
  t.is(imageOf(await place.get(deployments, 'newest')), 'registry.example.com/app:2');
  for (const name of ['pinned', 'arn']) {
    t.is(imageOf(await place.get(deployments, name)), container.image, name);
    t.is(statusOf(await place.get(services, name))['taskDefinition'], 'web:1', name);
  }
  t.is((await place.get(deployments, 'pinned'))?.metadata.generation, pinned?.metadata.generation);
  // Back, as in ECS: name the older revision.
  await place.change(services, 'newest', {spec: {taskDefinition: 'web:1'}});
  await eventually('the first revision runs again', async () => imageOf(await place.get(deployments, 'newest')) === container.image);
});

test('a service waits for its task definition, and for its revision', async (t) => {
  const place = await person.place('waits');
  await place.apply(services, 'early', {taskDefinition: 'web', desiredCount: 1});
  await place.apply(services, 'later', {taskDefinition: 'web:2', desiredCount: 1});
  const early = await place.until(services, 'early', 'TaskDefinitionNotFound');
  t.regex(conditionIn(early, 'Ready')?.message ?? '', /namespace has no TaskDefinition web; it goes on as soon as there is one/);
  t.is(await place.get(deployments, 'early'), undefined);
  await place.apply(taskDefinitions, 'web', web);
  await place.until(services, 'early', 'SteadyState');
  await place.until(services, 'later', 'TaskDefinitionNotFound');
  await place.apply(taskDefinitions, 'web', second);
  const later = await place.until(services, 'later', 'SteadyState');
  t.is(statusOf(later)['taskDefinition'], 'web:2');
});

test('a reference that is none is refused with the forms that there are', async (t) => {
  const place = await person.place('reference');
  await place.apply(services, 'web', {taskDefinition: 'web:latest'});
  const service = await place.until(services, 'web', 'InvalidTaskDefinitionReference');
  t.regex(conditionIn(service, 'Ready')?.message ?? '', /taskDefinition must be a family, family:revision, or the ARN/);
  await t.throwsAsync(place.apply(services, 'none', {desiredCount: 1}), {message: /spec\.taskDefinition: Required value/});
  await t.throwsAsync(place.apply(services, 'negative', {taskDefinition: 'web', desiredCount: -1}), {
    message: /spec\.desiredCount.*greater than or equal to 0/,
  });
});

test('a service with fields that cannot be carried stalls with their paths, and what runs stays', async (t) => {
  const place = await person.place('refused');
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(services, 'web', {taskDefinition: 'web', desiredCount: 1});
  await place.until(services, 'web', 'SteadyState');
  const before = await place.get(deployments, 'web');
  await place.change(services, 'web', {spec: {deploymentController: {type: 'CODE_DEPLOY'}}});
  const service = await place.until(services, 'web', 'NotTranslatable');
  t.regex(conditionIn(service, 'Ready')?.message ?? '', /service\.deploymentController\.type: /);
  t.is((await place.get(deployments, 'web'))?.metadata.generation, before?.metadata.generation);
  t.is(statusOf(service)['runningCount'], 1);
});

test('a namespace that has no room says so in the status of the service', async (t) => {
  const place = await person.place('quota');
  const quotas = {apiVersion: 'v1', kind: 'ResourceQuota', plural: 'resourcequotas', namespaced: true};
  await place.apply(quotas, 'full', {hard: {pods: '0'}});
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 1}});
  const service = await eventually('the quota is named', async () => {
    const seen = await place.get(services, 'web');
    return /exceeded quota: full/.test(conditionIn(seen, 'Ready')?.message ?? '') && seen;
  });
  t.is(conditionIn(service, 'Ready')?.status, 'False');
  t.like(statusOf(service), {desiredCount: 1, runningCount: 0});
  await place.delete(quotas, 'full');
  await person.kubectl('rollout', 'restart', 'deployment/web', '-n', place.namespace);
  await place.until(services, 'web', 'SteadyState');
});

test('a deleted service takes its Deployment along; a deleted task definition takes all', async (t) => {
  const place = await person.place('collected');
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 1}});
  await place.apply(services, 'alone', {taskDefinition: 'web', desiredCount: 1});
  await place.until(services, 'web', 'SteadyState');
  await place.until(services, 'alone', 'SteadyState');
  await place.delete(services, 'alone');
  await place.gone(services, 'alone');
  await place.gone(deployments, 'alone');
  t.truthy(await place.get(deployments, 'web'));
  await place.delete(taskDefinitions, 'web');
  await place.gone(services, 'web');
  await place.gone(deployments, 'web');
  await eventually('the revisions are gone', async () => (await place.list(controllerRevisions)).length === 0);
  t.pass();
});

function statusOf(object: KubeObject | undefined): Readonly<Record<string, unknown>> {
  return (object?.['status'] ?? {}) as Readonly<Record<string, unknown>>;
}

function replicasOf(deployment: KubeObject | undefined): number | undefined {
  return (deployment?.['spec'] as {replicas?: number} | undefined)?.replicas;
}

function imageOf(deployment: KubeObject | undefined): string | undefined {
  const {template} = (deployment?.['spec'] ?? {}) as {template?: {spec: {containers: readonly {image: string}[]}}};
  return template?.spec.containers[0]?.image;
}
