import test from 'ava';
import {sizesOf, stepsOf} from '../../../src/kinds/service/stages.ts';
import {directed} from '../../../src/kinds/service/traffic.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {deploymentSettingsOf} from '../../../src/translate/deployment-settings.ts';
import {normalizeService} from '../../../src/translate/normalize.ts';
import {crashing, World} from './world.ts';

const settingsOf = (deploymentConfiguration: object) =>
  deploymentSettingsOf(normalizeService({deploymentConfiguration}).value ?? {}, () => {});

const coreService = (selector: object): KubeObject => ({apiVersion: 'v1', kind: 'Service', metadata: {name: 'x'}, spec: {selector}});

interface Moment {
  readonly stage: string;
  readonly old: number;
  readonly next: number;
  readonly traffic: string;
}

/** What there is from look to look, without repeats, until the service is steady. */
function story(world: World, seconds = 15): readonly Moment[] {
  const moments: Moment[] = [];
  for (let round = 0; round < 300; round += 1) {
    world.walk().run().wait(seconds);
    const stage = world.status.deployments?.[0]?.lifecycleStage ?? 'DONE';
    const moment = {stage, old: world.podsOf('app:runs').length, next: world.podsOf('app:next').length, traffic: world.traffic};
    if (JSON.stringify(moments.at(-1)) !== JSON.stringify(moment)) moments.push(moment);
    if (world.outcome?.is === 'settled' || world.outcome?.is === 'stalled') return moments;
  }
  throw new Error(`not steady: ${JSON.stringify(moments)}`);
}

test('blue/green: the new tasks run at full size before the traffic moves, and the old ones until it is baked', (t) => {
  const world = new World({desiredCount: 3, deploymentConfiguration: {strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5}}).register();
  story(world);
  t.is(world.traffic, 'app:runs');
  world.register('app:next');
  const moments = story(world);
  t.deepEqual(
    moments.map(({stage, old, next, traffic}) => `${stage} ${old} ${next} ${traffic}`),
    [
      'SCALE_UP 3 3 app:runs',
      'PRODUCTION_TRAFFIC_SHIFT 3 3 app:next',
      'BAKE_TIME 3 3 app:next',
      'CLEAN_UP 3 3 app:next',
      'CLEAN_UP 0 3 app:next',
      'DONE 0 3 app:next',
    ],
  );
  t.deepEqual(
    world.objects.map(({metadata}) => metadata.name),
    ['shop-green'],
  );
  world.register('app:third');
  story(world);
  t.deepEqual(
    world.objects.map(({metadata}) => metadata.name),
    ['shop'],
  );
  t.is(world.podsOf('app:third').length, 3);
});

test('blue/green: green tasks that fail never get traffic, and go', (t) => {
  const circuit = {deploymentCircuitBreaker: {enable: true, rollback: true}};
  const world = new World({deploymentConfiguration: {strategy: 'BLUE_GREEN', ...circuit}}).register();
  story(world);
  world.register(crashing);
  const moments = story(world);
  t.true(moments.every(({old, traffic}) => old === 2 && traffic === 'app:runs'));
  t.is(world.outcome?.reason, 'RolledBack');
  t.is(world.podsOf(crashing).length, 0);
  t.deepEqual(
    world.objects.map(({metadata}) => metadata.name),
    ['shop'],
  );
});

test('blue/green: taken back while it bakes, the traffic is back at once', (t) => {
  const hook = {targetType: 'PAUSE', lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT']};
  const world = new World({deploymentConfiguration: {strategy: 'BLUE_GREEN', lifecycleHooks: [hook]}}).register().go();
  t.is(world.outcome?.reason, 'WaitingToContinue');
  world.annotate({'ecs.drayage.dev/continue': 'POST_PRODUCTION_TRAFFIC_SHIFT'}).go();
  t.is(world.outcome?.reason, 'SteadyState');
  world.register('app:next').go();
  t.is(world.outcome?.reason, 'WaitingToContinue');
  t.is(world.traffic, 'app:next');
  t.is(world.podsOf('app:runs').length, 2);
  world.annotate({'ecs.drayage.dev/continue': 'ROLLBACK'}).walk();
  t.is(world.traffic, 'app:runs');
  t.is(world.outcome?.reason, 'RollingBack');
  world.go();
  t.is(world.outcome?.reason, 'RolledBack');
  t.is(world.podsOf('app:next').length, 0);
});

test('canary: a share first, then all', (t) => {
  const configuration = {strategy: 'CANARY', canaryConfiguration: {canaryPercent: 20, canaryBakeTimeInMinutes: 3}, bakeTimeInMinutes: 1};
  const world = new World({desiredCount: 4, deploymentConfiguration: configuration}).register();
  story(world);
  world.register('app:next');
  t.deepEqual(
    story(world).map(({stage, old, next, traffic}) => `${stage} ${old} ${next} ${traffic}`),
    [
      'SCALE_UP 4 1 app:runs',
      'PRODUCTION_TRAFFIC_SHIFT 4 1 both',
      'PRODUCTION_TRAFFIC_SHIFT 4 4 both',
      'BAKE_TIME 4 4 app:next',
      'CLEAN_UP 4 4 app:next',
      'CLEAN_UP 0 4 app:next',
      'DONE 0 4 app:next',
    ],
  );
});

test('linear: in equal steps, and never fewer pods than desiredCount behind the traffic', (t) => {
  const configuration = {strategy: 'LINEAR', linearConfiguration: {stepPercent: 25, stepBakeTimeInMinutes: 1}};
  const world = new World({desiredCount: 6, deploymentConfiguration: configuration}).register();
  story(world);
  world.register('app:next');
  const moments = story(world);
  t.true(
    moments.every(({old, next, traffic}) => (traffic === 'both' ? old + next : traffic === 'app:next' ? next : old) >= 6),
    JSON.stringify(moments),
  );
  t.deepEqual(
    moments.filter(({traffic}) => traffic === 'both').map(({old, next}) => `${old} ${next}`),
    ['6 2', '6 6', '2 6'],
  );
  t.is(moments.at(-1)?.old, 0);
});

test('from blue/green to rolling and back, the service is steady under one Deployment', (t) => {
  const world = new World({deploymentConfiguration: {strategy: 'BLUE_GREEN'}}).register();
  story(world);
  world.register('app:next');
  story(world);
  t.deepEqual(
    world.objects.map(({metadata}) => metadata.name),
    ['shop-green'],
  );
  world
    .change({deploymentConfiguration: {strategy: 'ROLLING'}})
    .register('app:third')
    .go(10);
  t.is(world.outcome?.reason, 'SteadyState');
  t.deepEqual(
    world.objects.map(({metadata}) => metadata.name),
    ['shop'],
  );
});

test('the steps of a linear deployment reach 100 percent, also where the step does not divide it', (t) => {
  const {shares, stepMinutes} = settingsOf({strategy: 'LINEAR', linearConfiguration: {stepPercent: 30}});
  t.deepEqual([shares, stepMinutes], [[30, 60, 90, 100], 6]);
  t.is(settingsOf({strategy: 'LINEAR'}).shares.length, 10);
  t.deepEqual(settingsOf({strategy: 'CANARY'}).shares, [5, 100]);
  const keys = stepsOf(settingsOf({strategy: 'CANARY'}), undefined).map(({key}) => key);
  t.is(new Set(keys.filter((key) => key.startsWith('PRE_PRODUCTION'))).size, 2);
});

for (const [desired, share, next, before] of [
  [10, 10, 1, 10],
  [10, 50, 10, 10],
  [10, 90, 10, 1],
  [1, 5, 1, 1],
  [3, 0, 3, 3],
  [3, 100, 3, 3],
] as const) {
  test(`${share} percent of the traffic of ${desired} tasks are ${next} new ones beside ${before}`, (t) => {
    t.deepEqual(sizesOf(desired, share), {next, before});
  });
}

test('only the Services that select the pods of this service are directed', (t) => {
  const ours = coreService({'ecs.drayage.dev/service': 'shop'});
  const theirs = coreService({app: 'x'});
  const config: KubeObject = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'x'}};
  t.deepEqual(directed([ours, theirs, config], 'shop', 'abc'), [
    coreService({'ecs.drayage.dev/service': 'shop', 'ecs.drayage.dev/deployment': 'abc'}),
    theirs,
    config,
  ]);
  t.deepEqual(directed([ours], 'shop', undefined), [ours]);
});
