import {CreateRepositoryCommand} from '@aws-sdk/client-ecr';
import {CreateBucketCommand, PutObjectCommand, S3Client} from '@aws-sdk/client-s3';
import {CreateSecretCommand, SecretsManagerClient} from '@aws-sdk/client-secrets-manager';
import {PutParameterCommand, SSMClient} from '@aws-sdk/client-ssm';
import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {clusters, deployments, secrets, services, taskDefinitions} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {kubeFor} from '../support/kube-clients.ts';
import type {Operator} from '../support/operator.ts';
import {conditionIn, personOf, type Person, type Place} from '../support/place.ts';
import {putImage} from '../support/put-image.ts';
import {startStage, type Stage} from '../support/stage.ts';

const value = 'do-not-print-me';
let stage: Stage | undefined;
let person: Person;
let aws: {readonly secrets: SecretsManagerClient; readonly parameters: SSMClient; readonly files: S3Client};
let dbArn = '';
let operator: Operator | undefined;

test.before(async () => {
  stage = await startStage({nodes: 1});
  const {cloud} = stage;
  person = personOf(stage.cluster);
  const root = {endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.rootCredentials};
  aws = {secrets: new SecretsManagerClient(root), parameters: new SSMClient(root), files: new S3Client({...root, forcePathStyle: true})};
  const made = await aws.secrets.send(
    new CreateSecretCommand({Name: 'shop/db', SecretString: JSON.stringify({password: value, port: 5432})}),
  );
  dbArn = made.ARN ?? '';
  await aws.secrets.send(new CreateSecretCommand({Name: 'hub', SecretString: JSON.stringify({username: 'me', password: value})}));
  await aws.parameters.send(new PutParameterCommand({Name: '/shop/key', Value: value, Type: 'SecureString'}));
  await aws.files.send(new CreateBucketCommand({Bucket: 'shop-config'}));
  await aws.files.send(new PutObjectCommand({Bucket: 'shop-config', Key: 'live.env', Body: `MODE=live\nTOKEN=${value}\n`}));
  await makeClusters(stage);
  operator = await stage.operator({flags: ['--leader-elect=false', '--log-level=debug']});
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

/** What may be read in the default Cluster is the shop's; in the other one, nothing. */
async function makeClusters({cluster}: Stage): Promise<void> {
  const {kube, close} = kubeFor(cluster.kubeconfig);
  const {apiVersion, kind} = clusters;
  const allowedResources = ['arn:aws:*:shop/*', 'arn:aws:*:secret:hub', 'arn:aws:ssm:*:parameter/shop/*', 'arn:aws:s3:::shop-*'];
  await kube.apply(clusters, {apiVersion, kind, metadata: {name: 'default'}, spec: {secrets: {allowedResources}}}, {fieldManager: 'tests'});
  await kube.apply(clusters, {apiVersion, kind, metadata: {name: 'bare'}, spec: {}}, {fieldManager: 'tests'});
  await close();
}

const app = {name: 'app', image: 'registry.example.com/app:1', memory: 64};

async function run(place: Place, over: object, service: object = {}): Promise<void> {
  const containerDefinitions = [{...app, ...over}];
  await place.apply(taskDefinitions, 'web', {family: 'web', containerDefinitions, service: {desiredCount: 1, ...service}});
}

async function contents(place: Place): Promise<Readonly<Record<string, string>>> {
  const made = await place.list(secrets, 'ecs.drayage.dev/service=web');
  const all = made.flatMap((secret) => Object.entries((secret['data'] ?? {}) as Record<string, string>));
  return Object.fromEntries(all.map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]));
}

function containerOf(deployment: KubeObject | undefined): Readonly<Record<string, unknown>> {
  const spec = deployment?.['spec'] as {template: {spec: {containers: readonly Record<string, unknown>[]}}} | undefined;
  return spec?.template.spec.containers[0] ?? {};
}

test('what AWS holds is in Secrets that the service owns before there are pods, and in nothing that is printed', async (t) => {
  const place = await person.place('filled');
  await run(place, {
    secrets: [
      {name: 'PASSWORD', valueFrom: `${dbArn}:password::`},
      {name: 'PORT', valueFrom: `${dbArn}:port:AWSCURRENT:`},
      {name: 'KEY', valueFrom: '/shop/key'},
    ],
    environmentFiles: [{type: 's3', value: 'arn:aws:s3:::shop-config/live.env'}],
    repositoryCredentials: {credentialsParameter: 'hub'},
  });
  const seen = await place.until(services, 'web', 'SteadyState', 120);
  t.like(conditionIn(seen, 'Resolved'), {status: 'True', reason: 'Resolved'});
  const {'.dockerconfigjson': docker = '', ...values} = await contents(place);
  t.deepEqual(values, {PASSWORD: value, PORT: '5432', KEY: value, MODE: 'live', TOKEN: value});
  t.like(JSON.parse(docker), {auths: {'registry.example.com': {username: 'me', password: value}}});
  const made = await place.list(secrets, 'ecs.drayage.dev/service=web');
  t.is(made.length, 3);
  const deployment = await place.get(deployments, 'web');
  for (const {metadata} of made) {
    t.like(metadata.ownerReferences?.[0], {kind: 'Service', name: 'web', uid: seen.metadata.uid, controller: true});
    t.true((metadata.creationTimestamp ?? '') <= (deployment?.metadata.creationTimestamp ?? ''));
    t.true(JSON.stringify(deployment).includes(`"${metadata.name}"`), metadata.name);
  }
  t.false(JSON.stringify([seen, deployment, await place.events('Service', 'web'), made.map(({metadata}) => metadata)]).includes(value));
  t.false(((await operator?.log()) ?? value).includes(value));
});

test('a Secret that is deleted or changed comes back, and the pods are left alone', async (t) => {
  const place = await person.place('restored');
  await run(place, {secrets: [{name: 'KEY', valueFrom: '/shop/key'}]});
  await place.until(services, 'web', 'SteadyState', 120);
  const before = await place.get(deployments, 'web');
  const [secret] = await place.list(secrets, 'ecs.drayage.dev/service=web');
  const name = secret?.metadata.name ?? '';
  await place.delete(secrets, name);
  await eventually('the Secret is back', async () => (await contents(place))['KEY'] === value);
  await place.change(secrets, name, {data: {KEY: Buffer.from('evil').toString('base64')}});
  await eventually('the value is back', async () => (await contents(place))['KEY'] === value);
  await place.change(secrets, name, {metadata: {labels: {'app.kubernetes.io/managed-by': null}}});
  await eventually('the label is back', async () => (await place.list(secrets, 'app.kubernetes.io/managed-by=drayage')).length === 1);
  t.is((await place.get(deployments, 'web'))?.metadata.generation, before?.metadata.generation);
});

test('a value that cannot be read stalls with its place, and what runs stays', async (t) => {
  const place = await person.place('unresolved');
  await run(place, {});
  await place.until(services, 'web', 'SteadyState', 120);
  const before = await place.get(deployments, 'web');
  await run(place, {
    secrets: [
      {name: 'USER', valueFrom: `${dbArn}:user::`},
      {name: 'GONE', valueFrom: '/shop/gone'},
    ],
  });
  const seen = await place.until(services, 'web', 'SecretUnresolved');
  const {message = ''} = conditionIn(seen, 'Resolved') ?? {};
  t.regex(message, /containerDefinitions\[0\]\.secrets\[0\] \(USER of container app\): arn:aws:secretsmanager:\S+: has no JSON key user\./);
  t.regex(
    message,
    /containerDefinitions\[0\]\.secrets\[1\] \(GONE of container app\): arn:aws:ssm:\S+:parameter\/shop\/gone: Parameter Store has no parameter \/shop\/gone\./,
  );
  t.is(conditionIn(seen, 'Stalled')?.status, 'True');
  t.is((await place.get(deployments, 'web'))?.metadata.generation, before?.metadata.generation);
  t.deepEqual(await place.list(secrets), []);
  // What was missing is there now; a change of the object makes it look at once.
  await aws.parameters.send(new PutParameterCommand({Name: '/shop/gone', Value: value, Type: 'String'}));
  await run(place, {secrets: [{name: 'GONE', valueFrom: '/shop/gone'}]});
  await eventually('it runs', async () => containerOf(await place.get(deployments, 'web'))['env'] !== undefined);
  t.is((await contents(place))['GONE'], value);
});

test('without leave of the Cluster nothing is read', async (t) => {
  const place = await person.place('not-allowed');
  await run(place, {secrets: [{name: 'KEY', valueFrom: '/shop/key'}]}, {cluster: 'bare'});
  const seen = await place.until(services, 'web', 'SecretNotAllowed');
  t.regex(
    conditionIn(seen, 'Ready')?.message ?? '',
    /arn:aws:ssm:us-east-1:123456789012:parameter\/shop\/key may not be read for tasks; add it, or a pattern that fits it, to secrets\.allowedResources of the Cluster\./,
  );
  t.deepEqual(await place.list(secrets), []);
  t.is(await place.get(deployments, 'web'), undefined);
});

test('a tag in ECR is pinned to what it was when the deployment began', async (t) => {
  const {cloud} = stage ?? t.fail('no stage');
  const place = await person.place('pinned-image');
  await cloud.ecr.send(new CreateRepositoryCommand({repositoryName: 'pinned'}));
  const digest = await putImage(cloud.ecr, 'pinned', 'v1');
  const image = `${cloud.registryHost}/pinned:v1`;
  await run(place, {image});
  const seen = await place.until(services, 'web', 'SteadyState', 120);
  t.is(containerOf(await place.get(deployments, 'web'))['image'], `${cloud.registryHost}/pinned@${digest}`);
  t.like(seen['status'], {images: [{image, imageDigest: digest}]});
});

test('other values get another Secret, and the one before goes when the rollout is done', async (t) => {
  const place = await person.place('replaced');
  await run(place, {secrets: [{name: 'KEY', valueFrom: '/shop/key'}]});
  await place.until(services, 'web', 'SteadyState', 120);
  await run(place, {secrets: [{name: 'OTHER', valueFrom: '/shop/key'}]});
  await eventually('only the new one is left', async () => {
    const made = await place.list(secrets, 'ecs.drayage.dev/service=web');
    return made.length === 1 && (await contents(place))['OTHER'] === value;
  });
  t.is((await place.until(services, 'web', 'SteadyState', 120))['status'] === undefined, false);
});
