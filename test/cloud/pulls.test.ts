import {CreateRepositoryCommand, GetAuthorizationTokenCommand} from '@aws-sdk/client-ecr';
import test from 'ava';
import {pushBusybox} from '../support/push.ts';
import type {RecordedPull} from './gateway/pulls.ts';
import {fingerprint, startCloud, type Cloud} from './start.ts';

let cloud: Cloud;

test.before(async () => {
  cloud = await startCloud();
  await cloud.ecr.send(new CreateRepositoryCommand({repositoryName: 'team/app'}));
  await pushBusybox(cloud, 'team/app:1');
});

test.after.always(() => cloud?.stop());

test.beforeEach(() => cloud.resetPulls());

async function newToken(): Promise<{readonly auth: string; readonly print: string}> {
  const {authorizationData} = await cloud.ecr.send(new GetAuthorizationTokenCommand({}));
  const auth = authorizationData?.[0]?.authorizationToken ?? '';
  return {auth, print: fingerprint(Buffer.from(auth, 'base64').toString().slice('AWS:'.length))};
}

async function ask(path: string, auth?: string, method = 'GET'): Promise<void> {
  const response = await fetch(`${cloud.registryUrl}${path}`, {
    method,
    ...(auth !== undefined && {headers: {authorization: `Basic ${auth}`}}),
  });
  await response.arrayBuffer();
}

async function seen(): Promise<readonly Omit<RecordedPull, 'time'>[]> {
  return (await cloud.pulls()).map((pull) => {
    const {time: _, ...rest} = pull;
    return rest;
  });
}

test.serial('a pull is told with its path, its answer and what its token was worth', async (t) => {
  const {auth, print} = await newToken();
  const before = Date.now();
  await ask('/v2/');
  await ask('/v2/', auth);
  await ask('/v2/team/app/manifests/1', auth, 'HEAD');
  await ask('/v2/team/app/tags/list', auth);
  await ask('/v2/team/none/manifests/1', auth);
  const app = {token: 'valid', fingerprint: print, repositoryName: 'team/app'} as const;
  t.deepEqual(await seen(), [
    {method: 'GET', kind: 'version', status: 401, token: 'none'},
    {method: 'GET', kind: 'version', status: 200, token: 'valid', fingerprint: print},
    {...app, method: 'HEAD', kind: 'manifests', status: 200},
    {...app, method: 'GET', kind: 'tags', status: 200},
    {...app, method: 'GET', kind: 'manifests', status: 404, repositoryName: 'team/none'},
  ]);
  for (const {time} of await cloud.pulls()) t.true(Date.parse(time) >= before && Date.parse(time) <= Date.now());
});

test.serial('a token that has ended, one that never was, and one of another user are told apart from none', async (t) => {
  const {auth, print} = await newToken();
  await cloud.tokens.expireAll();
  await ask('/v2/team/app/manifests/1', auth);
  await ask('/v2/team/app/manifests/1', Buffer.from('AWS:garbage').toString('base64'));
  const fresh = await newToken();
  await ask('/v2/team/app/manifests/1', Buffer.from(`root:${Buffer.from(fresh.auth, 'base64').toString().slice(4)}`).toString('base64'));
  await ask('/v2/team/app/manifests/1');
  t.deepEqual(
    (await seen()).map(({status, token, fingerprint: shown}) => [status, token, shown]),
    [
      [403, 'expired', print],
      [400, 'unknown', fingerprint('garbage')],
      [400, 'unknown', fresh.print],
      [401, 'none', undefined],
    ],
  );
});

test.serial('the log holds no password, and a reset empties it', async (t) => {
  const {auth} = await newToken();
  await ask('/v2/', auth);
  const text = JSON.stringify(await cloud.pulls());
  t.false(text.includes(auth.slice(0, 40)));
  t.false(text.includes(Buffer.from(auth, 'base64').toString().slice(4, 44)));
  await cloud.resetPulls();
  t.deepEqual(await cloud.pulls(), []);
});
