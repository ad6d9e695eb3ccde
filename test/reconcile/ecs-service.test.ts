import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {deployments, pods, services, taskDefinitions} from '../../src/schema/types.ts';
import {configMaps, daemonSets} from '../../src/schema/workload-types.ts';
import {eventually} from '../support/eventually.ts';
import {conditionIn, personOf, type Person, type Place} from '../support/place.ts';
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

// With a health check nothing waits for 40 seconds; the simulated node says at once that it passes.
const container = {name: 'app', image: 'registry.example.com/app:1', memory: 64, healthCheck: {command: ['CMD', 'true'], interval: 5}};
const web = {family: 'web', containerDefinitions: [container]};
const second = {family: 'web', containerDefinitions: [{...container, image: 'registry.example.com/app:2'}]};
/** No node of this platform is there, so that the test can say in the place of a kubelet how its pods are. */
const nowhere = {...second, runtimePlatform: {cpuArchitecture: 'ARM64'}};
const breaker = {deploymentCircuitBreaker: {enable: true, rollback: true}};

test('a circuit breaker takes a failing deployment back to the tasks that ran all the time, and tries it no more', async (t) => {
  const place = await person.place('breaker');
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(services, 'web', {taskDefinition: 'web', desiredCount: 2, deploymentConfiguration: breaker});
  const steady = await place.until(services, 'web', 'SteadyState');
  const [first] = deploymentsOf(steady);
  const before = await uidsOf(place);
  await place.apply(taskDefinitions, 'web', nowhere);
  await crash(place, 'web:2', 2, 3);
  const back = await place.until(services, 'web', 'RolledBack');
  t.is(conditionIn(back, 'Stalled')?.reason, 'RolledBack');
  t.regex(conditionIn(back, 'Ready')?.message ?? '', /deployment of web:2 failed: ECS deployment circuit breaker: tasks failed to start/);
  const [primary, failed] = deploymentsOf(back);
  t.like(primary, {id: first?.['id'], status: 'PRIMARY', taskDefinition: 'web:1', rolloutState: 'COMPLETED', runningCount: 2});
  t.like(failed, {taskDefinition: 'web:2', rolloutState: 'FAILED'});
  t.true(Number(failed?.['failedTasks']) >= 3);
  t.deepEqual(await uidsOf(place), before);
  const messages = eventsOf(back);
  t.true(messages.includes(`(service web) rolling back to deployment ${String(first?.['id'])}.`), messages.join('\n'));
  t.is(messages[0], '(service web) has reached a steady state.');
  const warnings = await eventually('there is a Warning', async () => {
    const seen = (await place.events('Service', 'web')).filter(({type}) => type === 'Warning');
    return seen.length > 0 && seen;
  });
  t.is(warnings.at(-1)?.reason, 'RolledBack');
  const quiet = await place.get(services, 'web');
  await sleep(3000);
  t.is((await place.get(services, 'web'))?.metadata.resourceVersion, quiet?.metadata.resourceVersion, 'nothing is written any more');
  await place.apply(taskDefinitions, 'web', {...second, tags: [{key: 'a', value: 'mended'}]});
  const mended = await place.until(services, 'web', 'SteadyState');
  t.like(deploymentsOf(mended), [{taskDefinition: 'web:3', rolloutState: 'COMPLETED'}]);
});

test('without a circuit breaker it goes on, and says how many tasks have failed', async (t) => {
  const place = await person.place('endless');
  await place.apply(taskDefinitions, 'web', {...nowhere, service: {desiredCount: 1}});
  await crash(place, 'web:1', 1, 30);
  const service = await eventually('the failed tasks are counted', async () => {
    const seen = await place.get(services, 'web');
    return Number(deploymentsOf(seen)[0]?.['failedTasks']) >= 30 && seen;
  });
  t.like(deploymentsOf(service)[0], {rolloutState: 'IN_PROGRESS', taskDefinition: 'web:1'});
  t.is(conditionIn(service, 'Ready')?.reason, 'DeploymentInProgress');
});

test('blue/green: the new tasks are all there before the old ones go, under another Deployment', async (t) => {
  const place = await person.place('bluegreen');
  const hook = {targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP']};
  const deploymentConfiguration = {strategy: 'BLUE_GREEN', lifecycleHooks: [hook]};
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(services, 'web', {taskDefinition: 'web', desiredCount: 2});
  await place.until(services, 'web', 'SteadyState');
  const before = await uidsOf(place);
  await place.change(services, 'web', {spec: {deploymentConfiguration}});
  await place.until(services, 'web', 'SteadyState');
  t.deepEqual(await uidsOf(place), before, 'another strategy is no other deployment');
  await place.apply(taskDefinitions, 'web', second);
  const paused = await place.until(services, 'web', 'WaitingToContinue');
  t.is((await place.list(pods)).length, 4);
  t.like(deploymentsOf(paused), [
    {status: 'PRIMARY', taskDefinition: 'web:2', runningCount: 2, lifecycleStage: 'POST_SCALE_UP'},
    {status: 'ACTIVE', taskDefinition: 'web:1', runningCount: 2},
  ]);
  const [, command = ''] = /with: kubectl (annotate .*? --overwrite \S+)/.exec(conditionIn(paused, 'Ready')?.message ?? '') ?? [];
  await person.kubectl(...command.split(' '));
  await place.until(services, 'web', 'SteadyState');
  const made = await place.list(deployments);
  t.deepEqual(
    made.map(({metadata}) => metadata.name),
    ['web-green'],
  );
  t.is((await place.list(pods)).filter(({metadata}) => metadata.deletionTimestamp === undefined).length, 2);
  // Back under the first name with the next one, and its pods go with the service.
  await place.change(services, 'web', {spec: {deploymentConfiguration: {lifecycleHooks: null}}});
  await place.apply(taskDefinitions, 'web', web);
  await eventually('the third revision runs alone', async () => {
    const all = await place.list(deployments);
    return (
      all.length === 1 && all[0]?.metadata.name === 'web' && all[0].metadata.annotations?.['ecs.drayage.dev/task-definition'] === 'web:3'
    );
  });
  await place.until(services, 'web', 'SteadyState');
});

test('a DAEMON service is a DaemonSet with one task on each node, and stays one', async (t) => {
  const place = await person.place('daemon');
  await place.apply(taskDefinitions, 'agent', {...web, family: 'agent', service: {schedulingStrategy: 'DAEMON'}});
  const service = await place.until(services, 'agent', 'SteadyState');
  t.like(service['status'], {desiredCount: 1, runningCount: 1, taskDefinition: 'agent:1'});
  t.like((await place.get(daemonSets, 'agent'))?.spec, {updateStrategy: {rollingUpdate: {maxUnavailable: '100%'}}});
  await place.apply(taskDefinitions, 'agent', {...second, family: 'agent', service: {schedulingStrategy: 'DAEMON'}});
  await eventually('the second revision runs', async () => {
    const seen = await place.get(services, 'agent');
    return deploymentsOf(seen)[0]?.['taskDefinition'] === 'agent:2' && conditionIn(seen, 'Ready')?.status === 'True';
  });
  const before = await place.get(daemonSets, 'agent');
  await place.apply(taskDefinitions, 'agent', {...second, family: 'agent', service: {schedulingStrategy: 'REPLICA'}});
  const refused = await place.until(services, 'agent', 'SchedulingStrategyImmutable');
  t.regex(conditionIn(refused, 'Ready')?.message ?? '', /cannot change from DAEMON to REPLICA/);
  t.is((await place.get(daemonSets, 'agent'))?.metadata.resourceVersion, before?.metadata.resourceVersion);
  t.is(await place.get(deployments, 'agent'), undefined);
});

test('what the service owns and does not want goes; what only looks so stays', async (t) => {
  const place = await person.place('pruned');
  await place.apply(taskDefinitions, 'web', {...web, service: {desiredCount: 1}});
  const service = await place.until(services, 'web', 'SteadyState');
  const labels = {'app.kubernetes.io/managed-by': 'drayage', 'ecs.drayage.dev/service': 'web'};
  const owner = {apiVersion: service.apiVersion, kind: service.kind, name: 'web', uid: service.metadata.uid ?? '', controller: true};
  await person.kube.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: 'theirs', namespace: place.namespace, labels},
  });
  await person.kube.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: 'ours', namespace: place.namespace, labels, ownerReferences: [owner]},
  });
  await place.gone(configMaps, 'ours');
  await sleep(1000);
  t.truthy(await place.get(configMaps, 'theirs'));
  const events = await place.events('Service', 'web');
  t.true(
    events.some(({reason, note}) => reason === 'DeleteConfigMap' && note.includes('ours')),
    JSON.stringify(events),
  );
});

test('percentages are counted anew when an autoscaler sets the number, and nobody works against it', async (t) => {
  const place = await person.place('autoscaled');
  const deploymentConfiguration = {minimumHealthyPercent: 50, maximumPercent: 150};
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(services, 'web', {taskDefinition: 'web', desiredCount: 5, deploymentConfiguration});
  await place.until(services, 'web', 'SteadyState');
  t.like((await place.get(deployments, 'web'))?.spec, {strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 2}}});
  const before = deploymentsOf(await place.get(services, 'web'))[0]?.['id'];
  const autoscalers = {apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', plural: 'horizontalpodautoscalers', namespaced: true};
  const target = {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Service', name: 'web'};
  const metric = {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}};
  await place.apply(autoscalers, 'web', {scaleTargetRef: target, minReplicas: 1, maxReplicas: 3, metrics: [metric]});
  await eventually(
    'three tasks run',
    async () => (await place.get(services, 'web'))?.['status'] !== undefined && (await live(place)).length === 3,
  );
  const service = await place.until(services, 'web', 'SteadyState');
  t.like(service.spec, {desiredCount: 3});
  const deployment = await place.get(deployments, 'web');
  t.like(deployment?.spec, {replicas: 3, strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}});
  t.is(deploymentsOf(service)[0]?.['id'], before, 'another number is no other deployment');
  await sleep(2000);
  t.is((await place.get(deployments, 'web'))?.metadata.generation, deployment?.metadata.generation);
});

type Shown = Readonly<Record<string, unknown>>;

function deploymentsOf(service: KubeObject | undefined): readonly Shown[] {
  return ((service?.['status'] ?? {}) as {deployments?: readonly Shown[]}).deployments ?? [];
}

function eventsOf(service: KubeObject): readonly string[] {
  return (((service['status'] ?? {}) as {events?: readonly {message: string}[]}).events ?? []).map(({message}) => message);
}

async function live(place: Place): Promise<readonly KubeObject[]> {
  return (await place.list(pods)).filter(({metadata}) => metadata.deletionTimestamp === undefined);
}

async function uidsOf(place: Place): Promise<readonly string[]> {
  return (await live(place)).map(({metadata}) => metadata.uid ?? '').toSorted();
}

/** Says of so many pods of a revision, as a kubelet would, that their container has exited so many times. */
async function crash(place: Place, taskDefinition: string, count: number, restartCount: number): Promise<void> {
  const found = await eventually(`${count} pods of ${taskDefinition} are there`, async () => {
    const all = (await live(place)).filter(({metadata}) => metadata.annotations?.['ecs.drayage.dev/task-definition'] === taskDefinition);
    return all.length >= count && all;
  });
  const exit = {exitCode: 1, reason: 'Error'};
  const status = {
    name: 'app',
    image: 'x',
    imageID: '',
    ready: false,
    restartCount,
    state: {waiting: {reason: 'CrashLoopBackOff', message: 'back-off'}},
    lastState: {terminated: exit},
  };
  for (const {metadata} of found) {
    await person.kube.merge(
      {type: pods, name: metadata.name, namespace: place.namespace},
      {status: {containerStatuses: [status]}},
      {subresource: 'status'},
    );
  }
}
