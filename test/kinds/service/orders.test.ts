import test from 'ava';
import * as fc from 'fast-check';
import {ServiceStatus} from '../../../src/kinds/service/schema.ts';
import {crashing, missing, World} from './world.ts';

const numRuns = 40;

type Happening = (world: World) => unknown;

const circuit = {deploymentCircuitBreaker: {enable: true, rollback: true}};
const hook = {targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'], timeoutConfiguration: {timeoutInMinutes: 30}};
const configurations = fc.constantFrom<Readonly<Record<string, unknown>>>(
  {},
  circuit,
  {deploymentCircuitBreaker: {enable: true, rollback: false}},
  {...circuit, strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2},
  {...circuit, strategy: 'CANARY'},
  {strategy: 'LINEAR', linearConfiguration: {stepPercent: 50, stepBakeTimeInMinutes: 1}},
  {lifecycleHooks: [hook]},
);

/** Everything but a change of how the service deploys. */
const calm: fc.Arbitrary<Happening> = fc.oneof(
  {weight: 6, arbitrary: fc.constant<Happening>((world) => world.walk())},
  {weight: 6, arbitrary: fc.constant<Happening>((world) => world.run())},
  {
    weight: 4,
    arbitrary: fc.integer({min: 1, max: 1000}).map(
      (seconds): Happening =>
        (world) =>
          world.wait(seconds),
    ),
  },
  fc.constantFrom('app:runs', 'app:next', crashing, missing).map(
    (image): Happening =>
      (world) =>
        world.register(image),
  ),
  fc.integer({min: 0, max: 5}).map(
    (desiredCount): Happening =>
      (world) =>
        world.change({desiredCount}),
  ),
  fc.constantFrom('POST_SCALE_UP', 'ROLLBACK', 'other').map(
    (text): Happening =>
      (world) =>
        world.annotate({'ecs.drayage.dev/continue': text}),
  ),
  // A pod goes with its node; a status is lost with a backup; the last walk's status was not written.
  fc.constant<Happening>((world) => (world.pods = world.pods.slice(1))),
  fc.constant<Happening>((world) => {
    const {status: _, ...bare} = world.resource;
    world.resource = bare;
  }),
  fc.constant<Happening>((world) => {
    const before = world.resource;
    world.walk();
    world.resource = before;
  }),
);
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {weight: 12, arbitrary: calm},
  configurations.map(
    (deploymentConfiguration): Happening =>
      (world) =>
        world.change({deploymentConfiguration}),
  ),
);

test('in whatever order things happen, a revision that runs is steady in the end, alone', (t) => {
  fc.assert(
    fc.property(configurations, fc.array(happenings, {maxLength: 40}), configurations, (first, all, last) => {
      const world = new World({deploymentConfiguration: first}).register();
      for (const happening of all) {
        happening(world);
        const {conditions: _, ...fields} = world.status;
        const parsed = ServiceStatus.strict().safeParse(fields);
        if (!parsed.success) throw parsed.error;
      }
      world
        .change({deploymentConfiguration: {...last, lifecycleHooks: []}, desiredCount: 3})
        .register('app:last')
        .go(80, 60);
      t.is(world.outcome?.reason, 'SteadyState', world.outcome?.message);
      t.deepEqual(
        world.pods.map(({image, isReady}) => `${image} ${isReady}`),
        ['app:last true', 'app:last true', 'app:last true'],
      );
      t.is(world.objects.length, 1);
      t.is(world.traffic, last['strategy'] === undefined ? 'both' : 'app:last');
      const before = JSON.stringify(world.resource);
      world.done = [];
      world.wait(50_000).walk().run().walk();
      t.deepEqual(world.done, []);
      t.is(JSON.stringify(world.resource), before);
    }),
    {numRuns},
  );
});

test('whatever happens, a deployment fails only where a circuit breaker or a pause says so', (t) => {
  fc.assert(
    fc.property(fc.array(calm, {maxLength: 40}), (all) => {
      const world = new World().register();
      for (const happening of all) {
        happening(world);
        t.not(world.status.rollout?.state, 'FAILED');
        t.is(world.status.lastFailed, undefined);
      }
    }),
    {numRuns},
  );
});
