import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {fromInstanceMetadata} from '@aws-sdk/credential-providers';
import {createAws} from '../../src/aws/clients.ts';
import {type Environment, sharedCredentials} from '../../src/aws/credentials.ts';
import {Interruption, type Outcome} from '../../src/kinds/outcome.ts';
import {callerIdentity, type FakeAws, fakeAws, type Reply, stsError} from './fake-ecr.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const hour = 3_600_000;

function agentCredentials(key: string, at: number): Reply {
  return {body: {AccessKeyId: key, SecretAccessKey: 's', Token: 't', AccountId: '1', Expiration: new Date(at + hour).toISOString()}};
}

/** As Go's http.Error answers, which EKS's agent uses. */
function plain(status: number, body: string): Reply {
  return {status, headers: {'content-type': 'text/plain; charset=utf-8'}, body: `${body}\n`};
}

function eksError(name: string, text: string): string {
  return `[b69b1279-d140-4eee-b7ea-b124286f544c]: (${name}): ${text}, fault: client`;
}

const podIdentity = (url: string, more: Environment = {}): Environment => ({
  AWS_REGION: 'us-east-1',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/credentials`,
  ...more,
});

async function outcomeOf(environment: Environment): Promise<Outcome> {
  try {
    await sharedCredentials({environment, now: () => new Date(start)}).provider();
  } catch (error) {
    if (error instanceof Interruption) return error.outcome;
    throw error;
  }
  throw new Error('credentials were given');
}

/** A folder with the pod's token in it, gone at the end. */
function tokenFile(text: string): Disposable & {readonly path: string; write: (text: string) => void} {
  const folder = mkdtempSync(join(tmpdir(), 'drayage-pod-token-'));
  const path = join(folder, 'eks-pod-identity-token');
  writeFileSync(path, text);
  return {path, write: (next) => writeFileSync(path, next), [Symbol.dispose]: () => rmSync(folder, {recursive: true})};
}

test('EKS Pod Identity gives credentials for the token of the pod, which is read anew at each fetch', async (t) => {
  using file = tokenFile('pod-token-1\n');
  let at = start;
  await using server = await fakeAws(({action}, nth) => (action === 'pod-identity' ? agentCredentials(`ASIA${nth}`, at) : callerIdentity));
  const environment = podIdentity(server.url, {AWS_ENDPOINT_URL: server.url, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file.path});
  const aws = createAws({environment, now: () => new Date(at)});
  t.like(await aws.identity(), {accountId: '123456789012', region: 'us-east-1'});
  file.write('pod-token-2');
  at += hour;
  await aws.identity();
  aws.close();
  const asked = server.requests.filter(({action}) => action === 'pod-identity').map(({headers}) => headers.authorization);
  t.deepEqual(asked, ['pod-token-1', 'pod-token-2']);
  const keys = server.requests.flatMap(({headers}) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? []);
  t.deepEqual(keys, ['ASIA1', 'ASIA2']);
});

test('a token in the environment is sent, and one in a file goes before it', async (t) => {
  using file = tokenFile('from-file');
  await using server = await fakeAws(() => agentCredentials('ASIA', start));
  const given = podIdentity(server.url, {AWS_CONTAINER_AUTHORIZATION_TOKEN: 'from-environment'});
  for (const environment of [given, {...given, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file.path}]) {
    await sharedCredentials({environment, now: () => new Date(start)}).provider();
  }
  t.deepEqual(
    server.requests.map(({headers}) => headers.authorization),
    ['from-environment', 'from-file'],
  );
});

test("each refusal of EKS's agent has its own reason, in its own words, and is not asked again at once", async (t) => {
  const unauthorized = 'Unauthorized Exception! EKS does not have permissions to assume the associated role.';
  const cases: readonly (readonly [Reply, string, string, RegExp])[] = [
    [
      plain(400, eksError('AccessDeniedException', unauthorized)),
      'stalled',
      'RoleTrustDenied',
      /pods\.eks\.amazonaws\.com.*does not have perm/,
    ],
    [
      plain(404, eksError('ResourceNotFoundException', 'No association')),
      'stalled',
      'NoCredentials',
      /Pod Identity association.*No association/,
    ],
    [plain(400, eksError('ExpiredTokenException', 'The token is old')), 'failed', 'WebIdentityTokenExpired', /The token is old/],
    [
      plain(400, 'Service account token failed basic claim validations: token has invalid claims: token is expired'),
      'failed',
      'WebIdentityTokenExpired',
      /token is expired/,
    ],
    [plain(400, eksError('InvalidTokenException', 'bad')), 'failed', 'WebIdentityTokenInvalid', /bad/],
    [plain(400, 'Service account token cannot be empty'), 'failed', 'WebIdentityTokenInvalid', /cannot be empty/],
    [plain(403, 'Access Denied. Called agent through invalid address'), 'failed', 'CredentialsInvalid', /HTTP 403: Access Denied/],
    [plain(429, 'Too Many Requests. slowly'), 'failed', 'Throttled', /slowly/],
    [plain(400, eksError('ThrottlingException', 'Rate exceeded')), 'failed', 'Throttled', /Rate exceeded/],
    [{status: 400, body: {Code: 'AccessDeniedException', Message: 'no'}}, 'stalled', 'RoleTrustDenied', /It says: no/],
    [{status: 404, body: {code: 'NotFound', message: 'nothing here'}}, 'failed', 'CredentialsInvalid', /HTTP 404: nothing here/],
  ];
  for (const [reply, is, reason, words] of cases) {
    await using server = await fakeAws(() => reply);
    const outcome = await outcomeOf(podIdentity(server.url));
    t.like(outcome, {is, reason} as never, String(reply.body));
    t.regex(outcome.message, words);
    t.is(server.requests.length, 1, reason);
  }
});

test('an agent that fails for a moment is asked again, and one that stays down fails', async (t) => {
  await using server = await fakeAws((_, nth) => (nth < 3 ? plain(500, 'oops') : agentCredentials('ASIA', start)));
  const {accessKeyId} = await sharedCredentials({environment: podIdentity(server.url), now: () => new Date(start)}).provider();
  t.is(accessKeyId, 'ASIA');
  await using down = await fakeAws(() => plain(503, eksError('ServiceUnavailableException', 'later')));
  t.like(await outcomeOf(podIdentity(down.url)), {is: 'failed', reason: 'AwsUnavailable'});
  t.is(down.requests.length, 3);
  const gone = await fakeAws(() => callerIdentity);
  await gone[Symbol.asyncDispose]();
  const outcome = await outcomeOf(podIdentity(gone.url));
  t.like(outcome, {is: 'failed', reason: 'AwsUnavailable'});
  t.regex(outcome.message, /ECONNREFUSED/);
});

test('an answer that holds no credentials, and a token that cannot be read, are said', async (t) => {
  for (const body of ['<html>', '{}', '[]', {AccessKeyId: 'a', SecretAccessKey: 'b', Token: 'c', Expiration: 'soon'}]) {
    await using server = await fakeAws(() => ({body}));
    t.like(await outcomeOf(podIdentity(server.url)), {is: 'failed', reason: 'AwsUnavailable'});
  }
  await using server = await fakeAws(() => agentCredentials('ASIA', start));
  const outcome = await outcomeOf(podIdentity(server.url, {AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/nowhere/token'}));
  t.like(outcome, {is: 'failed', reason: 'CredentialsInvalid'});
  t.regex(outcome.message, /\/nowhere\/token, cannot be read \(ENOENT\)/);
  t.is(server.requests.length, 0);
});

test('no token is sent to an address without TLS that is neither loopback nor the agent, nor where a redirect leads', async (t) => {
  const bad = [
    'http://10.0.0.1/',
    'http://169.254.169.254/latest',
    'http://127.0.0.1.example.com/',
    'http://example.com/',
    'ftp://127.0.0.1/',
    'x',
  ];
  for (const url of bad) {
    const outcome = await outcomeOf({AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'secret'});
    t.like(outcome, {is: 'stalled', reason: 'NoCredentials'}, url);
    t.regex(outcome.message, /is not asked: without TLS/, url);
  }
  await using other = await fakeAws(() => agentCredentials('ASIA', start));
  await using server = await fakeAws(() => ({status: 302, headers: {location: other.url}, body: ''}));
  t.like(await outcomeOf(podIdentity(server.url)), {is: 'failed', reason: 'CredentialsInvalid'});
  t.is(other.requests.length, 0);
});

test('instance metadata is never asked, whatever else is broken', async (t) => {
  await using metadata: FakeAws = await fakeAws(() => plain(404, 'not here'));
  // The SDK reads this one by itself. Each file of tests has its own copy of the environment.
  process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = metadata.url;
  delete process.env['AWS_EC2_METADATA_DISABLED'];
  using file = tokenFile('a.b.c');
  await using server = await fakeAws(({action}) =>
    action === 'pod-identity' ? plain(404, eksError('ResourceNotFoundException', 'none')) : stsError('AccessDenied', 'no'),
  );
  const common = {AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url, AWS_ENDPOINT_URL: server.url};
  const broken: readonly Environment[] = [
    common,
    {...common, AWS_WEB_IDENTITY_TOKEN_FILE: file.path, AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/drayage'},
    {...common, AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere', AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/drayage'},
    {...common, ...podIdentity(server.url)},
    {...common, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'wrong'},
  ];
  for (const environment of broken) {
    for (const region of [{}, {AWS_REGION: 'us-east-1'}]) {
      const aws = createAws({environment: {...environment, ...region}, now: () => new Date(start)});
      await t.throwsAsync(async () => aws.identity(), {instanceOf: Interruption});
      await t.throwsAsync(async () => aws.ecr({region: 'us-east-1'}).describeRepository('a'), {instanceOf: Interruption});
      aws.close();
    }
  }
  t.is(metadata.requests.length, 0);
  await t.throwsAsync(fromInstanceMetadata({maxRetries: 0})());
  t.true(metadata.requests.length > 0, 'whoever asked would be seen');
});
