import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {jobs, pods, scheduledTasks, taskDefinitions, tasks} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {conditionIn, personOf, type Person, type Place} from '../support/place.ts';
import {startStage, type Stage} from '../support/stage.ts';

let stage: Stage | undefined;
let person: Person;
let operator: Operator;

test.before(async () => {
  stage = await startStage({nodes: 1});
  person = personOf(stage.cluster);
  operator = await stage.operator();
  // A node that nobody keeps: what is bound to it does what the test writes into its status.
  const node = {apiVersion: 'v1', kind: 'Node', metadata: {name: 'by-hand'}, spec: {unschedulable: true}};
  await person.kube.create({apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false}, node);
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

const container = {name: 'app', image: 'registry.example.com/app:1', memory: 64};
const web = {family: 'web', containerDefinitions: [container]};
/** Its pods find no node, so that the test can take them. */
const byHand = {
  family: 'hand',
  runtimePlatform: {cpuArchitecture: 'ARM64'},
  containerDefinitions: [container, {...container, name: 'beside'}],
};

test('a task is run once to its end, and shows itself as ECS would', async (t) => {
  const place = await person.place('ran');
  await place.apply(tasks, 'report', {taskDefinition: 'web', startedBy: 'ops/anna'});
  await place.until(tasks, 'report', 'TaskDefinitionNotFound');
  await place.apply(taskDefinitions, 'web', web);
  const task = await place.until(tasks, 'report', 'Succeeded');
  t.is(conditionIn(task, 'Ready')?.status, 'True');
  t.is(conditionIn(task, 'Succeeded')?.status, 'True');
  t.like(statusOf(task), {
    taskDefinition: 'web:1',
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    exitCode: 0,
    job: 'report',
    pendingCount: 0,
    runningCount: 0,
    stoppedCount: 1,
  });
  const job = await place.get(jobs, 'report');
  t.like(job?.metadata.ownerReferences?.[0], {kind: 'Task', name: 'report', uid: task.metadata.uid, controller: true});
  const [header = '', row = ''] = (await person.kubectl('get', 'ecstask', '-n', place.namespace)).trimEnd().split('\n');
  t.deepEqual(header.split(/\s+/), ['NAME', 'READY', 'STATUS', 'TASKDEFINITION', 'LASTSTATUS', 'STOPCODE', 'EXITCODE', 'AGE']);
  t.deepEqual(row.split(/\s+/).slice(0, 7), ['report', 'True', 'Succeeded', 'web:1', 'STOPPED', 'EssentialContainerExited', '0']);
  // A new revision is nothing to a task that has been run, and neither is its Job.
  await place.apply(taskDefinitions, 'web', {...web, cpu: '256'});
  await place.until(taskDefinitions, 'web', 'Registered');
  await place.delete(jobs, 'report');
  await place.gone(jobs, 'report');
  await sleep(2000);
  t.is(await place.get(jobs, 'report'), undefined);
  t.deepEqual(statusOf(await place.get(tasks, 'report')), statusOf(task));
});

test('each of several tasks runs by itself; one that fails stops no other', async (t) => {
  const place = await person.place('several');
  await place.apply(taskDefinitions, 'hand', byHand);
  await place.apply(tasks, 'many', {taskDefinition: 'hand', count: 3});
  const made = await podsOf(place, 'many', 3);
  for (const pod of made) await bind(place, pod);
  const [first, second, third] = made.toSorted((a, b) => indexOf(a) - indexOf(b));
  await ends(place, first, {app: 5, beside: 0});
  await runs(place, second);
  await runs(place, third);
  const some = await shows(place, 'many', ({runningCount, stoppedCount}) => runningCount === 2 && stoppedCount === 1);
  t.like(statusOf(some), {lastStatus: 'RUNNING', desiredStatus: 'RUNNING', pendingCount: 0});
  t.is(statusOf(some)['stopCode'], undefined);
  await ends(place, second, {app: 0, beside: 0});
  await ends(place, third, {app: 0, beside: 0});
  const task = await place.until(tasks, 'many', 'TaskFailed');
  t.is(conditionIn(task, 'Stalled')?.status, 'True');
  t.is(conditionIn(task, 'Succeeded')?.reason, 'EssentialContainerExited');
  t.is(conditionIn(task, 'Ready')?.message, 'Task 0 of 3: EssentialContainerExited: Essential container in task exited (exit code 5)');
  t.deepEqual(
    (statusOf(task)['tasks'] as readonly {exitCode: number}[]).map(({exitCode}) => exitCode),
    [5, 0, 0],
  );
});

test('the first essential container that exits stops the others, and its pod stays', async (t) => {
  const place = await person.place('essential');
  await place.apply(taskDefinitions, 'hand', byHand);
  await place.apply(tasks, 'pair', {taskDefinition: 'hand'});
  const [pod] = await podsOf(place, 'pair', 1);
  await shows(place, 'pair', ({lastStatus}) => lastStatus === 'PROVISIONING');
  await bind(place, pod);
  await shows(place, 'pair', ({lastStatus}) => lastStatus === 'PENDING');
  await runs(place, pod);
  await shows(place, 'pair', ({lastStatus}) => lastStatus === 'RUNNING');
  await person.kube.merge(ref(place, pod), {status: {containerStatuses: [exited('app', 0), running('beside')]}}, {subresource: 'status'});
  const told = await eventually('the pod has a deadline', async () => {
    const seen = await place.get(pods, pod?.metadata.name ?? '');
    return deadlineOf(seen) === 1 && seen;
  });
  t.is(told.metadata.deletionTimestamp, undefined);
  t.like(told.metadata.annotations, {'ecs.drayage.dev/stop-code': 'EssentialContainerExited', 'ecs.drayage.dev/exited-container': 'app'});
  await shows(place, 'pair', ({lastStatus, desiredStatus}) => lastStatus === 'STOPPING' && desiredStatus === 'STOPPED');
  await ends(place, pod, {app: 0, beside: 143}, 'DeadlineExceeded');
  const task = await place.until(tasks, 'pair', 'Succeeded');
  t.like(statusOf(task), {stopCode: 'EssentialContainerExited', exitCode: 0});
  t.true((await place.events('Task', 'pair')).some(({note}) => /stop pair-0-\w+: Essential container in task exited/.test(note)));
});

test('spec.stop stops a task wherever it is, and it is never started again', async (t) => {
  const place = await person.place('stopped');
  await place.apply(taskDefinitions, 'hand', byHand);
  await place.apply(tasks, 'two', {taskDefinition: 'hand', count: 2});
  const made = await podsOf(place, 'two', 2);
  const [onNode, nowhere] = made.toSorted((a, b) => indexOf(a) - indexOf(b));
  await bind(place, onNode);
  await runs(place, onNode);
  await shows(place, 'two', ({runningCount, pendingCount}) => runningCount === 1 && pendingCount === 1);
  await place.change(tasks, 'two', {spec: {stop: true, stopReason: 'not needed any more'}});
  await place.gone(pods, nowhere?.metadata.name ?? '');
  await eventually('the other has a deadline', async () => {
    const seen = await place.get(pods, onNode?.metadata.name ?? '');
    return deadlineOf(seen) === 1;
  });
  await ends(place, onNode, {app: 143, beside: 143}, 'DeadlineExceeded');
  const task = await place.until(tasks, 'two', 'Stopped');
  t.is(conditionIn(task, 'Succeeded')?.status, 'False');
  t.like(statusOf(task), {stopCode: 'UserInitiated', stoppedReason: 'not needed any more', stoppedCount: 2, exitCode: 143});
  await place.change(tasks, 'two', {spec: {stop: false}});
  await sleep(2000);
  t.is((await place.list(pods)).filter(({status}) => (status as {phase?: string}).phase !== 'Failed').length, 0);
});

test('a task that is stopped at once is not run; what it was asked cannot be changed', async (t) => {
  const place = await person.place('unrun');
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(tasks, 'never', {taskDefinition: 'web', stop: true});
  const task = await place.until(tasks, 'never', 'Stopped');
  t.like(statusOf(task), {lastStatus: 'STOPPED', stopCode: 'UserInitiated'});
  t.is(await place.get(jobs, 'never'), undefined);
  for (const spec of [{taskDefinition: 'web:1'}, {count: 2}, {startedBy: 'x'}]) {
    await t.throwsAsync(place.change(tasks, 'never', {spec}), {message: /immutable/}, JSON.stringify(spec));
  }
  await place.apply(jobs, 'theirs', {template: {spec: {restartPolicy: 'Never', containers: [{name: 'x', image: 'x'}]}}, suspend: true});
  await place.apply(tasks, 'theirs', {taskDefinition: 'web'});
  await place.until(tasks, 'theirs', 'JobNotOwned');
  await place.apply(tasks, 'wrong', {taskDefinition: 'web', overrides: {containerOverrides: [{name: 'ap', cpu: 5}]}});
  const wrong = await place.until(tasks, 'wrong', 'NotTranslatable');
  t.regex(
    conditionIn(wrong, 'Ready')?.message ?? '',
    /runTask\.overrides\.containerOverrides\[0\]\.name: .*no container ap; name one that it has: app/,
  );
  const mended = {containerOverrides: [{name: 'app', command: ['$(x)']}]};
  await t.throwsAsync(place.change(tasks, 'wrong', {spec: {overrides: mended}}), {message: /immutable/});
  await place.apply(tasks, 'right', {taskDefinition: 'web', overrides: mended});
  await place.until(tasks, 'right', 'Succeeded');
  const job = await place.get(jobs, 'right');
  t.like(job?.['spec'], {template: {spec: {containers: [{args: ['$$(x)']}]}}});
});

test('ttlSecondsAfterStopped removes the task with its Job and pods', async (t) => {
  const place = await person.place('expires');
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(tasks, 'short', {taskDefinition: 'web', ttlSecondsAfterStopped: 2});
  await place.gone(tasks, 'short');
  await place.gone(jobs, 'short');
  await eventually('the pods are gone', async () => (await place.list(pods)).length === 0);
  t.pass();
});

test('a schedule makes one task each time, also where the operator is killed in between', async (t) => {
  const place = await person.place('scheduled');
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(scheduledTasks, 'often', {scheduleExpression: 'rate(1 minute)', target: {taskDefinition: 'web'}});
  const soon = new Date(Date.now() + 15_000).toISOString().slice(0, 19);
  await place.apply(scheduledTasks, 'once', {
    scheduleExpression: `at(${soon})`,
    target: {EcsParameters: {TaskDefinitionArn: 'web', TaskCount: 2}},
  });
  await place.apply(scheduledTasks, 'wrong', {scheduleExpression: 'cron(0 3 * * * *)', target: {taskDefinition: 'web'}});
  await place.until(scheduledTasks, 'wrong', 'InvalidSchedule');
  const often = await place.until(scheduledTasks, 'often', 'Scheduled');
  t.regex(String(statusOf(often)['lastTask']), /^often-\d+$/);
  await place.until(tasks, String(statusOf(often)['lastTask']), 'Succeeded');
  t.is(new Date(String(statusOf(often)['nextRunTime'])).getTime() - new Date(String(statusOf(often)['lastRunTime'])).getTime(), 60_000);
  const once = await eventually('the task of at() was made', async () => {
    const seen = await place.get(scheduledTasks, 'once');
    return conditionIn(seen, 'Ready')?.reason === 'Completed' && statusOf(seen)['activeCount'] === 0 && seen;
  });
  t.is(statusOf(once)['lastRunTime'], `${soon}Z`);
  const task = await place.until(tasks, String(statusOf(once)['lastTask']), 'Succeeded');
  t.like(task['spec'], {taskDefinition: 'web', count: 2, startedBy: 'chronos-schedule/once'});
  await operator.kill();
  operator = (await stage?.operator({name: 'another'})) ?? operator;
  await eventually('the second minute was run', async () => ofSchedule(await place.list(tasks), 'often').length >= 2, {seconds: 90});
  const made = await place.list(tasks);
  t.is(ofSchedule(made, 'once').length, 1);
  const times = ofSchedule(made, 'often').map(({metadata}) => Date.parse(metadata.annotations?.['ecs.drayage.dev/scheduled-at'] ?? ''));
  t.deepEqual(
    times.toSorted((a, b) => a - b).map((time, index, all) => time - (all[0] ?? 0) - index * 60_000),
    times.map(() => 0),
  );
  const [header = '', row = ''] = (await person.kubectl('get', 'ecsschedule', 'often', '-n', place.namespace)).trimEnd().split('\n');
  t.deepEqual(header.split(/\s{2,}/), ['NAME', 'READY', 'STATUS', 'SCHEDULE', 'NEXT', 'LAST', 'ACTIVE', 'AGE']);
  t.regex(row, /rate\(1 minute\)/);
});

function ofSchedule(all: readonly KubeObject[], name: string): readonly KubeObject[] {
  return all.filter(({metadata}) => metadata.labels?.['ecs.drayage.dev/scheduled-task'] === name);
}

async function podsOf(place: Place, task: string, count: number): Promise<readonly KubeObject[]> {
  return eventually(`${task} has ${count} pods`, async () => {
    const all = await place.list(pods, `ecs.drayage.dev/task=${task}`);
    return all.length === count && all;
  });
}

function indexOf({metadata}: KubeObject): number {
  return Number(metadata.labels?.['batch.kubernetes.io/job-completion-index']);
}

function ref(place: Place, pod: KubeObject | undefined): {type: typeof pods; name: string; namespace: string} {
  return {type: pods, name: pod?.metadata.name ?? '', namespace: place.namespace};
}

/** As the scheduler does it. */
async function bind(place: Place, pod: KubeObject | undefined): Promise<void> {
  const name = pod?.metadata.name ?? '';
  const binding = {apiVersion: 'v1', kind: 'Binding', metadata: {name}, target: {apiVersion: 'v1', kind: 'Node', name: 'by-hand'}};
  const path = `/api/v1/namespaces/${place.namespace}/pods/${name}/binding`;
  const done = await stage?.cluster.kubectl(['create', '--raw', path, '-f', '-'], {input: JSON.stringify(binding)});
  if (done?.code !== 0) throw new Error(done?.stderr);
}

function running(name: string): object {
  return {...seenContainer(name), ready: true, state: {running: {startedAt: now()}}};
}

function exited(name: string, exitCode: number): object {
  const terminated = {exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: now(), finishedAt: now()};
  return {...seenContainer(name), ready: false, state: {terminated}};
}

function seenContainer(name: string): object {
  return {name, image: container.image, imageID: `x@sha256:${'b'.repeat(64)}`, restartCount: 0};
}

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** As a kubelet does it. */
async function runs(place: Place, pod: KubeObject | undefined): Promise<void> {
  const status = {phase: 'Running', startTime: now(), containerStatuses: [running('app'), running('beside')]};
  await person.kube.merge(ref(place, pod), {status}, {subresource: 'status'});
}

async function ends(place: Place, pod: KubeObject | undefined, codes: {app: number; beside: number}, reason?: string): Promise<void> {
  const phase = codes.app === 0 && codes.beside === 0 ? 'Succeeded' : 'Failed';
  const containerStatuses = [exited('app', codes.app), exited('beside', codes.beside)];
  await person.kube.merge(ref(place, pod), {status: {phase, containerStatuses, ...(reason && {reason})}}, {subresource: 'status'});
}

async function shows(place: Place, name: string, isSo: (status: Readonly<Record<string, unknown>>) => boolean): Promise<KubeObject> {
  let seen: KubeObject | undefined;
  return eventually(`the task ${name} shows it`, async () => {
    seen = await place.get(tasks, name);
    return seen !== undefined && isSo(statusOf(seen)) && seen;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it is ${JSON.stringify(seen?.['status'])}`);
  });
}

function deadlineOf(pod: KubeObject | undefined): number | undefined {
  return ((pod?.['spec'] ?? {}) as {activeDeadlineSeconds?: number}).activeDeadlineSeconds;
}

function statusOf(object: KubeObject | undefined): Readonly<Record<string, unknown>> {
  return (object?.['status'] ?? {}) as Readonly<Record<string, unknown>>;
}
