import test from 'ava';
import {ServiceStatus} from '../../../src/kinds/service/schema.ts';
import {crashing, missing, World} from './world.ts';

const breaker = (rollback: boolean, over: object = {}) => ({
  deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback, ...over}},
});

test('a first deployment is in progress and then completed, with events in the words of ECS', (t) => {
  const world = new World().register().walk();
  t.like(world.status.deployments?.[0], {status: 'PRIMARY', taskDefinition: 'web:1', rolloutState: 'IN_PROGRESS', failedTasks: 0});
  world.go(3);
  t.like(world.outcome, {is: 'settled', reason: 'SteadyState'});
  const [primary, ...others] = world.status.deployments ?? [];
  t.deepEqual(others, []);
  t.like(primary, {status: 'PRIMARY', rolloutState: 'COMPLETED', desiredCount: 2, runningCount: 2, pendingCount: 0});
  t.is(primary?.rolloutStateReason, `ECS deployment ${primary?.id} completed.`);
  t.deepEqual(
    world.status.events?.map(({message}) => message.replaceAll(/shop-\d+/g, 'POD')),
    [
      '(service shop) has reached a steady state.',
      `(service shop) (deployment ${primary?.id}) deployment completed.`,
      '(service shop) has started 2 tasks: (task POD) (task POD).',
    ],
  );
  t.true(ServiceStatus.safeParse(world.status).success);
});

test('what is settled stays as it is, whatever the time', (t) => {
  const world = new World().register().go();
  const before = JSON.stringify(world.status);
  world.done = [];
  world.wait(100_000).walk().run().walk();
  t.is(JSON.stringify(world.status), before);
  t.deepEqual(world.done, []);
});

test('without a circuit breaker a deployment goes on for ever', (t) => {
  const world = new World().register().go().register(crashing).go(40, 600);
  t.like(world.outcome, {is: 'waiting', reason: 'DeploymentInProgress'});
  const [primary, old] = world.status.deployments ?? [];
  t.like(primary, {taskDefinition: 'web:2', rolloutState: 'IN_PROGRESS', runningCount: 0, pendingCount: 2});
  t.true((primary?.failedTasks ?? 0) > 40);
  t.like(old, {status: 'ACTIVE', taskDefinition: 'web:1', runningCount: 2});
});

for (const [image, title] of [
  [crashing, 'crash'],
  [missing, 'cannot be pulled'],
] as const) {
  test(`a circuit breaker takes a deployment back whose tasks ${title}, and does not try it again`, (t) => {
    const world = new World(breaker(true)).register().go(8);
    t.is(world.outcome?.reason, 'SteadyState');
    const steady = world.status.deployments?.[0]?.id;
    const kept = world.pods.map(({metadata}) => metadata.name);
    world.register(image).go(3);
    world.go(12);
    t.like(world.outcome, {is: 'stalled', reason: 'RolledBack'});
    t.regex(world.outcome?.message ?? '', /deployment of web:2 failed: ECS deployment circuit breaker: tasks failed to start/);
    t.deepEqual(
      world.pods.map(({metadata}) => metadata.name),
      kept,
      'the tasks that ran have never stopped',
    );
    const [primary, failed] = world.status.deployments ?? [];
    t.like(primary, {id: steady, taskDefinition: 'web:1', rolloutState: 'COMPLETED', runningCount: 2});
    t.like(failed, {
      status: 'INACTIVE',
      taskDefinition: 'web:2',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    t.true((failed?.failedTasks ?? 0) >= 3);
    const messages = world.status.events?.map(({message}) => message) ?? [];
    t.true(messages.includes(`(service shop) (deployment ${failed?.id}) deployment failed: tasks failed to start.`), messages.join('\n'));
    t.true(messages.includes(`(service shop) rolling back to deployment ${steady}.`));
    t.true(ServiceStatus.safeParse(world.status).success);
    world.done = [];
    world.go(10, 3600);
    t.deepEqual(world.done, []);
    world.register().go(8);
    t.like(world.outcome, {is: 'settled', reason: 'SteadyState'});
    t.like(world.status.deployments, [{taskDefinition: 'web:3', rolloutState: 'COMPLETED'}]);
    t.is(world.status.lastFailed, undefined);
  });
}

test('without rollback a failed deployment starts nothing more, and what ran before runs on', (t) => {
  const world = new World(breaker(false)).register().go(8).register(crashing).go(6);
  t.like(world.outcome, {is: 'stalled', reason: 'DeploymentFailed'});
  t.like(world.find('Deployment', 'shop')?.spec, {paused: true});
  t.is(world.podsOf('app:runs').length, 2);
  world.change({desiredCount: 5}).go(2);
  t.like(world.find('Deployment', 'shop')?.spec, {replicas: 2, paused: true});
  t.is(world.podsOf(crashing).length, 2);
  world.register().go(8);
  t.like(world.outcome, {is: 'settled', reason: 'SteadyState'});
  t.false(JSON.stringify(world.find('Deployment', 'shop')?.spec).includes('paused'));
});

test('a first deployment has nothing to go back to', (t) => {
  const world = new World(breaker(true)).register(crashing).go(6);
  t.like(world.outcome, {is: 'stalled', reason: 'DeploymentFailed'});
  t.like(world.status.deployments, [{rolloutState: 'FAILED', taskDefinition: 'web:1'}]);
});

test('a service goes back with all that it was, but with the number of tasks that it has now', (t) => {
  const world = new World({...breaker(true), propagateTags: 'SERVICE', tags: [{key: 'a', value: 'b'}]}).register().go(8);
  const steady = world.status.deployments?.[0]?.id;
  world
    .change({tags: [{key: 'a', value: 'c'}], desiredCount: 3})
    .register(missing)
    .go(12);
  t.is(world.outcome?.reason, 'RolledBack');
  t.is(world.status.deployments?.[0]?.id, steady);
  t.is(world.podsOf('app:runs').length, 3);
});

test('a count of failed tasks holds with a threshold of its own, and none is forgotten where that is asked for', (t) => {
  const threshold = {thresholdConfiguration: {type: 'COUNT', value: 12}};
  const world = new World(breaker(false, threshold)).register(crashing).go(4);
  t.is(world.outcome?.reason, 'DeploymentInProgress');
  world.go(4);
  t.is(world.outcome?.reason, 'DeploymentFailed');
  t.is(world.status.deployments?.[0]?.failedTasks, 12);
});

test('a deployment that is replaced before it is done leaves no trace', (t) => {
  const world = new World(breaker(true)).register().go(8).register(crashing).go(1).register().go(8);
  t.is(world.outcome?.reason, 'SteadyState');
  t.like(world.status.deployments, [{taskDefinition: 'web:3', rolloutState: 'COMPLETED', failedTasks: 0}]);
  t.is(world.status.deployments?.length, 1);
});

test('a status that is lost changes nothing of what runs', (t) => {
  const world = new World().register().go();
  const {status: _, ...bare} = world.resource;
  world.resource = bare;
  world.done = [];
  world.go(3);
  t.deepEqual(world.done, []);
  t.is(world.outcome?.reason, 'SteadyState');
});

test('a bake time keeps the deployment in progress, and a crash meanwhile takes it back', (t) => {
  const spec = {
    deploymentConfiguration: {bakeTimeInMinutes: 10, deploymentCircuitBreaker: {enable: true, rollback: true, resetOnHealthyTask: false}},
  };
  const world = new World(spec).register().go(50);
  t.is(world.outcome?.reason, 'SteadyState');
  world.register('app:later').go(10);
  t.like(world.status.deployments?.[0], {
    taskDefinition: 'web:2',
    rolloutState: 'IN_PROGRESS',
    lifecycleStage: 'BAKE_TIME',
    runningCount: 2,
  });
  world.pods = world.pods.map((pod) => ({...pod, image: crashing, isReady: false}));
  world.go(12);
  t.is(world.outcome?.reason, 'RolledBack');
  t.is(world.podsOf('app:runs').length, 2);
});

test('a pause before the start waits for the annotation, and for one that is new', (t) => {
  const hook = {targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP'], timeoutConfiguration: {timeoutInMinutes: 60}};
  const world = new World()
    .register()
    .go()
    .change({deploymentConfiguration: {lifecycleHooks: [hook]}})
    .register('app:next')
    .go();
  t.like(world.outcome, {is: 'waiting', reason: 'WaitingToContinue'});
  t.regex(world.outcome?.message ?? '', /kubectl annotate ecssvc shop -n [a-z]+ --overwrite ecs\.drayage\.dev\/continue=PRE_SCALE_UP /);
  t.is(world.podsOf('app:next').length, 0);
  world.annotate({'ecs.drayage.dev/continue': 'PRE_SCALE_UP'}).go();
  t.is(world.outcome?.reason, 'SteadyState');
  t.is(world.podsOf('app:next').length, 2);
  // The same answer is no answer to the next question.
  world.register('app:third').go();
  t.is(world.outcome?.reason, 'WaitingToContinue');
  const id = world.status.rollout?.id;
  t.true(world.outcome?.message.includes(`continue=PRE_SCALE_UP.${id} `), world.outcome?.message);
  world.annotate({'ecs.drayage.dev/continue': `PRE_SCALE_UP.${id}`}).go();
  t.is(world.podsOf('app:third').length, 2);
});

test('a pause that nobody ends is taken back, or goes on where that is asked for', (t) => {
  for (const action of ['ROLLBACK', 'CONTINUE'] as const) {
    const hook = {targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'], timeoutConfiguration: {timeoutInMinutes: 5, action}};
    const world = new World()
      .register()
      .go()
      .change({deploymentConfiguration: {lifecycleHooks: [hook]}})
      .register('app:next')
      .go(5);
    t.is(world.outcome?.reason, 'WaitingToContinue');
    world.go(30);
    t.is(world.outcome?.reason, action === 'ROLLBACK' ? 'RolledBack' : 'SteadyState');
    t.is(world.podsOf('app:next').length, action === 'ROLLBACK' ? 0 : 2);
  }
});

test('early success completes a deployment before all of its tasks are healthy; BLOCKING, not before the old ones are gone', (t) => {
  for (const [sourceServiceRevisionCleanup, state] of [
    ['DEFERRED', 'COMPLETED'],
    ['BLOCKING', 'IN_PROGRESS'],
  ] as const) {
    const earlySuccessCriteria = {enable: true, healthyPercent: 50, sourceServiceRevisionCleanup};
    const world = new World({deploymentConfiguration: {minimumHealthyPercent: 50, earlySuccessCriteria}}).register().go();
    world.register('app:next').walk().run();
    const [, slow] = world.podsOf('app:next');
    world.pods = world.pods.map((pod) => (pod === slow ? {...pod, image: missing, isReady: false} : pod));
    world.go(3);
    t.like(world.status.deployments?.[0], {taskDefinition: 'web:2', rolloutState: state, runningCount: 1, pendingCount: 1});
    t.is(world.outcome?.reason, 'DeploymentInProgress');
    world.pods = world.pods.filter((pod) => pod.image !== missing);
    world.go(3);
    t.is(world.outcome?.reason, 'SteadyState');
  }
});

test('a service that a revision to go back to has been taken from stays where it is', (t) => {
  const world = new World(breaker(true)).register().go(8).register(crashing).go(8);
  t.is(world.outcome?.reason, 'RolledBack');
  world.revisions = world.revisions.slice(1);
  world.done = [];
  world.go(3);
  t.deepEqual(world.done, []);
  t.is(world.podsOf('app:runs').length, 2);
  t.is(world.outcome?.reason, 'RolledBack');
});

test('each task that has stopped is named once, also where the first is still ending when the second stops', (t) => {
  const world = new World().register().walk().run().walk();
  const [first, second] = world.pods;
  const ending = (pod: typeof first) => pod && {...pod, metadata: {...pod.metadata, deletionTimestamp: '2026-01-01T00:01:00Z'}};
  world.pods = [ending(first), second].filter((pod) => pod !== undefined);
  world.walk();
  world.pods = [ending(first), ending(second)].filter((pod) => pod !== undefined);
  world.walk();
  const stopped = world.status.events?.map(({message}) => message).filter((message) => message.includes('has stopped')) ?? [];
  t.deepEqual(
    stopped.map((message) => /\(task (.*)\)/.exec(message)?.[1]),
    [second?.metadata.name, first?.metadata.name],
  );
});

test('each task that has started is named once, also where they come one by one within a second', (t) => {
  const world = new World().register().walk().run();
  const all = world.pods;
  world.pods = all.slice(0, 1);
  world.walk();
  world.pods = all;
  world.walk();
  const started = world.status.events?.filter(({message}) => message.includes('has started')) ?? [];
  t.is(started.length, 2);
  t.is(new Set(started.map(({message}) => message)).size, 2);
  const ids = world.status.events?.map(({id}) => id) ?? [];
  t.is(new Set(ids).size, ids.length);
});
