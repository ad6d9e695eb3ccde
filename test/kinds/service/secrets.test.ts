import test, {type ExecutionContext} from 'ava';
import {ServiceStatus} from '../../../src/kinds/service/schema.ts';
import {refusing, secretArn} from '../../support/memory-aws.ts';
import {MemoryValues} from './memory-values.ts';

const app = {name: 'app', image: 'shop:1', memory: 64};
const containing = (over: object) => ({containerDefinitions: [{...app, ...over}]});
const db = secretArn('shop/db');

function world(over: object): MemoryValues {
  const memory = new MemoryValues();
  memory.secrets.set('shop/db', '{"password":"s3cr3t-value","port":5432,"nothing":null}');
  memory.secrets.set('hub', '{"username":"me","password":"s3cr3t-value"}');
  memory.parameters.set('/shop/key', 's3cr3t-value');
  memory.parameters.set('/shop/other', 's3cr3t-value');
  memory.files.set('conf/live.env', '# a comment\nMODE=live\nQUOTED="a b"\nEMPTY=\n=x\nno equals sign\nWITH=a=b\r\nMODE=later\n');
  memory.files.set('conf/common.env', 'MODE=common\nEXTRA=1\n');
  memory.run(containing(over));
  return memory;
}

const secrets = [
  {name: 'PASSWORD', valueFrom: `${db}:password::`},
  {name: 'PORT', valueFrom: `${db}:port::`},
  {name: 'WHOLE', valueFrom: db},
  {name: 'KEY', valueFrom: '/shop/key'},
  {name: 'OTHER', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/other'},
];

function conditionOf(report: {conditions: readonly {type: string}[]}, type: string) {
  return report.conditions.find((condition) => condition.type === type);
}

async function stalls(t: ExecutionContext, memory: MemoryValues, reason: string, message: RegExp): Promise<void> {
  const {outcome, steps, report} = await memory.walk();
  t.deepEqual(steps, []);
  t.like(outcome, {is: 'stalled', reason, seconds: 60});
  t.regex(outcome.message, message);
  t.notRegex(JSON.stringify([outcome, report]), /s3cr3t-value/);
  t.like(conditionOf(report, 'Resolved'), {status: 'False', reason, message: outcome.message});
}

test('a Secret holds what AWS has before the Deployment is made, and a settled service asks nothing', async (t) => {
  const memory = world({secrets});
  const {outcome, steps, report} = await memory.walk();
  t.deepEqual(
    steps.map(({call}) => call),
    ['WriteSecret', 'ApplyDeployment'],
  );
  t.is(outcome.reason, 'SteadyState');
  t.like(conditionOf(report, 'Resolved'), {status: 'True', reason: 'Resolved'});
  t.deepEqual(memory.contents('secrets'), {
    PASSWORD: 's3cr3t-value',
    PORT: '5432',
    WHOLE: memory.secrets.get('shop/db') ?? '',
    KEY: 's3cr3t-value',
    OTHER: 's3cr3t-value',
  });
  t.deepEqual(memory.calls, [`GetSecretValue ${db}`, 'GetParameters /shop/key /shop/other', 'apply Secret', 'apply Deployment']);
  const secret = memory.find('Secret');
  t.like(secret?.metadata, {
    namespace: 'ns',
    labels: {'app.kubernetes.io/managed-by': 'drayage', 'ecs.drayage.dev/service': 'shop'},
  });
  t.like(secret?.metadata.ownerReferences?.[0], {kind: 'Service', name: 'shop', uid: 'uid-1', controller: true});
  t.notRegex(JSON.stringify([steps, secret?.metadata]), /s3cr3t-value/);
  const again = await memory.walk();
  t.deepEqual([again.steps, memory.calls.length], [[], 4]);
});

const file = (key: string) => ({type: 's3', value: `arn:aws:s3:::conf/${key}`});

test('files of variables: the first file counts, lines are read as the agent reads them', async (t) => {
  const memory = world({environmentFiles: [file('live.env'), file('common.env')]});
  t.is((await memory.walk()).outcome.reason, 'SteadyState');
  t.deepEqual(memory.contents('env'), {MODE: 'later', QUOTED: '"a b"', WITH: 'a=b', EXTRA: '1'});
});

test('a login becomes a pull secret', async (t) => {
  const memory = world({repositoryCredentials: {credentialsParameter: 'hub'}, image: 'registry.example.com/shop:1'});
  await memory.walk();
  const {auths} = JSON.parse(memory.contents('registry')?.['.dockerconfigjson'] ?? '') as {auths: object};
  const auth = Buffer.from('me:s3cr3t-value').toString('base64');
  t.deepEqual(auths, {'registry.example.com': {username: 'me', password: 's3cr3t-value', auth}});
  t.is(memory.find('Secret')?.['type'], 'kubernetes.io/dockerconfigjson');
});

const missing: readonly [string, object, RegExp][] = [
  [
    'no such secret',
    {secrets: [{name: 'A', valueFrom: secretArn('gone')}]},
    /^containerDefinitions\[0\]\.secrets\[0\] \(A of container app\): arn:aws:.*gone-AbCdEf: Secrets Manager has no such secret\.$/,
  ],
  ['no such JSON key', {secrets: [{name: 'A', valueFrom: `${db}:user::`}]}, /db-AbCdEf: has no JSON key user\.$/],
  ['null under the key', {secrets: [{name: 'A', valueFrom: `${db}:nothing::`}]}, /has null under the JSON key nothing/],
  ['not JSON', {secrets: [{name: 'A', valueFrom: `${secretArn('text')}:user::`}]}, /is not a JSON object, so it has no key user/],
  [
    'no such parameter',
    {secrets: [{name: 'A', valueFrom: '/gone'}]},
    /arn:aws:ssm:eu-west-1:123456789012:parameter\/gone: Parameter Store has no parameter \/gone\.$/,
  ],
  [
    'no such file',
    {environmentFiles: [{type: 's3', value: 'arn:aws:s3:::conf/gone.env'}]},
    /\(file 1 of container app\): arn:aws:s3:::conf\/gone\.env: S3 has no object gone\.env in a bucket conf/,
  ],
  [
    'a name that a Secret cannot hold',
    {environmentFiles: [{type: 's3', value: 'arn:aws:s3:::conf/bad.env'}]},
    /has a name in line 2 that a Secret cannot hold/,
  ],
  [
    'a login without a password',
    {repositoryCredentials: {credentialsParameter: 'shop/db'}},
    /is not a JSON object with the texts username and password/,
  ],
];
for (const [title, over, message] of missing) {
  test(`what cannot be had stalls with its place: ${title}`, (t) => {
    const memory = world(over);
    memory.secrets.set('text', 'plain');
    memory.files.set('conf/bad.env', 'A=1\nB C=s3cr3t-value\n');
    return stalls(t, memory, 'SecretUnresolved', message);
  });
}

test('of many problems three are told, and how many more there are', (t) => {
  const gone = ['A', 'B', 'C', 'D', 'E'].map((name) => ({name, valueFrom: `/gone/${name}`}));
  return stalls(t, world({secrets: gone}), 'SecretUnresolved', /\/gone\/A.*\/gone\/B.*\/gone\/C.*\(and 2 more\)$/);
});

test('a parameter that is denied is told from those that are read beside it', async (t) => {
  const memory = world({
    secrets: [
      {name: 'A', valueFrom: '/shop/key'},
      {name: 'B', valueFrom: '/shop/other'},
    ],
  });
  memory.before = refusing(/other/, {
    is: 'stalled',
    reason: 'AccessDenied',
    message: 'ssm:GetParameters is not allowed to the role drayage',
  });
  await stalls(
    t,
    memory,
    'SecretUnresolved',
    /^containerDefinitions\[0\]\.secrets\[1\] \(B of container app\).*ssm:GetParameters is not allowed to the role drayage\.$/,
  );
  t.deepEqual(memory.calls, ['GetParameters /shop/key /shop/other', 'GetParameters /shop/key', 'GetParameters /shop/other']);
});

test('where AWS is down the walk is tried again, and says nothing of the secret', async (t) => {
  const memory = world({secrets});
  memory.before = refusing(/GetSecretValue/, {is: 'failed', reason: 'AwsUnavailable', message: 'down'});
  const {outcome, steps, report} = await memory.walk();
  t.deepEqual(steps, []);
  t.like(outcome, {is: 'failed', reason: 'AwsUnavailable'});
  t.is(conditionOf(report, 'Resolved'), undefined);
});

test('what the Cluster does not allow is not even asked for, and the default is nothing', async (t) => {
  for (const allowedResources of [[], [db.replace('shop/db', 'shop/dbx')], ['arn:aws:ssm:*']]) {
    const memory = world({secrets: [{name: 'A', valueFrom: db}]});
    memory.settings = {secrets: {allowedResources}};
    await stalls(
      t,
      memory,
      'SecretNotAllowed',
      /secret:shop\/db-AbCdEf may not be read for tasks; add it, or a pattern that fits it, to secrets\.allowedResources of the Cluster\.$/,
    );
    t.deepEqual(memory.calls, []);
  }
  const byDefault = world({secrets});
  byDefault.settings = {};
  t.is((await byDefault.walk()).outcome.reason, 'SecretNotAllowed');
});

test('a name that turns out to be another secret than was allowed is not used', async (t) => {
  // To AWS this could be the suffix of "hub", or the name of a secret.
  const memory = world({repositoryCredentials: {credentialsParameter: 'hub-secret'}});
  memory.secrets.set('hub-secret', '{"username":"admin","password":"s3cr3t-value"}');
  memory.settings = {secrets: {allowedResources: ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub']}};
  await stalls(
    t,
    memory,
    'SecretUnresolved',
    /it is arn:aws:.*:secret:hub-secret-AbCdEf, which secrets\.allowedResources of the Cluster does not allow/,
  );
});

test('a Secret that someone deletes or changes is read and written again, and the Deployment is left alone', async (t) => {
  const memory = world({secrets});
  await memory.walk();
  const name = memory.find('Secret')?.metadata.name ?? '';
  memory.objects = memory.objects.filter(({kind}) => kind !== 'Secret');
  memory.parameters.set('/shop/key', 'rotated');
  const restored = await memory.walk();
  t.deepEqual(
    restored.steps.map(({why}) => why),
    [`write the Secret ${name}: it is missing`],
  );
  t.is(memory.contents('secrets')?.['KEY'], 'rotated');
  memory.objects = memory.objects.map((object) =>
    object.kind === 'Secret' ? {...object, data: {...(object['data'] as object), KEY: 'ZXZpbA=='}} : object,
  );
  t.deepEqual(
    (await memory.walk()).steps.map(({why}) => why),
    [`write the Secret ${name}: it was changed by someone else`],
  );
  memory.objects = memory.objects.map((object) =>
    object.kind === 'Secret' ? {...object, data: {...(object['data'] as object), MINE: 'ZXZpbA=='}} : object,
  );
  t.deepEqual((await memory.walk()).steps, []);
});

test('values are read once for a deployment: not when they change, nor for more pods, but for another revision', async (t) => {
  const memory = world({secrets});
  await memory.walk();
  const calls = memory.calls.length;
  memory.parameters.set('/shop/key', 'rotated');
  memory.resource = {...memory.resource, spec: {...memory.resource.spec, desiredCount: 5}};
  const scaled = await memory.walk();
  t.deepEqual(
    scaled.steps.map(({call}) => call),
    ['ApplyDeployment'],
  );
  t.deepEqual(memory.calls.slice(calls), ['apply Deployment']);
  t.is(memory.contents('secrets')?.['KEY'], 's3cr3t-value');
  memory.run(containing({secrets, command: ['serve']}), 4);
  await memory.walk();
  t.is(memory.contents('secrets')?.['KEY'], 'rotated');
});

test('other values get another Secret, and the one before goes when nothing runs with it any more', async (t) => {
  const memory = world({secrets});
  await memory.walk();
  const before = memory.find('Secret')?.metadata.name;
  memory.run(containing({secrets: secrets.slice(0, 1)}), 4);
  const {steps} = await memory.walk();
  t.deepEqual(
    steps.map(({call}) => call),
    ['WriteSecret', 'ApplyDeployment', 'DeleteSecret'],
  );
  t.deepEqual(memory.contents('secrets'), {PASSWORD: 's3cr3t-value'});
  t.not(memory.find('Secret')?.metadata.name, before);
});

test('a Secret of that name that someone else made is left alone', async (t) => {
  const memory = world({secrets});
  await memory.walk();
  const mine = memory.find('Secret');
  memory.objects = memory.objects.map((object) =>
    object === mine ? {...object, metadata: {...object.metadata, ownerReferences: []}} : object,
  );
  const {outcome, steps} = await memory.walk();
  t.deepEqual(steps, []);
  t.like(outcome, {is: 'stalled', reason: 'SecretNotOwned'});
});

const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app';
const digest = `sha256:${'a'.repeat(64)}`;

function imageIn(memory: MemoryValues): unknown {
  const spec = memory.find('Deployment')?.['spec'] as {template: {spec: {containers: readonly {image: string}[]}}} | undefined;
  return spec?.template.spec.containers[0]?.image;
}

test('a tag of ECR is looked up once for a deployment, and shown', async (t) => {
  const memory = world({image: `${ecr}:v1`});
  memory.digests.set('team/app:v1', digest);
  const {report} = await memory.walk();
  t.is(imageIn(memory), `${ecr}@${digest}`);
  t.deepEqual(report.fields['images'], [{image: `${ecr}:v1`, imageDigest: digest}]);
  t.true(ServiceStatus.safeParse(report.fields).success);
  t.false(JSON.stringify(report.fields['notes']).includes('ImageTagNotPinned'));
  memory.digests.set('team/app:v1', `sha256:${'b'.repeat(64)}`);
  memory.resource = {...memory.resource, spec: {...memory.resource.spec, desiredCount: 5}};
  await memory.walk();
  t.is(imageIn(memory), `${ecr}@${digest}`);
  t.is(memory.calls.filter((call) => call.startsWith('DescribeImages')).length, 1);
  memory.run(containing({image: `${ecr}:v1`, command: ['serve']}), 4);
  await memory.walk();
  t.is(imageIn(memory), `${ecr}@sha256:${'b'.repeat(64)}`);
});

test('a digest that cannot be had never holds up a deployment, and does not start another when it can', async (t) => {
  const memory = world({image: ecr});
  memory.before = refusing(/DescribeImages/, {is: 'failed', reason: 'AwsUnavailable', message: 'AWS could not be reached'});
  const {outcome, report} = await memory.walk();
  t.is(outcome.reason, 'SteadyState');
  t.is(imageIn(memory), ecr);
  const notes = report.fields['notes'] as readonly {reason: string; message: string}[];
  t.regex(notes.find(({reason}) => reason === 'ImageDigestUnresolved')?.message ?? '', /AWS could not be reached$/);
  t.deepEqual(report.fields['images'], [{image: ecr}]);
  memory.before = () => {};
  memory.digests.set('team/app:latest', digest);
  t.deepEqual((await memory.walk()).steps, []);
});

test('versionConsistency disabled, a digest and another registry are left as they are', async (t) => {
  for (const over of [{image: `${ecr}:v1`, versionConsistency: 'disabled'}, {image: `${ecr}@${digest}`}, {image: 'nginx:1'}]) {
    const memory = world(over);
    await memory.walk();
    t.is(imageIn(memory), over.image);
    t.deepEqual(memory.calls, ['apply Deployment']);
  }
});
