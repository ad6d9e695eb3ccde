import {CreateRepositoryCommand} from '@aws-sdk/client-ecr';
import {CreateSecretCommand, SecretsManagerClient} from '@aws-sdk/client-secrets-manager';
import {PutParameterCommand, SSMClient} from '@aws-sdk/client-ssm';
import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {clusters, jobs, secrets, taskDefinitions, tasks} from '../../src/schema/types.ts';
import {persistentVolumeClaims, persistentVolumes} from '../../src/schema/workload-types.ts';
import {eventually} from '../support/eventually.ts';
import {conditionIn, personOf, type Person, type Place} from '../support/place.ts';
import {putImage} from '../support/put-image.ts';
import {startStage, type Stage} from '../support/stage.ts';

const value = 'do-not-print-me';
let stage: Stage;
let person: Person;
let manager: SecretsManagerClient;
let parameters: SSMClient;
let image = '';
let digest = '';

test.before(async () => {
  stage = await startStage({nodes: 1});
  const {cloud, cluster} = stage;
  person = personOf(cluster);
  const root = {endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.rootCredentials};
  manager = new SecretsManagerClient(root);
  parameters = new SSMClient(root);
  await cloud.ecr.send(new CreateRepositoryCommand({repositoryName: 'report'}));
  digest = await putImage(cloud.ecr, 'report', 'v1');
  image = `${cloud.registryHost}/report:v1`;
  const {apiVersion, kind} = clusters;
  const spec = {secrets: {allowedResources: ['arn:aws:*:shop/*', 'arn:aws:ssm:*:parameter/shop/*']}};
  await person.kube.apply(clusters, {apiVersion, kind, metadata: {name: 'prod'}, spec}, {fieldManager: 'tests'});
  await stage.operator({flags: ['--leader-elect=false']});
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

function withSecret(valueFrom: string): object {
  return {family: 'report', containerDefinitions: [{name: 'app', image, memory: 64, secrets: [{name: 'PASSWORD', valueFrom}]}]};
}

function finalizersOf(object: KubeObject | undefined): readonly string[] | undefined {
  return (object?.metadata as {finalizers?: readonly string[]} | undefined)?.finalizers;
}

function containerOf(job: KubeObject | undefined): Readonly<Record<string, unknown>> {
  const spec = job?.['spec'] as {template: {spec: {containers: readonly Record<string, unknown>[]}}} | undefined;
  return spec?.template.spec.containers[0] ?? {};
}

async function madeFor(place: Place, name: string): Promise<readonly KubeObject[]> {
  return place.list(secrets, `ecs.drayage.dev/task=${name}`);
}

test('a task has its Secret, then its Job with the digest, in the Cluster that it names; and all goes with it', async (t) => {
  const made = await manager.send(new CreateSecretCommand({Name: 'shop/filled', SecretString: value}));
  const place = await person.place('task-filled');
  await place.apply(taskDefinitions, 'report', withSecret(made.ARN ?? ''));
  // The built-in Cluster lets nothing be read.
  await place.apply(tasks, 'elsewhere', {taskDefinition: 'report'});
  await place.until(tasks, 'elsewhere', 'SecretNotAllowed');
  await place.apply(tasks, 'nowhere', {taskDefinition: 'report', cluster: 'gone'});
  await place.until(tasks, 'nowhere', 'ClusterNotFound');
  t.deepEqual(await place.list(jobs), []);
  await place.apply(tasks, 'daily', {taskDefinition: 'report', cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/prod'});
  const task = await place.until(tasks, 'daily', 'Succeeded');
  const [secret] = await madeFor(place, 'daily');
  const job = await place.get(jobs, 'daily');
  t.is(Buffer.from((secret?.['data'] as {PASSWORD?: string})?.PASSWORD ?? '', 'base64').toString(), value);
  t.like(secret?.metadata.ownerReferences?.[0], {kind: 'Task', name: 'daily', uid: task.metadata.uid, controller: true});
  t.true((secret?.metadata.creationTimestamp ?? '') <= (job?.metadata.creationTimestamp ?? ''));
  t.like(containerOf(job), {
    image: image.replace(':v1', `@${digest}`),
    env: [{name: 'PASSWORD', valueFrom: {secretKeyRef: {name: secret?.metadata.name, key: 'PASSWORD'}}}],
  });
  t.like(task['status'], {images: [{image, imageDigest: digest}]});
  t.like(conditionIn(task, 'Resolved'), {status: 'True', reason: 'Resolved'});
  t.false(JSON.stringify([task, job, await place.events('Task', 'daily'), secret?.metadata]).includes(value));
  t.is(finalizersOf(task), undefined, 'nothing of it would stay');
  await place.delete(tasks, 'daily');
  await place.gone(secrets, secret?.metadata.name ?? '');
});

test('a Secret that is missing stalls with its place, and the task is run once it is there', async (t) => {
  const place = await person.place('task-missing');
  await place.apply(taskDefinitions, 'report', withSecret('/shop/late'));
  await place.apply(tasks, 'late', {taskDefinition: 'report', cluster: 'prod'});
  const seen = await place.until(tasks, 'late', 'SecretUnresolved');
  t.regex(
    conditionIn(seen, 'Resolved')?.message ?? '',
    /containerDefinitions\[0\]\.secrets\[0\] \(PASSWORD of container app\): .*Parameter Store has no parameter \/shop\/late/,
  );
  t.is(conditionIn(seen, 'Stalled')?.status, 'True');
  t.deepEqual([await place.list(jobs), await madeFor(place, 'late')], [[], []]);
  await parameters.send(new PutParameterCommand({Name: '/shop/late', Value: value, Type: 'SecureString'}));
  // It is looked for again every minute.
  await place.until(tasks, 'late', 'Succeeded', 90);
  t.is((await madeFor(place, 'late')).length, 1);
});

test('a PersistentVolume is removed with its task, and a service of the same name has one of its own', async (t) => {
  const place = await person.place('task-volume');
  const volumes = [{name: 'data', efsVolumeConfiguration: {fileSystemId: 'fs-0123456789abcdef0'}}];
  const containerDefinitions = [{name: 'app', image, memory: 64, mountPoints: [{sourceVolume: 'data', containerPath: '/data'}]}];
  await place.apply(taskDefinitions, 'report', {family: 'report', volumes, containerDefinitions, service: {desiredCount: 1}});
  await place.apply(tasks, 'report', {taskDefinition: 'report'});
  const mine = async (label: string): Promise<readonly KubeObject[]> => {
    const {items} = await person.kube.list(persistentVolumes, {labelSelector: `ecs.drayage.dev/${label}=report`});
    return items;
  };
  await eventually('the task has been run', async () => (await place.get(jobs, 'report')) !== undefined);
  await eventually('the service has its volume', async () => (await mine('service')).length === 1);
  const [volume] = await mine('task');
  const task = await place.get(tasks, 'report');
  t.is(volume?.metadata.annotations?.['ecs.drayage.dev/owner-uid'], task?.metadata.uid);
  t.is(finalizersOf(task)?.length, 1);
  t.is((await place.list(persistentVolumeClaims)).length, 2);
  await place.delete(tasks, 'report');
  await place.gone(tasks, 'report');
  await eventually('its volume goes', async () => (await mine('task')).length === 0);
  t.is((await mine('service')).length, 1);
});

test('what a task is run with cannot be changed, and what stops it can', async (t) => {
  const place = await person.place('task-fixed');
  const input = {
    taskDefinition: 'none',
    cluster: 'prod',
    launchType: 'EC2',
    tags: [{key: 'a', value: 'b'}],
    overrides: {cpu: '256', containerOverrides: [{name: 'app', command: ['x'], environment: [{name: 'A', value: '1'}]}]},
    networkConfiguration: {awsvpcConfiguration: {subnets: ['subnet-1']}},
    placementConstraints: [{type: 'distinctInstance'}],
  };
  await place.apply(tasks, 'fixed', input);
  for (const spec of [
    {cluster: 'other'},
    {cluster: null},
    {launchType: 'FARGATE'},
    {tags: [{key: 'a', value: 'c'}]},
    {overrides: {cpu: '512'}},
    {overrides: {memory: '512'}},
    {overrides: {containerOverrides: [{name: 'app', command: ['y'], environment: [{name: 'A', value: '1'}]}]}},
    {overrides: null},
    {networkConfiguration: {awsvpcConfiguration: {subnets: ['subnet-2']}}},
    {placementConstraints: []},
    {referenceId: 'added'},
    {propagateTags: 'NONE'},
  ]) {
    await t.throwsAsync(place.change(tasks, 'fixed', {spec}), {message: /immutable/}, JSON.stringify(spec));
  }
  const {spec} = await place.change(tasks, 'fixed', {spec: {...input, stop: true, stopReason: 'enough', ttlSecondsAfterStopped: 60}});
  t.like(spec, {stop: true, stopReason: 'enough', overrides: input.overrides});
});
