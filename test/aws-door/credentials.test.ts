import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {createAws} from '../../src/aws/clients.ts';
import {type Environment, roleSessionName, sharedCredentials, sourceOf} from '../../src/aws/credentials.ts';
import {Interruption} from '../../src/kinds/outcome.ts';
import {awsError, callerIdentity, environmentFor, fakeAws, repositoryJson, stsError, webIdentityCredentials} from './fake-ecr.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const minutes = 60_000;

function jwt(claims: Readonly<Record<string, unknown>>): string {
  return `${base64url({alg: 'RS256'})}.${base64url(claims)}.c2lnbmF0dXJl`;
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A folder with a token in it, gone at the end. */
function tokenFile(text: string): Disposable & {readonly path: string; write: (text: string) => void} {
  const folder = mkdtempSync(join(tmpdir(), 'drayage-token-'));
  const path = join(folder, 'token');
  writeFileSync(path, text);
  return {
    path,
    write: (next) => writeFileSync(path, next),
    [Symbol.dispose]: () => rmSync(folder, {recursive: true}),
  };
}

function irsa(url: string, path: string): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: url,
    AWS_WEB_IDENTITY_TOKEN_FILE: path,
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/drayage',
    POD_NAME: 'drayage-7d9f-x2x',
  };
}

test('the source is what the environment names, and never the node', (t) => {
  const keys = {AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b'};
  const web = {AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'r'};
  const pod = {AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials'};
  const cases: readonly (readonly [Environment, string])[] = [
    [{}, 'none'],
    [{AWS_ACCESS_KEY_ID: 'a'}, 'none'],
    [{AWS_ROLE_ARN: 'r'}, 'none'],
    [{AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://169.254.169.254'}, 'none'],
    [pod, 'container'],
    [{AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x'}, 'container'],
    [{...web, ...pod}, 'webIdentity'],
    [{...keys, ...web, ...pod}, 'environment'],
    [{...keys, AWS_PROFILE: 'dev'}, 'profile'],
  ];
  for (const [environment, source] of cases) t.is(sourceOf(environment), source as never, JSON.stringify(environment));
});

test('without credentials every call stalls, and says how to give them', async (t) => {
  const aws = createAws({environment: {AWS_REGION: 'us-east-1'}, now: () => new Date(start)});
  for (const ask of [() => aws.identity(), () => aws.ecr({}).describeRepository('a'), () => aws.authorizationToken({location: {}})]) {
    const error = await t.throwsAsync(ask(), {instanceOf: Interruption});
    t.like(error.outcome, {is: 'stalled', reason: 'NoCredentials'});
    t.regex(error.message, /annotate its ServiceAccount with eks\.amazonaws\.com\/role-arn, or create an EKS Pod Identity association/);
  }
  aws.close();
});

test('without a region the call stalls, and a Registry that names one does not', async (t) => {
  await using server = await fakeAws((request) => ({
    body: {repositories: (request.input['repositoryNames'] as string[]).map((name) => repositoryJson(name))},
  }));
  const {AWS_REGION: _, ...environment} = environmentFor(server.url);
  const aws = createAws({environment, now: () => new Date(start)});
  t.like(t.throws(() => aws.ecr({}), {instanceOf: Interruption}).outcome, {is: 'stalled', reason: 'RegionMissing'});
  t.is((await aws.ecr({region: 'eu-west-1'}).describeRepository('a'))?.repositoryName, 'a');
  aws.close();
});

test('all clients share one AssumeRoleWithWebIdentity, and the session is attributable', async (t) => {
  using file = tokenFile(jwt({sub: 'system:serviceaccount:drayage:drayage'}));
  await using server = await fakeAws((request) => {
    if (request.action === 'sts:AssumeRoleWithWebIdentity') return webIdentityCredentials({expiration: new Date(start + 60 * minutes)});
    if (request.action === 'sts:GetCallerIdentity') return callerIdentity;
    return {body: {repositories: (request.input['repositoryNames'] as string[]).map((name) => repositoryJson(name))}};
  });
  const aws = createAws({environment: irsa(server.url, file.path), now: () => new Date(start)});
  const regions = ['us-east-1', 'eu-west-1', 'ap-south-1'];
  await Promise.all([aws.identity(), aws.identity(), ...regions.map((region) => aws.ecr({region}).describeRepository('a'))]);
  aws.close();
  t.is(server.count('sts:AssumeRoleWithWebIdentity'), 1);
  t.is(server.count('sts:GetCallerIdentity'), 1);
  t.is(
    server.requests.find(({action}) => action === 'sts:AssumeRoleWithWebIdentity')?.input['RoleSessionName'],
    'drayage-drayage-7d9f-x2x',
  );
  t.regex(String(server.requests.at(-1)?.headers['user-agent']), /app\/drayage/);
});

test('the token file is read anew at each refresh, five minutes before the credentials expire', async (t) => {
  using file = tokenFile(jwt({jti: '1'}));
  let at = start;
  await using server = await fakeAws(() => webIdentityCredentials({expiration: new Date(at + 60 * minutes)}));
  const credentials = sharedCredentials({
    environment: irsa(server.url, file.path),
    now: () => new Date(at),
    region: 'us-east-1',
    clientConfig: {endpoint: server.url},
  });
  await credentials.provider();
  at += 54 * minutes;
  await credentials.provider();
  t.is(server.requests.length, 1);
  file.write(jwt({jti: '2'}));
  at += 2 * minutes;
  await Promise.all([credentials.provider(), credentials.provider(), credentials.provider()]);
  t.is(server.requests.length, 2);
  t.not(server.requests[0]?.input['WebIdentityToken'], server.requests[1]?.input['WebIdentityToken']);
});

test('a refresh that fails leaves what is valid in use, and is tried again', async (t) => {
  using file = tokenFile(jwt({}));
  let at = start;
  let isBroken = false;
  await using server = await fakeAws(() =>
    isBroken
      ? stsError('InvalidIdentityToken', 'the token is not valid', 400)
      : webIdentityCredentials({expiration: new Date(at + 8 * minutes), key: `ASIA${at}`}),
  );
  const credentials = sharedCredentials({
    environment: irsa(server.url, file.path),
    now: () => new Date(at),
    region: 'us-east-1',
    clientConfig: {endpoint: server.url},
  });
  const first = await credentials.provider();
  isBroken = true;
  at += 4 * minutes;
  t.is(await credentials.provider(), first, 'half of a life under ten minutes: refreshed, refused, kept');
  t.is(await credentials.provider(), first, 'not asked again at once');
  t.is(server.requests.length, 2);
  at += 4 * minutes;
  const error = await t.throwsAsync(credentials.provider(), {instanceOf: Interruption});
  t.like(error.outcome, {is: 'failed', reason: 'WebIdentityTokenInvalid'});
  isBroken = false;
  const asked = server.requests.length;
  t.is(await t.throwsAsync(credentials.provider()), error, 'whoever asks within the second shares the refusal');
  t.is(server.requests.length, asked);
  at += 1000;
  t.not(await credentials.provider(), first);
});

test('a role that does not trust the ServiceAccount is said in words, not as a missing ECR action', async (t) => {
  const token = jwt({
    iss: 'https://oidc.eks.us-east-1.amazonaws.com/id/ABC',
    sub: 'system:serviceaccount:drayage:operator',
    aud: ['sts.amazonaws.com'],
  });
  using file = tokenFile(token);
  await using server = await fakeAws(() => stsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'));
  const aws = createAws({environment: irsa(server.url, file.path), now: () => new Date(start)});
  const error = await t.throwsAsync(aws.ecr({}).putLifecyclePolicy('a', '{}'), {instanceOf: Interruption});
  aws.close();
  t.like(error.outcome, {is: 'stalled', reason: 'RoleTrustDenied', seconds: 120});
  t.is(
    error.message,
    'STS refuses sts:AssumeRoleWithWebIdentity for arn:aws:iam::123456789012:role/drayage: its trust policy must allow sts:AssumeRoleWithWebIdentity to https://oidc.eks.us-east-1.amazonaws.com/id/ABC with sub system:serviceaccount:drayage:operator and aud sts.amazonaws.com (request id req-1)',
  );
  t.notRegex(`${error.message}${error.stack}${JSON.stringify(error)}`, new RegExp(token.slice(0, 20)));
});

test('a token file that is missing is named', async (t) => {
  const aws = createAws({environment: irsa('http://127.0.0.1:9', '/nowhere/token'), now: () => new Date(start)});
  const error = await t.throwsAsync(aws.identity(), {instanceOf: Interruption});
  aws.close();
  t.like(error.outcome, {is: 'failed', reason: 'CredentialsInvalid'});
  t.regex(error.message, /\/nowhere\/token cannot be read \(ENOENT\)/);
});

test('credentials that AWS refuses are fetched anew, and not in a hot loop', async (t) => {
  using file = tokenFile(jwt({}));
  let at = start;
  await using server = await fakeAws((request) =>
    request.action === 'sts:AssumeRoleWithWebIdentity'
      ? webIdentityCredentials({expiration: new Date(at + 60 * minutes)})
      : awsError('ExpiredTokenException', 'The security token included in the request is expired'),
  );
  const aws = createAws({environment: irsa(server.url, file.path), now: () => new Date(at)});
  const ask = async () => t.throwsAsync(aws.ecr({}).getLifecyclePolicy('a'), {instanceOf: Interruption});
  t.like((await ask()).outcome, {is: 'failed', reason: 'CredentialsExpired'});
  await ask();
  t.is(server.count('sts:AssumeRoleWithWebIdentity'), 1, 'fresh ones are not thrown away');
  at += minutes;
  await ask();
  await ask();
  aws.close();
  t.is(server.count('sts:AssumeRoleWithWebIdentity'), 2);
});

test('the identity is asked for once an hour, and a failure is not remembered', async (t) => {
  let at = start;
  await using server = await fakeAws((_, nth) => (nth === 1 ? stsError('ExpiredToken', 'expired') : callerIdentity));
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date(at)});
  await t.throwsAsync(aws.identity(), {instanceOf: Interruption});
  await aws.identity();
  at += 59 * minutes;
  await aws.identity();
  t.is(server.requests.length, 2);
  at += minutes;
  await aws.identity();
  aws.close();
  t.is(server.requests.length, 3);
});

test('a session name holds what STS takes', (t) => {
  t.is(roleSessionName({POD_NAME: 'drayage-0'}), 'drayage-drayage-0');
  t.is(roleSessionName({HOSTNAME: 'a/b c'}), 'drayage-a-b-c');
  t.is(roleSessionName({AWS_ROLE_SESSION_NAME: 'mine', POD_NAME: 'x'}), 'mine');
  t.is(roleSessionName({}), 'drayage');
  t.is(roleSessionName({POD_NAME: 'x'.repeat(100)}).length, 64);
});
