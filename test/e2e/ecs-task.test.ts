import type {KubeObject} from '../../src/schema/object.ts';
import {jobs, pods, scheduledTasks, taskDefinitions, tasks} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {onNode} from '../support/on-node.ts';
import {conditionIn} from '../support/place.ts';

const node = onNode({repository: 'shop/web', tags: {'1': {}}});
const {run, opened} = node;

const shell = (script: string): object => ({image: node.image('1'), memory: 64, entryPoint: ['sh', '-c', script]});

run('a task runs with its overrides, and what it exits with is in its status', async (t) => {
  const place = await opened('task-overrides');
  await place.apply(taskDefinitions, 'report', {
    family: 'report',
    containerDefinitions: [
      {
        name: 'report',
        ...shell('printf "%s|%s|%s" "$KEPT" "$CHANGED" "$1"; exit 7'),
        environment: [
          {name: 'KEPT', value: 'as it was'},
          {name: 'CHANGED', value: 'before'},
        ],
      },
    ],
  });
  const literal = '$(KEPT) $HOME $$';
  await place.apply(tasks, 'once', {
    taskDefinition: 'report',
    overrides: {containerOverrides: [{name: 'report', command: ['sh', literal], environment: [{name: 'CHANGED', value: literal}]}]},
  });
  const task = await place.until(tasks, 'once', 'TaskFailed');
  t.like(statusOf(task), {
    lastStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    exitCode: 7,
    taskDefinition: 'report:1',
  });
  const [container] = containersOf(task);
  t.like(container, {name: 'report', lastStatus: 'STOPPED', exitCode: 7, image: node.image('1')});
  t.regex(container?.imageDigest ?? '', /^sha256:[0-9a-f]{64}$/);
  t.is(await node.person.kubectl('logs', podName(task), '-n', place.namespace), `as it was|${literal}|${literal}`);
});

run('the first essential container that exits ends the task: the others get SIGTERM and stopTimeout, and their logs stay', async (t) => {
  const place = await opened('task-essential');
  await place.apply(taskDefinitions, 'pair', {
    family: 'pair',
    containerDefinitions: [
      {name: 'first', ...shell('sleep 3; exit 0'), stopTimeout: 20},
      {name: 'second', ...shell('trap "echo told; sleep 2; exit 9" TERM; while true; do sleep 0.2; done'), stopTimeout: 20},
      {name: 'third', ...shell('trap "" TERM; while true; do sleep 0.2; done'), stopTimeout: 4},
    ],
  });
  await place.apply(tasks, 'pair', {taskDefinition: 'pair'});
  await eventually('it runs', async () => statusOf(await place.get(tasks, 'pair'))['lastStatus'] === 'RUNNING');
  const task = await place.until(tasks, 'pair', 'Succeeded', 90);
  t.like(statusOf(task), {lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', exitCode: 0});
  t.deepEqual(
    containersOf(task).map(({name, exitCode}) => [name, exitCode]),
    [
      ['first', 0],
      ['second', 9],
      // It takes no notice of SIGTERM.
      ['third', 137],
    ],
  );
  t.regex(await node.person.kubectl('logs', podName(task), '-c', 'second', '-n', place.namespace), /told/);
  const pod = await place.get(pods, podName(task));
  t.is(pod?.metadata.deletionTimestamp, undefined);
  t.like(pod?.['status'], {phase: 'Failed', reason: 'DeadlineExceeded'});
  const ends = endsOf(pod);
  t.log(`the first container ended at ${ends['first']}, the second at ${ends['second']}, the third at ${ends['third']}`);
  const seconds = (name: string): number => (Date.parse(ends[name] ?? '') - Date.parse(ends['first'] ?? '')) / 1000;
  t.true(seconds('second') >= 2 && seconds('second') <= 8, `second after ${seconds('second')} s`);
  t.true(seconds('third') >= 18 && seconds('third') <= 28, `third after ${seconds('third')} s: a pod has the longest stopTimeout`);
});

run('a container that is not essential ends with the task, and what it exits with does not matter', async (t) => {
  const place = await opened('task-beside');
  await place.apply(taskDefinitions, 'beside', {
    family: 'beside',
    containerDefinitions: [
      {name: 'main', ...shell('sleep 2; exit 0'), stopTimeout: 3},
      {name: 'log_router', essential: false, ...shell('while true; do sleep 0.2; done'), stopTimeout: 3},
    ],
  });
  await place.apply(tasks, 'beside', {taskDefinition: 'beside', count: 2});
  const task = await place.until(tasks, 'beside', 'Succeeded', 90);
  t.like(statusOf(task), {stoppedCount: 2, exitCode: 0});
  t.deepEqual(
    containersOf(task)
      .map(({name}) => name)
      .toSorted(),
    ['log_router', 'main'],
  );
});

run('StopTask, an image and a command that are not there: each with the stop code of ECS', async (t) => {
  const place = await opened('task-stops');
  const one = (name: string, container: object): Promise<KubeObject> =>
    place.apply(taskDefinitions, name, {family: name, containerDefinitions: [{name: 'main', memory: 64, ...container}]});
  await one('long', {...shell('trap "exit 5" TERM; while true; do sleep 0.2; done'), stopTimeout: 10});
  await one('absent', {image: node.image('nowhere')});
  await one('wrong', {image: node.image('1'), entryPoint: ['/no/such/command']});
  for (const name of ['long', 'absent', 'wrong']) await place.apply(tasks, name, {taskDefinition: name});
  await eventually('it runs', async () => statusOf(await place.get(tasks, 'long'))['lastStatus'] === 'RUNNING');
  await place.change(tasks, 'long', {spec: {stop: true}});
  const long = await place.until(tasks, 'long', 'Stopped');
  t.like(statusOf(long), {stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user', exitCode: 5});
  const wrong = await place.until(tasks, 'wrong', 'TaskFailed');
  t.is(statusOf(wrong)['stopCode'], 'TaskFailedToStart');
  t.regex(String(statusOf(wrong)['stoppedReason']), /^CannotStartContainerError: .*no such file/);
  const absent = await place.until(tasks, 'absent', 'TaskFailed', 150);
  t.is(statusOf(absent)['stopCode'], 'TaskFailedToStart');
  t.regex(String(statusOf(absent)['stoppedReason']), /^CannotPullContainerError: .*nowhere/);
  t.log(statusOf(wrong)['stoppedReason'], statusOf(absent)['stoppedReason']);
  t.is(conditionIn(absent, 'Succeeded')?.reason, 'TaskFailedToStart');
});

run('a schedule runs a task on the node, and deleting it takes all with it', async (t) => {
  const place = await opened('task-scheduled');
  await place.apply(taskDefinitions, 'tick', {family: 'tick', containerDefinitions: [{name: 'main', ...shell('echo tick')}]});
  await place.apply(scheduledTasks, 'tick', {scheduleExpression: 'rate(1 hour)', target: {taskDefinition: 'tick'}});
  const schedule = await place.until(scheduledTasks, 'tick', 'Scheduled');
  const task = await place.until(tasks, String(statusOf(schedule)['lastTask']), 'Succeeded');
  t.is(await node.person.kubectl('logs', podName(task), '-n', place.namespace), 'tick\n');
  await place.delete(scheduledTasks, 'tick');
  for (const type of [tasks, jobs, pods]) {
    await eventually(`no ${type.kind} is left`, async () => (await place.list(type)).length === 0);
  }
});

interface SeenTask {
  readonly pod: string;
  readonly containers: readonly {readonly name: string; readonly exitCode?: number; readonly imageDigest?: string}[];
}

function taskOf(task: KubeObject): SeenTask | undefined {
  return (statusOf(task)['tasks'] as readonly SeenTask[] | undefined)?.[0];
}

function containersOf(task: KubeObject): SeenTask['containers'] {
  return taskOf(task)?.containers ?? [];
}

function podName(task: KubeObject): string {
  return taskOf(task)?.pod ?? '';
}

function endsOf(pod: KubeObject | undefined): Readonly<Record<string, string>> {
  const {containerStatuses = []} = statusOf(pod) as {
    containerStatuses?: readonly {name: string; state: {terminated?: {finishedAt: string}}}[];
  };
  return Object.fromEntries(containerStatuses.map(({name, state}) => [name, state.terminated?.finishedAt ?? '']));
}

function statusOf(object: KubeObject | undefined): Readonly<Record<string, unknown>> {
  return (object?.['status'] ?? {}) as Readonly<Record<string, unknown>>;
}
