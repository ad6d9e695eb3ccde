import {inspect} from 'node:util';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {createAws} from '../../src/aws/clients.ts';
import {Interruption} from '../../src/kinds/outcome.ts';
import {awsError, environmentFor, fakeAws, type Reply} from './fake-ecr.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const hours = 3_600_000;

function clock(): {now: () => Date; forward: (milliseconds: number) => void} {
  let at = start;
  return {
    now: () => new Date(at),
    forward(milliseconds) {
      at += milliseconds;
    },
  };
}

function tokenReply(password: string, expiresAt: number): Reply {
  const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
  const proxyEndpoint = 'https://123456789012.dkr.ecr.us-east-1.amazonaws.com';
  return {body: {authorizationData: [{authorizationToken, expiresAt: expiresAt / 1000, proxyEndpoint}]}};
}

test('a thousand callers, also for other accounts, share one call', async (t) => {
  const {now} = clock();
  await using server = await fakeAws(() => tokenReply('pass:with:colons', now().getTime() + 12 * hours));
  const aws = createAws({environment: environmentFor(server.url), now});
  const tokens = await Promise.all(
    Array.from({length: 1000}, (_, index) => aws.authorizationToken({location: index % 2 ? {} : {accountId: '210987654321'}})),
  );
  aws.close();
  t.is(server.count('ecr:GetAuthorizationToken'), 1);
  t.is(tokens[1]?.password.reveal(), 'pass:with:colons', 'split at the first colon only');
  t.is(tokens[1]?.username, 'AWS');
  t.is(tokens[1]?.host, '123456789012.dkr.ecr.us-east-1.amazonaws.com');
  t.is(tokens[0]?.host, '210987654321.dkr.ecr.us-east-1.amazonaws.com');
});

test('each region has its own token', async (t) => {
  const {now} = clock();
  await using server = await fakeAws(() => tokenReply('p', now().getTime() + 12 * hours));
  const aws = createAws({environment: environmentFor(server.url), now});
  await aws.authorizationToken({location: {}});
  await aws.authorizationToken({location: {region: 'eu-west-1'}});
  await aws.authorizationToken({location: {region: 'us-east-1'}});
  aws.close();
  t.is(server.count('ecr:GetAuthorizationToken'), 2);
});

test('a token is shared for half of its life, and as long as a caller needs it', async (t) => {
  const {now, forward} = clock();
  await using server = await fakeAws((_, nth) => tokenReply(`p${nth}`, now().getTime() + 12 * hours));
  const aws = createAws({environment: environmentFor(server.url), now});
  const ask = async (expiringAfter?: Date) => {
    const token = await aws.authorizationToken({location: {}}, expiringAfter && {expiringAfter});
    return token.password.reveal();
  };
  t.is(await ask(), 'p1');
  forward(5 * hours);
  t.is(await ask(), 'p1');
  t.is(await ask(new Date(start + 11 * hours)), 'p1', 'it lasts longer than that');
  t.is(await ask(new Date(start + 13 * hours)), 'p2', 'the next one lasts longer');
  t.is(await ask(new Date(start + 99 * hours)), 'p2', 'no token lasts so long: not a call for each caller');
  forward(7 * hours);
  t.is(await ask(), 'p3', 'past half of its life');
  aws.close();
});

test('a token that has expired on arrival is refused', async (t) => {
  const {now} = clock();
  await using server = await fakeAws(() => tokenReply('p', Date.parse('2015-01-01T00:00:00Z')));
  const aws = createAws({environment: environmentFor(server.url), now});
  const error = await t.throwsAsync(aws.authorizationToken({location: {}}), {instanceOf: Interruption});
  aws.close();
  t.like(error.outcome, {is: 'failed', reason: 'TokenExpired', seconds: 60});
});

test('a refusal is shared for a second, and then asked for again', async (t) => {
  for (const error of ['AccessDeniedException', 'ServerException']) {
    const {now, forward} = clock();
    let isRefused = true;
    await using server = await fakeAws(() =>
      isRefused ? awsError(error, 'no', error === 'ServerException' ? 500 : 400) : tokenReply('p', now().getTime() + 12 * hours),
    );
    const aws = createAws({environment: environmentFor(server.url), now});
    const ask = () => aws.authorizationToken({location: {}});
    const first = await t.throwsAsync(ask(), {instanceOf: Interruption});
    t.regex(first.message, /ecr:GetAuthorizationToken/);
    const calls = server.count('ecr:GetAuthorizationToken');
    forward(999);
    await t.throwsAsync(ask(), {message: first.message});
    t.is(server.count('ecr:GetAuthorizationToken'), calls);
    isRefused = false;
    forward(1);
    t.is((await ask()).password.reveal(), 'p');
    aws.close();
  }
});

test('who has no patience is refused, and the call goes on for those who ask later', async (t) => {
  const {now, forward} = clock();
  let slow = 0;
  await using server = await fakeAws(async (_, nth) => {
    await sleep(slow);
    return tokenReply(`p${nth}`, now().getTime() + 12 * hours);
  });
  const aws = createAws({environment: environmentFor(server.url), now});
  const ask = async (patienceMilliseconds?: number) =>
    (await aws.authorizationToken({location: {}}, patienceMilliseconds === undefined ? {} : {patienceMilliseconds})).password.reveal();
  t.is(await ask(5000), 'p1');
  forward(7 * hours);
  slow = 700;
  const patient = ask();
  const error = await t.throwsAsync(ask(200), {instanceOf: Interruption});
  t.like(error.outcome, {is: 'failed', reason: 'AwsUnavailable'});
  t.is(await patient, 'p2');
  t.is(await ask(0), 'p2', 'what is held takes no time');
  t.is(server.count('ecr:GetAuthorizationToken'), 2);
  aws.close();
});

test('where our clock is wrong, a token expires by our clock when it expires in truth', async (t) => {
  for (const offset of [7 * hours, -20 * hours]) {
    const {now} = clock();
    await using server = await fakeAws(() => ({
      ...tokenReply('p', now().getTime() + offset + 12 * hours),
      headers: {date: new Date(Date.now() + offset).toUTCString()},
    }));
    const aws = createAws({environment: environmentFor(server.url), now});
    const {expiresAt} = await aws.authorizationToken({location: {}});
    t.true(Math.abs(expiresAt.getTime() - start - 12 * hours) < 5000, expiresAt.toISOString());
    aws.close();
  }
});

const of = (password: string) => Buffer.from(`AWS:${password}`).toString('base64');

test("ECR Public's token is asked for in its only region, and has a memory of its own", async (t) => {
  const {now} = clock();
  const expiresAt = (now().getTime() + 12 * hours) / 1000;
  await using server = await fakeAws(({headers}) => {
    const isPublic = String(headers['x-amz-target']).startsWith('SpencerFrontendService');
    t.is(/Credential=[^/]+\/\d+\/([^/]+)/.exec(headers.authorization ?? '')?.[1], isPublic ? 'us-east-1' : 'eu-west-1');
    if (isPublic) return {body: {authorizationData: {authorizationToken: of('public'), expiresAt}}};
    return {body: {authorizationData: [{authorizationToken: of('private'), expiresAt, proxyEndpoint: 'https://x.example'}]}};
  });
  const aws = createAws({environment: environmentFor(server.url, {AWS_REGION: 'eu-west-1'}), now});
  const token = await aws.authorizationToken({location: {accountId: '210987654321'}, isPublic: true});
  t.is(`${token.host} ${token.password.reveal()}`, 'public.ecr.aws public');
  const own = await aws.authorizationToken({location: {}});
  t.is(`${own.host} ${own.password.reveal()}`, 'x.example private');
  aws.close();
});

test('answers that hold no token fail', async (t) => {
  const {now} = clock();
  const expiresAt = now().getTime() / 1000 + 60;
  for (const data of [
    [],
    [{expiresAt}],
    [{authorizationToken: Buffer.from('nocolon').toString('base64'), expiresAt, proxyEndpoint: 'https://x'}],
  ]) {
    await using server = await fakeAws(() => ({body: {authorizationData: data}}));
    const aws = createAws({environment: environmentFor(server.url), now});
    const error = await t.throwsAsync(aws.authorizationToken({location: {}}), {instanceOf: Interruption});
    aws.close();
    t.like(error.outcome, {is: 'failed', reason: 'AwsUnavailable'});
  }
});

test('a token prints as [secret], whichever way it is printed', async (t) => {
  const {now} = clock();
  await using server = await fakeAws(() => tokenReply('s3cr3t-password', now().getTime() + 12 * hours));
  const aws = createAws({environment: environmentFor(server.url), now});
  const token = await aws.authorizationToken({location: {}});
  aws.close();
  for (const printed of [JSON.stringify(token), inspect(token, {depth: 9, showHidden: true}), String(token.password)]) {
    t.notRegex(printed, /s3cr3t/);
  }
});
