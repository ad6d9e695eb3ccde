import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import test from 'ava';
import type {Aws} from '../../src/aws/aws.ts';
import {createAws} from '../../src/aws/clients.ts';
import {Interruption} from '../../src/kinds/outcome.ts';
import {awsError, environmentFor, fakeAws, type Reply, type Request} from './fake-ecr.ts';

const now = () => new Date('2026-01-01T00:00:00Z');

async function asking<T>(handle: (request: Request, nth: number) => Reply, ask: (aws: Aws) => Promise<T>) {
  await using server = await fakeAws(handle);
  const aws = createAws({environment: environmentFor(server.url), now});
  try {
    return {value: await ask(aws), requests: server.requests};
  } finally {
    aws.close();
  }
}

test('a secret is read by id and version, and its value is not printed', async (t) => {
  const {value, requests} = await asking(
    () => ({body: {ARN: 'arn:aws:secretsmanager:us-east-1:1:secret:a-AbCdEf', SecretString: 'hunter2'}}),
    (aws) => aws.secrets({}).read('a', {versionStage: 'AWSPREVIOUS', versionId: 'v1'}),
  );
  t.deepEqual(requests[0]?.input, {SecretId: 'a', VersionStage: 'AWSPREVIOUS', VersionId: 'v1'});
  t.is(value?.arn, 'arn:aws:secretsmanager:us-east-1:1:secret:a-AbCdEf');
  t.is(value?.value?.reveal(), 'hunter2');
  t.notRegex(JSON.stringify(value), /hunter2/);
});

test('a secret that is not there is undefined, and one of bytes has no value', async (t) => {
  const gone = await asking(
    () => awsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret."),
    (aws) => aws.secrets({}).read('a'),
  );
  t.is(gone.value, undefined);
  const bytes = await asking(
    () => ({body: {ARN: 'arn', SecretBinary: 'AAAA'}}),
    (aws) => aws.secrets({}).read('a'),
  );
  t.deepEqual(bytes.value, {arn: 'arn', value: undefined});
});

test('parameters are decrypted, found by name and by ARN, and those that are not there are left out', async (t) => {
  const {value, requests} = await asking(
    () => ({body: {Parameters: [{Name: '/a/b', ARN: 'arn:aws:ssm:us-east-1:1:parameter/a/b', Value: 'x'}], InvalidParameters: ['c']}}),
    (aws) => aws.parameters({}).get(['/a/b', 'c']),
  );
  t.deepEqual(requests[0]?.input, {Names: ['/a/b', 'c'], WithDecryption: true});
  t.is(value.get('/a/b')?.value?.reveal(), 'x');
  t.is(value.get('arn:aws:ssm:us-east-1:1:parameter/a/b')?.value?.reveal(), 'x');
  t.is(value.get('c'), undefined);
});

test('what is denied names the action and the resource', async (t) => {
  const denied =
    'User: arn:aws:sts::1:assumed-role/drayage/pod is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-east-1:1:parameter/a because no identity-based policy allows it';
  const asked = asking(
    () => awsError('AccessDeniedException', denied),
    (aws) => aws.parameters({}).get(['a']),
  );
  const error = await t.throwsAsync(asked, {instanceOf: Interruption});
  t.like(error?.outcome, {is: 'stalled', reason: 'AccessDenied'});
  t.regex(error?.message ?? '', /^ssm:GetParameters on arn:aws:ssm:us-east-1:1:parameter\/a is not allowed to the role drayage/);
});

async function reading(answer: {readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>>}) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(answer.status, {'content-length': Buffer.byteLength(answer.body), ...answer.headers}).end(answer.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const aws = createAws({environment: environmentFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), now});
  try {
    return {file: await aws.files({}).read('bucket', 'a/b c.env'), paths};
  } finally {
    aws.close();
    server.closeAllConnections();
    server.close();
  }
}

test('a file is read as text, from a path that names its bucket and key', async (t) => {
  const {file, paths} = await reading({status: 200, body: 'A=ü\n'});
  t.is(file?.reveal(), 'A=ü\n');
  t.deepEqual(paths, ['/bucket/a/b%20c.env?x-id=GetObject']);
});

const error = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

test('a file that is not there is undefined; one that is denied or too large says so', async (t) => {
  t.is((await reading({status: 404, body: error('NoSuchKey')})).file, undefined);
  t.is((await reading({status: 404, body: error('NoSuchBucket')})).file, undefined);
  await t.throwsAsync(reading({status: 403, body: error('AccessDenied')}), {
    message: /^s3:GetObject on bucket\/a\/b c\.env is not allowed to the operator's role/,
  });
  await t.throwsAsync(reading({status: 200, body: 'x'.repeat(1024 * 1024 + 1)}), {message: /has more than 1 MiB/});
});

test('a tag is looked up alone, and one that is not there has no digest', async (t) => {
  const {value, requests} = await asking(
    () => ({body: {imageDetails: [{imageDigest: 'sha256:a', imageTags: ['1']}]}}),
    (aws) => aws.images({accountId: '123456789012'}).digestOf('app', '1'),
  );
  t.is(value, 'sha256:a');
  t.deepEqual(requests[0]?.input, {registryId: '123456789012', repositoryName: 'app', imageIds: [{imageTag: '1'}]});
  const gone = await asking(
    () => awsError('ImageNotFoundException', 'no'),
    (aws) => aws.images({}).digestOf('app', '1'),
  );
  t.is(gone.value, undefined);
});
