import test, {type ExecutionContext} from 'ava';
import type {Outcome} from '../../../src/kinds/outcome.ts';
import {task as kind} from '../../../src/kinds/task/index.ts';
import {asWritten} from '../../../src/kinds/pinned-images/shown.ts';
import type {Observed} from '../../../src/kinds/task/observed.ts';
import type {TaskStep} from '../../../src/kinds/task/step.ts';
import {TaskStatus, type TaskSpec} from '../../../src/kinds/task/schema.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';
import {secretArn} from '../../support/memory-aws.ts';
import {walkOnce} from '../../support/walk.ts';
import {MemoryCluster} from './memory-cluster.ts';
import {task} from './objects.ts';

const db = secretArn('shop/db');
const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1';
const digest = `sha256:${'d'.repeat(64)}`;
const app = {name: 'app', image, memory: 64};
const withSecret = {containerDefinitions: [{...app, secrets: [{name: 'PASSWORD', valueFrom: `${db}:password::`}]}]};
const shared = {name: 'data', efsVolumeConfiguration: {fileSystemId: 'fs-0123456789abcdef0'}};
const withVolume = {
  containerDefinitions: [{...app, mountPoints: [{sourceVolume: 'data', containerPath: '/data'}]}],
  volumes: [shared],
};
const role = 'arn:aws:iam::123456789012:role/report';

function clusterWith(over: Record<string, unknown>): MemoryCluster {
  const memory = new MemoryCluster();
  memory.settings = {secrets: {allowedResources: ['arn:aws:*']}};
  memory.account.secrets.set('shop/db', '{"password":"s3cr3t-value"}');
  memory.account.digests.set('shop:1', digest);
  memory.register(over);
  return memory;
}

interface Seen {
  readonly resource: Resource<TaskSpec>;
  readonly outcome: Outcome;
  readonly calls: readonly string[];
  readonly conditions: readonly {readonly type: string; readonly status: string; readonly reason: string}[];
}

/** Walks until nothing more is done; as the engine does, the conditions are in the status, too. */
async function walk(memory: MemoryCluster, from: Resource<TaskSpec> = task()): Promise<Seen> {
  const calls: string[] = [];
  let resource = from;
  for (let round = 1; ; round += 1) {
    memory.sync();
    const walked = await walkOnce<TaskSpec, Observed, TaskStep>(kind, resource, memory.doors);
    calls.push(...walked.steps.map(({call}) => call));
    const {fields, conditions} = walked.report;
    const parsed = TaskStatus.safeParse(fields);
    if (!parsed.success) throw parsed.error;
    resource = {...resource, status: {...parsed.data, conditions}};
    if (walked.outcome.is !== 'waiting' || walked.outcome.seconds > 1) return {resource, outcome: walked.outcome, calls, conditions};
    if (round === 5) throw new Error('it is never done');
  }
}

function containerOf(job: KubeObject | undefined): Record<string, unknown> {
  const spec = job?.['spec'] as {template: {spec: {containers: Record<string, unknown>[]}}} | undefined;
  return spec?.template.spec.containers[0] ?? {};
}

function passwordIn(secret: KubeObject | undefined): string {
  return (secret?.['data'] as {PASSWORD?: string} | undefined)?.PASSWORD ?? '';
}

function statusOf({status}: Resource): TaskStatus {
  return status ?? {};
}

test('a task has its Secret before its Job, and its image by the digest; then AWS is asked nothing more', async (t) => {
  const memory = clusterWith(withSecret);
  const {resource, calls, conditions} = await walk(memory);
  t.deepEqual(calls, ['WriteSecret', 'RunTask']);
  const secret = memory.find('Secret');
  t.like(secret?.metadata, {labels: {'ecs.drayage.dev/task': 'report', 'app.kubernetes.io/managed-by': 'drayage'}});
  t.like(secret?.metadata.ownerReferences?.[0], {kind: 'Task', uid: 'uid-1', controller: true});
  t.is(Buffer.from(passwordIn(secret), 'base64').toString(), 's3cr3t-value');
  const job = memory.find('Job');
  t.like(containerOf(job), {
    image: image.replace(':1', `@${digest}`),
    env: [{name: 'PASSWORD', valueFrom: {secretKeyRef: {name: secret?.metadata.name}}}],
  });
  t.deepEqual(statusOf(resource).images, [{image, imageDigest: digest}]);
  t.is(asWritten(String(containerOf(job)['image']), statusOf(resource).images), image);
  t.is(asWritten('nginx:1', statusOf(resource).images), 'nginx:1');
  t.like(
    conditions.find(({type}) => type === 'Resolved'),
    {status: 'True', reason: 'Resolved'},
  );
  t.notRegex(JSON.stringify([resource, job, secret?.metadata]), /s3cr3t-value/);
  const asked = memory.account.calls.length;
  memory.remove('Secret', secret?.metadata.name ?? '');
  memory.account.digests.set('shop:1', `sha256:${'e'.repeat(64)}`);
  const again = await walk(memory, resource);
  t.deepEqual([again.calls, memory.account.calls.length], [[], asked]);
  t.deepEqual(statusOf(again.resource), statusOf(resource), 'what was looked up is remembered');
});

test('a process that dies right after the run says what the task was run with, and asks AWS nothing', async (t) => {
  const memory = clusterWith(withSecret);
  const {resource} = await walk(memory);
  const asked = memory.account.calls.length;
  const again = await walk(memory, task());
  t.deepEqual([again.calls, memory.account.calls.length], [[], asked]);
  t.deepEqual(statusOf(again.resource), statusOf(resource));
});

async function stalls(t: ExecutionContext, memory: MemoryCluster, reason: string, spec: Partial<TaskSpec> = {}): Promise<Seen> {
  const seen = await walk(memory, task(spec));
  t.like(seen.outcome, {is: 'stalled', reason});
  t.deepEqual([seen.calls, memory.created], [[], []]);
  return seen;
}

test('a value that is missing stalls with its place, and the task is run when it is there', async (t) => {
  const memory = clusterWith(withSecret);
  memory.account.secrets.delete('shop/db');
  const {resource, outcome, conditions} = await stalls(t, memory, 'SecretUnresolved');
  t.regex(outcome.message, /^containerDefinitions\[0\]\.secrets\[0\] \(PASSWORD of container app\): .*no such secret/);
  t.is(outcome.seconds, 60);
  t.like(
    conditions.find(({type}) => type === 'Resolved'),
    {status: 'False', reason: 'SecretUnresolved'},
  );
  memory.account.secrets.set('shop/db', '{"password":"x"}');
  t.deepEqual((await walk(memory, resource)).calls, ['WriteSecret', 'RunTask']);
});

test('what the Cluster does not allow is not read, and a Cluster that is not there runs nothing', async (t) => {
  const memory = clusterWith(withSecret);
  memory.settings = {};
  await stalls(t, memory, 'SecretNotAllowed');
  t.false(memory.account.calls.some((call) => call.startsWith('GetSecretValue')));
  const {resource} = await stalls(t, memory, 'ClusterNotFound', {cluster: 'prod'});
  t.is(statusOf(resource).noteCount, undefined, 'which notes there are is for the Cluster to say');
});

test('a role that the Cluster does not allow is refused, and its policy judges the notes', async (t) => {
  const memory = clusterWith({containerDefinitions: [app], taskRoleArn: role});
  memory.settings = {taskRoles: {provider: 'IRSA'}};
  await stalls(t, memory, 'RoleNotAllowed');
  const strict = clusterWith({containerDefinitions: [{...app, links: ['a:b']}], networkMode: 'none'});
  strict.settings = {policy: 'Strict'};
  await stalls(t, strict, 'NotTranslatable');
});

test('the tasks of a family share the ServiceAccount of a role: AWS must know its name before', async (t) => {
  const memory = clusterWith({containerDefinitions: [app], taskRoleArn: role});
  memory.settings = {taskRoles: {provider: 'IRSA'}, allowedRoles: [{roles: [role]}]};
  const first = await walk(memory);
  t.deepEqual(first.calls, ['ApplyServiceAccount', 'RunTask']);
  const account = memory.find('ServiceAccount');
  t.regex(account?.metadata.name ?? '', /^web-task-[a-z0-9]+$/);
  t.like(account?.metadata.ownerReferences?.[0], {kind: 'TaskDefinition', uid: 'family-1', controller: true});
  t.is(account?.metadata.labels?.['ecs.drayage.dev/task'], undefined);
  const other = task();
  const second = await walk(memory, {...other, metadata: {...other.metadata, name: 'other', uid: 'uid-2'}});
  t.deepEqual([second.calls, second.outcome.is], [['ApplyServiceAccount', 'RunTask'], 'waiting']);
  const jobs = ['report', 'other'].map((name) => memory.find('Job', name)?.['spec'] as {template: {spec: {serviceAccountName: string}}});
  t.deepEqual(new Set(jobs.map(({template}) => template.spec.serviceAccountName)), new Set([account?.metadata.name]));
});

test('what is in no namespace is written down before it is made, and removed before the task goes', async (t) => {
  const memory = clusterWith(withVolume);
  const first = await walkOnce<TaskSpec, Observed, TaskStep>(kind, task(), memory.doors);
  t.deepEqual([first.steps, kind.isHeld(task())], [[], false]);
  t.deepEqual(memory.account.calls, [], 'nothing is asked of AWS that the next look would have to ask again');
  t.true(kind.isHeld(first.resource));
  const {resource, calls} = await walk(memory, first.resource);
  t.deepEqual(calls, ['ApplyPersistentVolume', 'ApplyPersistentVolumeClaim', 'RunTask']);
  const volume = memory.find('PersistentVolume');
  t.like(statusOf(resource).objects, [{kind: 'PersistentVolume', name: volume?.metadata.name}]);
  t.is(volume?.metadata.ownerReferences, undefined);
  const gone = {...resource, metadata: {...resource.metadata, deletionTimestamp: '2026-11-24T12:00:00Z'}};
  const theirs = {...volume, metadata: {...volume?.metadata, annotations: {'ecs.drayage.dev/owner-uid': 'other'}}} as KubeObject;
  memory.put(theirs);
  t.deepEqual((await walk(memory, gone)).calls, [], 'a volume of somebody else stays');
  memory.put(volume as KubeObject);
  const last = await walk(memory, gone);
  t.deepEqual([last.calls, last.outcome.is, memory.find('PersistentVolume')], [['DeletePersistentVolume'], 'settled', undefined]);
});

test('a task that is stopped before it was run asks for nothing', async (t) => {
  const memory = clusterWith(withSecret);
  t.is((await walk(memory, task({stop: true}))).outcome.reason, 'Stopped');
  t.deepEqual(memory.account.calls, []);
});

test('a Secret that was read for another revision goes before the task is run', async (t) => {
  const memory = clusterWith(withSecret);
  memory.account.before = (call) => {
    if (call.startsWith('DescribeImages')) throw new Error('not now');
  };
  await t.notThrowsAsync(walk(memory));
  t.is(memory.created.length, 1, 'a digest that cannot be looked up holds up nothing');
  const {name = ''} = memory.find('Secret')?.metadata ?? {};
  memory.remove('Job', 'report');
  memory.register({containerDefinitions: [{...app, secrets: [{name: 'OTHER', valueFrom: db}]}]}, 4);
  t.deepEqual((await walk(memory)).calls, ['WriteSecret', 'DeleteSecret', 'RunTask']);
  t.is(memory.find('Secret', name), undefined);
});

test('a task is not run before External Secrets Operator has filled what it needs', async (t) => {
  const memory = clusterWith(withSecret);
  memory.settings = {secrets: {provider: 'ExternalSecrets', secretStoreRef: {name: 'store'}}};
  const first = await walk(memory);
  t.deepEqual([first.calls, memory.account.calls.filter((call) => call.startsWith('Get'))], [['ApplyExternalSecret'], []]);
  t.like(first.outcome, {is: 'waiting', reason: 'Provisioning', seconds: 5});
  const external = memory.find('ExternalSecret') ?? t.fail('no ExternalSecret');
  const says = (status: string): KubeObject => ({...external, status: {conditions: [{type: 'Ready', status, message: 'no such secret'}]}});
  memory.put(says('False'));
  const refused = await walk(memory, first.resource);
  t.deepEqual([refused.calls, refused.outcome.is, refused.outcome.reason], [[], 'stalled', 'SecretUnresolved']);
  t.regex(refused.outcome.message, /^The ExternalSecret report-secrets-\w+ is not filled: no such secret$/);
  memory.put(says('True'));
  t.deepEqual((await walk(memory, refused.resource)).calls, ['ApplyExternalSecret', 'RunTask']);
  memory.remove('Job', 'report');
  memory.put({...says('True'), metadata: {...external.metadata, ownerReferences: []}});
  const foreign = await walk(memory, first.resource);
  t.like(foreign.outcome, {is: 'stalled', reason: 'ObjectNotOwned'});
});
