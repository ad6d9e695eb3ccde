import {CreateRepositoryCommand, GetAuthorizationTokenCommand} from '@aws-sdk/client-ecr';
import test from 'ava';
import type {Cloud} from './start.ts';
import {fingerprint, startCloud} from './start.ts';

let cloud: Cloud;

test.before(async () => {
  cloud = await startCloud({tokenSeconds: 60});
  await cloud.ecr.send(new CreateRepositoryCommand({repositoryName: 'team/app'}));
});

test.after.always(() => cloud?.stop());

async function newToken(): Promise<{readonly token: string; readonly expiresAt: Date; readonly endpoint: string}> {
  const {authorizationData} = await cloud.ecr.send(new GetAuthorizationTokenCommand({}));
  const [data] = authorizationData ?? [];
  return {token: data?.authorizationToken ?? '', expiresAt: data?.expiresAt ?? new Date(0), endpoint: data?.proxyEndpoint ?? ''};
}

function ask(path: string, token?: string): Promise<Response> {
  return fetch(`${cloud.registryUrl}${path}`, token === undefined ? {} : {headers: {authorization: `Basic ${token}`}});
}

async function errorIn(response: Response): Promise<{readonly code: string; readonly message: string}> {
  const body = (await response.json()) as {readonly errors: readonly {readonly code: string; readonly message: string}[]};
  return body.errors[0] ?? {code: '', message: ''};
}

test.serial('a token names the ECR host and ends after the lifetime that was set', async (t) => {
  const before = Date.now();
  const {token, expiresAt, endpoint} = await newToken();
  t.is(endpoint, `https://${cloud.registryHost}`);
  t.true(Buffer.from(token, 'base64').toString().startsWith('AWS:'));
  t.true(Math.abs(expiresAt.getTime() - before - 60_000) < 5000);
});

test.serial('every call gives another token, and the older ones stay good', async (t) => {
  const [first, second] = [await newToken(), await newToken()];
  t.not(first.token, second.token);
  t.is((await ask('/v2/', first.token)).status, 200);
  t.is((await ask('/v2/', second.token)).status, 200);
});

test.serial('without credentials the registry answers 401 with the challenge of ECR', async (t) => {
  const response = await ask('/v2/');
  t.is(response.status, 401);
  t.is(response.headers.get('www-authenticate'), `Basic realm="https://${cloud.registryHost}/",service="ecr.amazonaws.com"`);
  t.is((await errorIn(response)).code, 'UNAUTHORIZED');
});

test.serial('a token that ECR never issued is refused, and so is another user', async (t) => {
  const {token} = await newToken();
  const password = Buffer.from(token, 'base64').toString().slice('AWS:'.length);
  t.is((await ask('/v2/', Buffer.from('AWS:garbage').toString('base64'))).status, 400);
  t.is((await ask('/v2/', Buffer.from(`root:${password}`).toString('base64'))).status, 400);
});

test.serial('an expired token is refused in the words of ECR, and a new one works', async (t) => {
  await cloud.tokens.setLifetime(1);
  const {token} = await newToken();
  await cloud.tokens.setLifetime(60);
  t.is((await ask('/v2/', token)).status, 200);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const response = await ask('/v2/', token);
  t.is(response.status, 403);
  t.deepEqual(await errorIn(response), {code: 'DENIED', message: 'Your authorization token has expired. Reauthenticate and try again.'});
  t.is((await ask('/v2/', (await newToken()).token)).status, 200);
});

test.serial('all tokens can be ended at once, and are known by their fingerprints only', async (t) => {
  const {token} = await newToken();
  const password = Buffer.from(token, 'base64').toString().slice('AWS:'.length);
  const newest = (await cloud.tokens.list()).at(-1);
  t.is(newest?.fingerprint, fingerprint(password));
  t.is(newest?.accessKeyId, cloud.rootCredentials.accessKeyId);
  t.false(JSON.stringify(await cloud.tokens.list()).includes(password.slice(0, 40)));
  await cloud.tokens.expireAll();
  t.is((await ask('/v2/', token)).status, 403);
  t.true((await cloud.tokens.list()).every(({expiresAt}) => new Date(expiresAt) <= new Date()));
});

test.serial('a repository that is not in ECR is unknown to the registry', async (t) => {
  const {token} = await newToken();
  const response = await ask('/v2/no/such/manifests/v1', token);
  t.is(response.status, 404);
  t.deepEqual(await errorIn(response), {
    code: 'NAME_UNKNOWN',
    message: `The repository with name 'no/such' does not exist in the registry with id '${cloud.accountId}'`,
  });
  t.is((await errorIn(await ask('/v2/team/app/manifests/v1', token))).code, 'MANIFEST_UNKNOWN');
});
