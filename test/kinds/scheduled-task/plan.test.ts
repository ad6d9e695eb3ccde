import test from 'ava';
import * as fc from 'fast-check';
import {plan} from '../../../src/kinds/scheduled-task/plan.ts';
import {ScheduledTaskStatus} from '../../../src/kinds/scheduled-task/schema.ts';
import {status} from '../../../src/kinds/scheduled-task/status.ts';
import {nextTime, parseSchedule} from '../../../src/translate/schedule.ts';
import {created, scheduledTask, World} from './objects.ts';

const minute = 60_000;
const start = Date.parse(created);
const at = (minutes: number): Date => new Date(start + minutes * minute);
const text = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

test('nothing is run before its time, and the walk comes back in time', (t) => {
  const {steps, then} = plan(scheduledTask(), {tasks: []}, at(0));
  t.deepEqual(steps, []);
  t.like(then, {is: 'settled', reason: 'Scheduled', message: 'The next task is made at 2026-11-25T03:00:00Z.', seconds: 3600});
  t.like(plan(scheduledTask(), {tasks: []}, new Date('2026-11-25T02:59:30.500Z')).then, {seconds: 30});
});

test('what is due becomes a Task with a name of its time, owned and labelled', (t) => {
  const {steps} = plan(
    scheduledTask({target: {taskDefinition: 'report:2', count: 2, group: 'g'}}),
    {tasks: []},
    new Date('2026-11-25T03:00:20Z'),
  );
  t.is(steps.length, 1);
  t.like(steps[0]?.task, {
    kind: 'Task',
    metadata: {
      name: 'nightly-29926260',
      namespace: 'ns',
      labels: {'ecs.drayage.dev/scheduled-task': 'nightly'},
      annotations: {'ecs.drayage.dev/scheduled-at': '2026-11-25T03:00:00Z'},
    },
    spec: {taskDefinition: 'report:2', count: 2, group: 'g', startedBy: 'chronos-schedule/nightly'},
  });
  t.like(steps[0]?.task.metadata.ownerReferences?.[0], {kind: 'ScheduledTask', uid: 'uid-1', controller: true});
});

test('a time is run once, also where the process dies before it is written down', (t) => {
  const world = new World({});
  const due = new Date('2026-11-25T03:00:05Z');
  world.walk(at(0));
  world.walk(due, true);
  world.walk(due);
  world.walk(new Date('2026-11-25T03:00:30Z'));
  t.deepEqual(world.made, ['2026-11-25T03:00:00Z']);
  t.like(world.status, {
    lastRunTime: '2026-11-25T03:00:00Z',
    lastTask: 'nightly-29926260',
    nextRunTime: '2026-11-26T03:00:00Z',
    activeCount: 1,
  });
  world.tasks.clear();
  world.walk(new Date('2026-11-25T03:01:00Z'));
  t.deepEqual(world.made, ['2026-11-25T03:00:00Z'], 'also where somebody deletes the Task');
});

test('of what was missed the newest is run, if it is not too old', (t) => {
  const world = new World({
    scheduleExpression: 'cron(0 * * * ? *)',
    target: {taskDefinition: 'r', retryPolicy: {maximumEventAgeInSeconds: 1800}},
  });
  world.walk(at(0));
  world.walk(at(5 * 60 + 20));
  t.deepEqual(world.made, ['2026-11-24T17:00:00Z']);
  world.walk(at(8 * 60 + 40));
  t.deepEqual(world.made, ['2026-11-24T17:00:00Z'], 'forty minutes are too late');
  t.is(world.status?.nextRunTime, '2026-11-24T21:00:00Z');
});

test('a rate is run when it begins, and counts from there', (t) => {
  const world = new World({scheduleExpression: 'rate(10 minutes)'});
  for (const minutes of [0.1, 5, 10.01, 15, 20.5, 21]) world.walk(at(minutes));
  t.deepEqual(world.made, [at(0), at(10), at(20)].map(text));
  const later = new World({scheduleExpression: 'rate(10 minutes)', startDate: text(at(25))});
  for (const minutes of [0, 10, 20, 25, 30, 35]) later.walk(at(minutes));
  t.deepEqual(later.made, [at(25), at(35)].map(text));
});

test('nothing is run before startDate or after endDate', (t) => {
  const world = new World({scheduleExpression: 'cron(0/10 * * * ? *)', startDate: text(at(20)), endDate: text(at(40))});
  for (let minutes = 0; minutes < 70; minutes += 1) world.walk(at(minutes + 0.2));
  t.deepEqual(world.made, [at(20), at(30), at(40)].map(text));
  t.like(world.walk(at(70)), {is: 'settled', reason: 'Completed'});
  t.is(world.status?.nextRunTime, undefined);
});

test('at() is run once and is then complete', (t) => {
  const world = new World({scheduleExpression: `at(${at(30).toISOString().slice(0, 19)})`});
  for (const minutes of [0, 29, 30, 31, 90]) world.walk(at(minutes));
  t.deepEqual(world.made, [text(at(30))]);
  t.like(world.walk(at(91)), {is: 'settled', reason: 'Completed'});
  const past = new World({scheduleExpression: 'at(2026-11-24T11:00:00)'});
  past.walk(at(1));
  t.deepEqual(past.made, [], 'what was over before the object was made is not run');
});

test('what was due while it was disabled is not made up for', (t) => {
  const world = new World({scheduleExpression: 'cron(0/10 * * * ? *)'});
  world.walk(at(1));
  world.walk(at(10));
  world.spec = {...world.spec, state: 'DISABLED'};
  t.like(world.walk(at(15)), {is: 'settled', reason: 'Disabled'});
  world.walk(at(35));
  world.spec = {...world.spec, state: 'ENABLED'};
  t.like(world.walk(at(36)), {is: 'waiting', reason: 'Changed'});
  world.walk(at(36.1));
  t.deepEqual(world.made, [text(at(10))]);
  world.walk(at(40));
  t.deepEqual(world.made, [at(10), at(40)].map(text));
});

test('a schedule that is changed counts from then, and a minute has one Task', (t) => {
  const world = new World({scheduleExpression: 'cron(0/10 * * * ? *)'});
  world.walk(at(9));
  world.walk(at(10.1));
  world.spec = {...world.spec, scheduleExpression: 'rate(1 hour)'};
  t.like(world.walk(at(10.5)), {is: 'waiting', reason: 'Changed', seconds: 1});
  t.like(world.walk(at(10.6)), {is: 'settled', reason: 'Scheduled'});
  world.walk(at(70.6));
  t.deepEqual(world.made, [text(at(10)), text(at(70.5))]);
});

test('old Tasks are deleted: so many that succeeded, so many that did not, and none that runs', (t) => {
  const world = new World({scheduleExpression: 'rate(1 minute)', successfulTasksHistoryLimit: 2, failedTasksHistoryLimit: 1});
  for (let minutes = 0; minutes < 8; minutes += 1) world.walk(at(minutes));
  const names = [...world.tasks.keys()];
  for (const [index, name] of names.entries()) if (index < 7) world.end(name, index % 2 === 0);
  world.walk(at(7.5));
  t.deepEqual([...world.tasks.keys()], [names[4], names[5], names[6], names[7]]);
  t.is(world.status?.activeCount, 1);
});

test('Tasks that cannot be run do not pile up', (t) => {
  const world = new World({scheduleExpression: 'rate(1 minute)'});
  for (let minutes = 0; minutes < 20; minutes += 1) {
    world.walk(at(minutes));
    for (const [name, task] of world.tasks) world.tasks.set(name, {...task, status: {conditions: [{type: 'Stalled', status: 'True'}]}});
  }
  world.walk(at(19.5));
  t.is(world.tasks.size, 1);
});

test('what is no schedule or no target is told, and nothing is run', (t) => {
  for (const [spec, reason, message] of [
    [{scheduleExpression: '0 3 * * *'}, 'InvalidSchedule', /must be cron/],
    [{scheduleExpressionTimezone: 'Mars/Base'}, 'InvalidSchedule', /no time zone/],
    [{target: {}}, 'InvalidTarget', /names no task definition/],
    [{target: {taskDefinition: 'r', count: 40}}, 'InvalidTarget', /target\.count: must be 1 to 10/],
    [{target: {ecsParameters: {taskDefinitionArn: 'r'}, input: 'echo'}}, 'InvalidTarget', /target\.input: .*overrides/],
    [{target: {taskDefinition: 'r', retryPolicy: {maximumEventAgeInSeconds: 5}}}, 'InvalidTarget', /60 to 86400/],
  ] as const) {
    const {steps, then} = plan(scheduledTask(spec), {tasks: []}, new Date('2026-11-25T03:00:20Z'));
    t.deepEqual(steps, []);
    t.like(then, {is: 'stalled', reason});
    t.regex(then.message, message);
  }
});

test('a Task of somebody else with that name is left alone', (t) => {
  const theirs = {apiVersion: 'x', kind: 'Task', metadata: {name: 'nightly-29926260', namespace: 'ns'}};
  const {steps, then} = plan(scheduledTask(), {tasks: [theirs]}, new Date('2026-11-25T03:00:20Z'));
  t.deepEqual(steps, []);
  t.like(then, {is: 'stalled', reason: 'TaskNotOwned'});
});

test('the status fits its schema, and a settled object writes the same again', (t) => {
  const world = new World({});
  world.walk(at(0));
  const before = world.status;
  t.true(ScheduledTaskStatus.safeParse(before).success);
  world.walk(at(30));
  t.deepEqual(world.status, before);
  const {fields} = status(scheduledTask({}, before), undefined, {is: 'failed', reason: 'x', message: ''}, at(31));
  t.deepEqual(fields, before);
});

test('whatever dies and however late it is looked, each time is run at most once, and none is lost that was not overtaken', (t) => {
  const looks = fc.array(fc.record({seconds: fc.integer({min: 1, max: 400}), dies: fc.boolean()}), {minLength: 5, maxLength: 80});
  const expressions = fc.constantFrom('rate(1 minute)', 'rate(3 minutes)', 'cron(0/2 * * * ? *)', 'cron(5,6,40 * * * ? *)');
  fc.assert(
    fc.property(looks, expressions, (walks, scheduleExpression) => {
      const world = new World({scheduleExpression});
      const schedule = parseSchedule(scheduleExpression);
      const every: string[] = [];
      let time = new Date(schedule.is === 'rate' ? start - 1 : start);
      let now = start;
      for (const {seconds, dies} of walks) {
        now += seconds * 1000;
        world.walk(new Date(now), dies);
        for (
          let next = nextTime(schedule, time, at(0));
          next !== undefined && next.getTime() <= now;
          next = nextTime(schedule, time, at(0))
        ) {
          every.push(text(next));
          time = next;
        }
        // However many were missed, the newest that was due is there.
        t.is(world.made.at(-1), every.at(-1));
      }
      t.is(new Set(world.made).size, world.made.length);
      t.true(world.made.every((made) => every.includes(made)));
    }),
    {numRuns: 30},
  );
});
