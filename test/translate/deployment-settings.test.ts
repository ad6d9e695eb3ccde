import test from 'ava';
import {translate} from '../../src/translate/translate.ts';

const task = {family: 'web', containerDefinitions: [{name: 'web', image: 'nginx:1', memory: 64}]};

function notesFor(service: object): readonly string[] {
  const {notes} = translate(task, service, {name: 'web'});
  return notes.filter(({path}) => path.startsWith('service.')).map(({path, level, reason}) => `${path} ${level} ${reason}`);
}

const root = 'service.deploymentConfiguration';
const hook = (over: object) => ({deploymentConfiguration: {lifecycleHooks: [{lifecycleStages: ['PRE_SCALE_UP'], ...over}]}});

const table: readonly (readonly [string, object, readonly string[]])[] = [
  ['a hook without a type is one that calls a function', hook({}), [`${root}.lifecycleHooks[0] refused LambdaHookUnsupported`]],
  ['a pause is carried', hook({targetType: 'PAUSE'}), []],
  [
    'a pause cannot stand where traffic moves',
    hook({targetType: 'PAUSE', lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT']}),
    [`${root}.lifecycleHooks[0].lifecycleStages[0] refused InvalidField`],
  ],
  [
    'a rolling deployment moves no traffic',
    hook({targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT']}),
    [`${root}.lifecycleHooks[0].lifecycleStages[1] ignored StageNotReached`],
  ],
  [
    'what is switched off is nothing to speak of',
    {enableExecuteCommand: false, enableECSManagedTags: false, availabilityZoneRebalancing: 'DISABLED'},
    [],
  ],
  [
    'what is switched on and has no effect is',
    {enableExecuteCommand: true, availabilityZoneRebalancing: 'ENABLED'},
    [
      'service.enableExecuteCommand ignored ExecuteCommandIgnored',
      'service.availabilityZoneRebalancing approximated RebalancingUnavailable',
    ],
  ],
  [
    'another controller is refused',
    {deploymentController: {type: 'EXTERNAL'}},
    ['service.deploymentController.type refused DeploymentControllerUnsupported'],
  ],
  [
    'a circuit breaker that is off says nothing',
    {deploymentConfiguration: {deploymentCircuitBreaker: {enable: false, rollback: true}}},
    [],
  ],
  [
    'early success below the healthy minimum is refused',
    {deploymentConfiguration: {minimumHealthyPercent: 50, earlySuccessCriteria: {enable: true, healthyPercent: 40}}},
    [`${root}.earlySuccessCriteria.healthyPercent refused InvalidField`],
  ],
  [
    'early success belongs to rolling deployments',
    {deploymentConfiguration: {strategy: 'BLUE_GREEN', earlySuccessCriteria: {enable: true, healthyPercent: 100}}},
    [`${root}.strategy approximated TrafficMovedBySelector`, `${root}.earlySuccessCriteria ignored EarlySuccessIgnored`],
  ],
  [
    'a grace period without a health check has nothing to delay',
    {healthCheckGracePeriodSeconds: 60},
    ['service.healthCheckGracePeriodSeconds ignored HealthCheckGraceIgnored'],
  ],
  [
    'a daemon of Fargate is refused',
    {schedulingStrategy: 'DAEMON', launchType: 'FARGATE'},
    ['service.launchType ignored LaunchTypeIgnored', 'service.launchType refused DaemonUnsupportedOnFargate'],
  ],
  [
    'a daemon that may neither stop nor add a task adds one',
    {schedulingStrategy: 'DAEMON', deploymentConfiguration: {minimumHealthyPercent: 100}},
    [`${root} approximated DeploymentNeedsRoom`],
  ],
];
for (const [title, service, notes] of table) {
  test(title, (t) => {
    t.deepEqual(notesFor(service), notes);
  });
}

test('a daemon that keeps all of its tasks adds new ones first', (t) => {
  const deploymentConfiguration = {minimumHealthyPercent: 100, maximumPercent: 200};
  const [manifest] = translate(task, {schedulingStrategy: 'DAEMON', deploymentConfiguration}, {name: 'web'}).manifests;
  t.like(manifest?.spec, {updateStrategy: {rollingUpdate: {maxSurge: '100%', maxUnavailable: 0}}});
});

test('tags reach the pods where that is asked for', (t) => {
  const tagged = {...task, tags: [{key: 'of', value: 'task'}]};
  const tags = [{key: 'of', value: 'service'}];
  const annotationsOf = (propagateTags: string) => {
    const [manifest] = translate(tagged, {tags, propagateTags}, {name: 'web'}).manifests;
    const {template} = (manifest?.spec ?? {}) as {template?: {metadata: {annotations: Readonly<Record<string, string>>}}};
    return template?.metadata.annotations['ecs.drayage.dev/tags'];
  };
  t.is(annotationsOf('SERVICE'), '{"of":"service"}');
  t.is(annotationsOf('TASK_DEFINITION'), '{"of":"task"}');
  t.is(annotationsOf('NONE'), undefined);
});
