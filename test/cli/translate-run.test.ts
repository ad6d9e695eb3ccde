import test from 'ava';
import {drayage} from './program.ts';
import {api, folder, plain, told, type Told} from './translating.ts';

const scheduled = (spec: object): object => ({apiVersion: api, kind: 'ScheduledTask', metadata: {name: 'nightly'}, spec});

test('Tasks and ScheduledTasks become the Job of a run of the definition that they name', async (t) => {
  const text = [
    {apiVersion: api, kind: 'TaskDefinition', metadata: {name: 'web'}, spec: plain},
    {
      apiVersion: api,
      kind: 'Task',
      metadata: {name: 'once', namespace: 'shop'},
      spec: {taskDefinition: 'web:2', count: 3, stop: false, stopReason: 'x', ttlSecondsAfterStopped: 5},
    },
    {
      apiVersion: api,
      kind: 'ScheduledTask',
      metadata: {name: 'nightly'},
      spec: {
        scheduleExpression: 'cron(0 3 * * ? *)',
        target: {EcsParameters: {TaskDefinitionArn: 'web', TaskCount: 2}, RoleArn: 'arn:aws:iam::1:role/x'},
      },
    },
  ];
  const {code, manifests, notes} = await told(text.map((object) => JSON.stringify(object)).join('\n---\n'));
  t.is(code, 0);
  const made = manifests.map(({kind, metadata, spec}) => [
    kind,
    metadata.namespace,
    metadata.name,
    (spec as {completions: number}).completions,
  ]);
  t.deepEqual(made, [
    ['Job', 'shop', 'once', 3],
    ['Job', undefined, 'nightly', 2],
  ]);
  t.deepEqual(
    notes.map(({path, level, reason}) => [path, level, reason]),
    [
      ['target.roleArn', 'ignored', 'ScheduleRoleIgnored'],
      ['scheduleExpression', 'needed', 'FromSchedule'],
    ],
  );
});

test('a ScheduledTask with a wrong expression or a wrong target is refused where it is wrong', async (t) => {
  const at = folder(t, {
    'task.json': plain,
    'when.json': scheduled({scheduleExpression: 'daily', target: {taskDefinition: 'web'}}),
    'what.json': scheduled({scheduleExpression: 'rate(1 day)', target: {taskDefinition: 'web', count: 90}}),
  });
  for (const [file, path] of [
    ['when.json', 'scheduleExpression +refused +InvalidSchedule'],
    ['what.json', 'target\\.count +refused +InvalidField'],
  ] as const) {
    for (const argv of [
      [at('task.json'), at(file)],
      [at('task.json'), '--run-task', at(file)],
    ]) {
      const {code, err} = await drayage(['translate', ...argv]);
      t.is(code, 1);
      t.regex(err, new RegExp(path));
    }
  }
});

test('--run-task runs a definition once, by the input of RunTask or by an object, which gives its name', async (t) => {
  const at = folder(t, {
    'task.json': plain,
    'run.json': {taskDefinition: 'web:3', count: 2, overrides: {containerOverrides: [{name: 'web', command: ['once']}]}},
    'object.json': {apiVersion: api, kind: 'Task', metadata: {name: 'now', namespace: 'shop'}, spec: {taskDefinition: 'other'}},
    'service.json': {apiVersion: api, kind: 'Service', metadata: {name: 'front'}, spec: {taskDefinition: 'web'}},
    'template.json': {Resources: {}},
  });
  const runBy = (flag: string, file: string) => drayage(['translate', at('task.json'), flag, at(file), '-o', 'json']);
  const first = JSON.parse((await runBy('--run-task', 'run.json')).out) as Told;
  t.like(first.manifests[0], {kind: 'Job', metadata: {name: 'web'}, spec: {completions: 2}});
  t.deepEqual(first.notes, []);
  const named = JSON.parse((await runBy('--run-task', 'object.json')).out) as Told;
  t.like(named.manifests[0], {kind: 'Job', metadata: {name: 'now', namespace: 'shop'}});
  t.true(named.notes.some(({path, reason}) => path === 'runTask.taskDefinition' && reason === 'OtherTaskDefinition'));
  const served = JSON.parse((await runBy('--service', 'service.json')).out) as Told;
  t.is(served.manifests[0]?.metadata.name, 'front');
  for (const [flag, file, why] of [
    ['--run-task', 'service.json', /a "Service" runs no task; give a Task/],
    ['--run-task', 'task.json', /is a task definition; name it as FILE, and what runs it with --run-task/],
    ['--service', 'template.json', /is written for CloudFormation/],
  ] as const) {
    const {code, err} = await runBy(flag, file);
    t.is(code, 1);
    t.regex(err, why);
  }
});
