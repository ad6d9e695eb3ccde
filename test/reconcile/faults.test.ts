import {DescribeRepositoriesCommand, ListTagsForResourceCommand} from '@aws-sdk/client-ecr';
import test from 'ava';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {registries, repositories} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {operatorNamespace, type Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

const ns = 'faults';
const lifecyclePolicy = {
  lifecyclePolicyText: JSON.stringify({
    rules: [
      {rulePriority: 1, selection: {tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 3}, action: {type: 'expire'}},
    ],
  }),
};
// Without an election, so that an operator that takes the place of a killed one acts at once.
const flags = ['--leader-elect=false', '--log-level=debug'];

let scene: Scene;
let operator: Operator;
const defaultRegistry = {type: registries, name: 'default'};

test.before(async () => {
  scene = await startScene();
  operator = await scene.stage.operator({flags});
  await scene.namespace(ns);
  await scene.ready(defaultRegistry);
});

test.afterEach.always(async () => {
  await scene?.stage.cloud.faults.clear();
});

test.after.always(async () => {
  await scene?.stop();
});

async function repositoriesLike(prefix: string): Promise<readonly string[]> {
  const {repositories: all = []} = await scene.stage.cloud.ecr.send(new DescribeRepositoriesCommand({maxResults: 1000}));
  return all.flatMap(({repositoryName = ''}) => (repositoryName.startsWith(prefix) ? [repositoryName] : [])).toSorted();
}

async function tagsOf(arn: unknown): Promise<Readonly<Record<string, string>>> {
  const {tags = []} = await scene.stage.cloud.ecr.send(new ListTagsForResourceCommand({resourceArn: String(arn)}));
  return Object.fromEntries(tags.map(({Key, Value}) => [Key, Value]));
}

async function isAlive(): Promise<boolean> {
  return (await fetch(`${operator.healthUrl}/healthz`)).status === 200;
}

async function count(operation: string, since: Date): Promise<number> {
  return (await scene.calls(since)).filter((call) => call.operation === operation).length;
}

/** The role's actions as the docs have them, without some. */
async function allow(except: readonly string[]): Promise<void> {
  const file = path.resolve(import.meta.dirname, '../../docs/iam-policy.json');
  const {Statement} = JSON.parse(await readFile(file, 'utf8')) as {readonly Statement: readonly {readonly Action: string | string[]}[]};
  const actions = Statement.flatMap(({Action}) => Action).filter((action) => !except.includes(action));
  await scene.stage.cloud.createRole({name: 'drayage', subject: `system:serviceaccount:${operatorNamespace}:drayage`, actions});
}

test.serial('objects that wait for a person cost no calls and no Events', async (t) => {
  const made = await Promise.all([
    scene.repository(ns, 'no-json', {lifecyclePolicy: {lifecyclePolicyText: '{'}}),
    scene.repository(ns, 'no-registry', {registryRef: {name: 'none'}}),
    scene.repository(ns, 'first', {name: 'same'}),
  ]);
  await scene.ready(made[2]);
  const stalled = [...made.slice(0, 2), await scene.repository(ns, 'second', {name: 'same'})];
  for (const ref of stalled) await scene.condition(ref, {type: 'Stalled', status: 'True'});
  await sleep(500);
  const since = new Date();
  const versions = async () => Promise.all(stalled.map(async (ref) => (await scene.get(ref))?.metadata.resourceVersion));
  const before = await versions();
  await sleep(5000);
  t.deepEqual(await scene.calls(since), []);
  t.deepEqual(await versions(), before);
  const warnings = await Promise.all(stalled.map((ref) => scene.warnings(ref, 1)));
  t.deepEqual(warnings, [['InvalidLifecyclePolicy×1'], ['RegistryNotFound×1'], ['RepositoryNotOwned×1']]);
});

test.serial('while AWS throttles, a new repository waits with one Event and few calls; then it is made', async (t) => {
  await scene.stage.cloud.faults.add({operation: 'CreateRepository', is: 'throttle', seconds: 6});
  const since = new Date();
  const ref = await scene.repository(ns, 'throttled');
  const object = await scene.condition(ref, {type: 'Ready', status: 'Unknown', reason: 'Throttled'});
  t.like(conditionOf(object, 'Reconciling'), {status: 'True', reason: 'ProgressingWithRetry'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /AWS throttles ecr:CreateRepository on throttled/);
  await scene.ready(ref, 30);
  const calls = await count('CreateRepository', since);
  t.log(`CreateRepository was called ${calls} times`);
  t.true(calls <= 15, `${calls}`);
  t.deepEqual(await scene.warnings(ref), ['Throttled×1']);
  t.deepEqual(await repositoriesLike('throttled'), ['throttled']);
  t.true(await isAlive());
});

test.serial('a denied action is named, what could be done is done, and it goes on when the role is mended', async (t) => {
  await allow(['ecr:PutLifecyclePolicy']);
  const since = new Date();
  const ref = await scene.repository(ns, 'denied', {lifecyclePolicy, tags: [{key: 'team', value: 'shop'}]});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'AccessDenied'});
  const {message = ''} = conditionOf(object, 'Ready') ?? {};
  t.log(message);
  t.regex(message, /^ecr:PutLifecyclePolicy .*the role drayage: add it to the role's policy/);
  t.regex(String(object.status?.['repositoryUri']), /\/denied$/, 'the repository itself is there and known');
  await sleep(4000);
  t.is(await count('PutLifecyclePolicy', since), 1);
  t.is(await count('CreateRepository', since), 1);
  t.deepEqual(await scene.warnings(ref, 1), ['AccessDenied×1']);
  await allow([]);
  // A person who mends the role touches the object, or waits two minutes.
  await scene.kube.merge(ref, {metadata: {annotations: {touched: 'yes'}}});
  await scene.ready(ref, 5);
  t.true(await isAlive());
});

test.serial('a denied CreateRepository is told for the object, and nothing is made', async (t) => {
  await scene.stage.cloud.faults.add({operation: 'CreateRepository', is: 'deny'});
  const since = new Date();
  const ref = await scene.repository(ns, 'denied-creation');
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'AccessDenied'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /^ecr:CreateRepository on .* is not allowed to the role drayage/);
  await sleep(3000);
  t.is(await count('CreateRepository', since), 1);
  t.deepEqual(await scene.warnings(ref, 1), ['AccessDenied×1']);
  t.deepEqual(await repositoriesLike('denied-creation'), []);
  await scene.stage.cloud.faults.clear();
  await scene.kube.merge(ref, {metadata: {annotations: {touched: 'yes'}}});
  await scene.ready(ref, 5);
});

test.serial('an answer that is lost after the repository was made is no second repository, and no stranger', async (t) => {
  await scene.stage.cloud.faults.add({operation: 'CreateRepository', is: 'afterwards-reset', times: 1});
  const since = new Date();
  const ref = await scene.repository(ns, 'lost-answer', {lifecyclePolicy, tags: [{key: 'team', value: 'shop'}]});
  const object = await scene.ready(ref);
  t.like(await tagsOf(object.status?.['repositoryArn']), {team: 'shop'});
  t.log((await scene.calls(since)).map(({operation, status}) => `${operation} ${status}`).join(', '));
  t.deepEqual(await repositoriesLike('lost-answer'), ['lost-answer']);
  t.deepEqual(await scene.warnings(ref), []);
});

test.serial('nor where every answer is lost for a while', async (t) => {
  await scene.stage.cloud.faults.add({operation: 'CreateRepository', is: 'afterwards-reset', times: 5});
  const ref = await scene.repository(ns, 'lost-answers', {lifecyclePolicy});
  const object = await scene.ready(ref);
  const owner = (await tagsOf(object.status?.['repositoryArn']))['drayage.dev/owner'];
  t.regex(owner ?? '', /\/faults\/lost-answers$/);
  t.deepEqual(await repositoriesLike('lost-answers'), ['lost-answers']);
  t.deepEqual(await scene.warnings(ref), ['AwsUnavailable×1']);
});

test.serial('an answer to DeleteRepository that is lost ends in the same state', async (t) => {
  const ref = await scene.repository(ns, 'lost-deletion', {deletionPolicy: 'Delete'});
  await scene.ready(ref);
  await scene.stage.cloud.faults.add({operation: 'DeleteRepository', is: 'afterwards-reset', times: 1});
  await scene.kube.delete(ref);
  await scene.gone(ref);
  t.deepEqual(await repositoriesLike('lost-deletion'), []);
});

test.serial('an operator killed between the creation and the status finds its own repository', async (t) => {
  await scene.stage.cloud.faults.add({operation: 'CreateRepository', is: 'afterwards-reset'});
  const since = new Date();
  const ref = await scene.repository(ns, 'killed', {lifecyclePolicy, adoptionPolicy: 'Never'});
  await eventually('it is made', async () => (await count('CreateRepository', since)) > 0, {everyMs: 20});
  await operator.kill();
  await scene.stage.cloud.faults.clear();
  t.deepEqual(await repositoriesLike('killed'), ['killed']);
  t.is((await scene.get(ref))?.status?.['repositoryArn'], undefined);
  operator = await scene.stage.operator({flags});
  const object = await scene.ready(ref);
  t.regex((await tagsOf(object.status?.['repositoryArn']))['drayage.dev/owner'] ?? '', /\/faults\/killed$/);
  t.is((await scene.calls(since)).filter(({operation, status}) => operation === 'CreateRepository' && status === 200).length, 0);
  t.deepEqual(await repositoriesLike('killed'), ['killed']);
  t.deepEqual(await scene.warnings(ref), []);
});

test.serial('killed again and again while it makes and deletes, the operator ends in the same state', async (t) => {
  const names = Array.from({length: 12}, (_, index) => `storm-${String(index).padStart(2, '0')}`);
  const spec = {lifecyclePolicy, deletionPolicy: 'Delete', tags: [{key: 'team', value: 'storm'}]};
  const kills = 5;
  const since = new Date();
  for (let round = 0; round < kills; round += 1) {
    const mine = names.filter((_, index) => index % kills === round);
    await Promise.all(mine.map((name) => scene.repository(ns, name, spec)));
    // From before the first call to about the last one.
    const wait = Math.floor(Math.random() * 400);
    const calls = (await scene.calls(since)).length;
    await eventually('it has begun', async () => (await scene.calls(since)).length > calls, {everyMs: 10});
    await sleep(wait);
    await operator.kill();
    t.log(`killed ${wait} ms after its first call`);
    operator = await scene.stage.operator({flags});
  }
  for (const name of names) await scene.ready({type: repositories, namespace: ns, name});
  t.deepEqual(await repositoriesLike('storm-'), names);
  const made = (await scene.calls(since)).filter(({operation, status}) => operation === 'CreateRepository' && status === 200).length;
  t.true(made <= names.length, `${made} creations of ${names.length}`);
  await Promise.all(names.map((name) => scene.kube.delete({type: repositories, namespace: ns, name})));
  await sleep(150);
  await operator.kill();
  operator = await scene.stage.operator({flags});
  for (const name of names) await scene.gone({type: repositories, namespace: ns, name});
  t.deepEqual(await repositoriesLike('storm-'), []);
});

test.serial('while AWS cannot be reached, what is ready stays ready, and nothing is lost', async (t) => {
  const ready = await scene.repository(ns, 'before-outage');
  await scene.ready(ready);
  await scene.stage.cloud.faults.add({operation: '*', is: 'error500'});
  const since = new Date();
  await scene.repository(ns, 'before-outage', {tags: [{key: 'a', value: 'b'}]});
  const fresh = await scene.repository(ns, 'in-outage');
  const object = await scene.condition(fresh, {type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry'});
  t.like(conditionOf(object, 'Ready'), {status: 'Unknown', reason: 'AwsUnavailable'});
  await sleep(5000);
  const calls = (await scene.calls(since)).length;
  t.log(`${calls} calls in 5 s for two objects`);
  t.true(calls <= 40, `${calls}`);
  t.deepEqual(await scene.warnings(fresh, 1), ['AwsUnavailable×1']);
  await scene.stage.cloud.faults.clear();
  await scene.ready(fresh);
  const after = await scene.ready(ready);
  await eventually('the tag is there', async () => (await tagsOf(after.status?.['repositoryArn']))['a'] === 'b');
  t.true(await isAlive());
});

for (const [is, reason, words] of [
  ['error500', 'AwsUnavailable', /sts:|STS|AWS could not be reached or failed/],
  [
    'deny',
    'RoleTrustDenied',
    /trust policy must allow sts:AssumeRoleWithWebIdentity to .* with sub system:serviceaccount:drayage-system:drayage/,
  ],
] as const) {
  test.serial(`started while STS answers with ${is}, the operator says so, lives, and goes on by itself`, async (t) => {
    await operator.kill();
    await scene.stage.cloud.faults.add({operation: 'AssumeRoleWithWebIdentity', is});
    operator = await scene.stage.operator({flags});
    const since = new Date();
    const ref = await scene.repository(ns, `sts-${is}`);
    const object = await scene.condition(ref, {type: 'Ready', reason});
    const {message = ''} = conditionOf(object, 'Ready') ?? {};
    t.log(message);
    t.regex(message, words);
    await sleep(4000);
    const calls = await count('AssumeRoleWithWebIdentity', since);
    t.log(`${calls} calls of AssumeRoleWithWebIdentity`);
    t.true(calls <= 40, `${calls}`);
    t.deepEqual(await scene.warnings(ref, 1), [`${reason}×1`]);
    t.true(await isAlive());
    await scene.stage.cloud.faults.clear();
    // What a person must mend in AWS is looked at after two minutes, or when the object is touched.
    if (is === 'deny') await scene.kube.merge(ref, {metadata: {annotations: {touched: 'yes'}}});
    await scene.ready(ref, 30);
  });
}

test.serial('a call that hangs does not hold up other objects', async (t) => {
  await scene.stage.cloud.faults.add({operation: 'PutLifecyclePolicy', is: 'timeout', times: 1});
  const hanging = await scene.repository(ns, 'hanging', {lifecyclePolicy});
  const other = await scene.repository(ns, 'not-hanging');
  await scene.ready(other, 3);
  await scene.ready(hanging, 30);
  t.true(await isAlive());
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  const log = await operator.log();
  t.regex(log, /"msg":"walk ended"/);
  t.deepEqual(await scene.leaks([log]), []);
  t.notRegex(log, /walk met an unexpected error|walk broke/);
});
