import * as everything from '@aws-sdk/client-ecr';
import {
  CreateRepositoryCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  PutRegistryPolicyCommand,
} from '@aws-sdk/client-ecr';
import {AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient} from '@aws-sdk/client-sts';
import test from 'ava';
import {generateKeyPairSync, sign} from 'node:crypto';
import type {Cloud, Credentials} from './start.ts';
import {signedHeaders} from './sign.ts';
import {startCloud} from './start.ts';

let cloud: Cloud;
const issuer = 'https://kubernetes.default.svc';
const subject = 'system:serviceaccount:drayage-system:drayage';

test.before(async () => {
  cloud = await startCloud({oidc: {issuer}});
});

test.after.always(() => cloud?.stop());

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A web identity token. Ministack reads its claims and does not check its signature. */
function jwt(claims: Readonly<Record<string, unknown>>): string {
  return `${part({alg: 'RS256', kid: 'k'})}.${part({iss: issuer, sub: subject, aud: ['sts.amazonaws.com'], exp: 4_000_000_000, ...claims})}.c2ln`;
}

async function assume(RoleArn: string, WebIdentityToken: string, DurationSeconds?: number): Promise<Credentials> {
  const sts = new STSClient({endpoint: cloud.endpoint, region: cloud.region, maxAttempts: 1});
  const session = {RoleArn, WebIdentityToken, RoleSessionName: 'test', ...(DurationSeconds !== undefined && {DurationSeconds})};
  const {Credentials: made} = await sts.send(new AssumeRoleWithWebIdentityCommand(session));
  return {accessKeyId: made?.AccessKeyId ?? '', secretAccessKey: made?.SecretAccessKey ?? '', sessionToken: made?.SessionToken ?? ''};
}

const ecrAs = (credentials: Credentials) => new ECRClient({endpoint: cloud.endpoint, region: cloud.region, credentials, maxAttempts: 1});

const describe = (credentials: Credentials) => ecrAs(credentials).send(new DescribeRepositoriesCommand({}));

test.serial('a ServiceAccount token gives a session that may do what the role allows and nothing else', async (t) => {
  const role = await cloud.createRole({name: 'reader', subject, actions: ['ecr:GetAuthorizationToken', 'ecr:DescribeRepositories']});
  await cloud.resetCalls();
  const ecr = ecrAs(await assume(role, jwt({})));
  t.is((await ecr.send(new GetAuthorizationTokenCommand({}))).authorizationData?.length, 1);
  t.deepEqual((await ecr.send(new DescribeRepositoriesCommand({}))).repositories, []);
  const denied = await t.throwsAsync(ecr.send(new CreateRepositoryCommand({repositoryName: 'team/app'})), {name: 'AccessDeniedException'});
  t.regex(
    denied?.message ?? '',
    /assumed-role\/reader\/test is not authorized to perform: ecr:CreateRepository because no identity-based policy allows/,
  );
  t.deepEqual((await cloud.ecr.send(new DescribeRepositoriesCommand({}))).repositories, []);
  const calls = await cloud.calls();
  t.deepEqual(calls.map(({service, operation, status}) => `${service}:${operation} ${status}`).slice(0, 4), [
    'sts:AssumeRoleWithWebIdentity 200',
    'ecr:GetAuthorizationToken 200',
    'ecr:DescribeRepositories 200',
    'ecr:CreateRepository 403',
  ]);
  t.is(calls[3]?.error, 'AccessDeniedException');
  t.is(calls[3]?.principal, `arn:aws:sts::${cloud.accountId}:assumed-role/reader/test`);
});

test.serial('the policy also holds for operations that ministack itself does not have', async (t) => {
  const role = await cloud.createRole({name: 'narrow', subject, actions: ['ecr:DescribeRegistry']});
  const ecr = ecrAs(await assume(role, jwt({})));
  await t.notThrowsAsync(ecr.send(new DescribeRegistryCommand({})));
  await t.throwsAsync(ecr.send(new PutRegistryPolicyCommand({policyText: '{}'})), {name: 'AccessDeniedException'});
});

test.serial('every operation of ECR is denied to a role that may do none of them', async (t) => {
  const role = await cloud.createRole({name: 'nothing', subject, actions: ['sqs:SendMessage']});
  const credentials = await assume(role, jwt({}));
  const operations = Object.keys(everything).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);
  t.true(operations.length > 55);
  const allowed: string[] = [];
  for (const operation of operations) {
    const headers = {'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${operation}`};
    const body = JSON.stringify({repositoryName: 'team/app'});
    const input = {url: new URL(cloud.endpoint), service: 'ecr', region: cloud.region, body, headers};
    const response = await fetch(cloud.endpoint, {method: 'POST', headers: signedHeaders(input, credentials, new Date()), body});
    const {__type} = (await response.json()) as {readonly __type?: string};
    if (__type !== 'AccessDeniedException') allowed.push(operation);
  }
  t.deepEqual(allowed, []);
});

test.serial('a policy on one repository holds for the calls that name it', async (t) => {
  const resources = [`arn:aws:ecr:${cloud.region}:${cloud.accountId}:repository/mine/*`];
  const role = await cloud.createRole({name: 'owner', subject, actions: ['ecr:CreateRepository'], resources});
  const ecr = ecrAs(await assume(role, jwt({})));
  await t.notThrowsAsync(ecr.send(new CreateRepositoryCommand({repositoryName: 'mine/app'})));
  await t.throwsAsync(ecr.send(new CreateRepositoryCommand({repositoryName: 'yours/app'})), {name: 'AccessDeniedException'});
});

test.serial('another subject, another issuer and a role that is not there are refused', async (t) => {
  const role = await cloud.createRole({name: 'guarded', subject, actions: ['ecr:*']});
  await t.throwsAsync(assume(role, jwt({sub: 'system:serviceaccount:default:default'})), {name: 'AccessDenied'});
  const unknown = await t.throwsAsync(assume(role, jwt({iss: 'https://elsewhere.example'})), {name: 'InvalidIdentityTokenException'});
  t.is(unknown?.message, 'No OpenIDConnect provider found in your account for https://elsewhere.example');
  await t.throwsAsync(assume(`arn:aws:iam::${cloud.accountId}:role/ghost`, jwt({})), {name: 'AccessDenied'});
});

test.serial('a session ends, and ECR says so', async (t) => {
  const role = await cloud.createRole({name: 'brief', subject, actions: ['ecr:*']});
  const ecr = ecrAs(await assume(role, jwt({}), 1));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await t.throwsAsync(ecr.send(new DescribeRepositoriesCommand({})), {name: 'ExpiredTokenException'});
});

test.serial('unknown keys, wrong secrets and wrong session tokens are refused', async (t) => {
  await t.throwsAsync(describe({accessKeyId: 'test', secretAccessKey: 'test'}), {name: 'UnrecognizedClientException'});
  await t.throwsAsync(describe({accessKeyId: '123456789012', secretAccessKey: 'test'}), {name: 'UnrecognizedClientException'});
  await t.throwsAsync(describe({accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'test'}), {name: 'UnrecognizedClientException'});
  const session = await assume(await cloud.createRole({name: 'held', subject, actions: ['ecr:*']}), jwt({}));
  await t.throwsAsync(describe({...session, secretAccessKey: 'wrong'}), {name: 'InvalidSignatureException'});
  await t.throwsAsync(describe({...session, sessionToken: 'wrong'}), {message: /security token included in the request is invalid/});
});

test.serial('a role can be assumed from another, and only by those that its trust names', async (t) => {
  const first = await cloud.createRole({name: 'first', subject, actions: ['sts:AssumeRole']});
  const second = await cloud.createRole({name: 'second', trusts: [first], actions: ['ecr:DescribeRepositories']});
  const credentials = await assume(first, jwt({}));
  const sts = new STSClient({endpoint: cloud.endpoint, region: cloud.region, credentials, maxAttempts: 1});
  t.is((await sts.send(new GetCallerIdentityCommand({}))).Arn, `arn:aws:sts::${cloud.accountId}:assumed-role/first/test`);
  await t.notThrowsAsync(sts.send(new AssumeRoleCommand({RoleArn: second, RoleSessionName: 'chained'})));
  const other = await cloud.createRole({name: 'other', trusts: [`arn:aws:iam::${cloud.accountId}:role/nobody`], actions: ['ecr:*']});
  await t.throwsAsync(sts.send(new AssumeRoleCommand({RoleArn: other, RoleSessionName: 'chained'})), {name: 'AccessDenied'});
});

test.serial('a token for another audience, or none, is refused until the provider has it among its client ids', async (t) => {
  const role = await cloud.createRole({name: 'audience', subject, actions: ['ecr:*']});
  const wrong = await t.throwsAsync(assume(role, jwt({aud: ['vault']})), {name: 'InvalidIdentityTokenException'});
  t.is(wrong?.message, 'Incorrect token audience');
  const none = await t.throwsAsync(assume(role, jwt({aud: undefined})), {name: 'InvalidIdentityTokenException'});
  t.is(none?.message, 'Missing a required claim: aud');
  await t.notThrowsAsync(assume(role, jwt({aud: 'sts.amazonaws.com'})), 'one audience may be a text');
  await cloud.registerIssuer(issuer, ['vault']);
  await t.notThrowsAsync(assume(role, jwt({aud: ['vault']})));
  await t.notThrowsAsync(assume(role, jwt({})));
});

test.serial('a token that has expired, is not valid yet, or is none, is refused', async (t) => {
  const role = await cloud.createRole({name: 'times', subject, actions: ['ecr:*']});
  const expired = await t.throwsAsync(assume(role, jwt({exp: 1_700_000_000})), {name: 'ExpiredTokenException'});
  t.regex(expired?.message ?? '', /^Token expired: current date\/time \d{10} must be before the expiration date\/time 1700000000$/);
  await t.throwsAsync(assume(role, jwt({nbf: 3_900_000_000})), {name: 'InvalidIdentityTokenException', message: /not valid yet/});
  await t.throwsAsync(assume(role, jwt({exp: undefined})), {name: 'InvalidIdentityTokenException', message: /claim: exp/});
  for (const token of ['none', 'a.b.c', 'a.b']) {
    await t.throwsAsync(assume(role, token), {name: 'InvalidIdentityTokenException', message: /not a valid JWT/}, token);
  }
});

test.serial('once the keys of an issuer are known, only what it signed is taken', async (t) => {
  const elsewhere = 'https://oidc.example.com/id/1';
  await cloud.registerIssuer(elsewhere);
  const role = await cloud.createRole({name: 'signed', subject, actions: ['ecr:*']});
  await cloud.registerIssuer(issuer);
  const signers = {
    RS256: generateKeyPairSync('rsa', {modulusLength: 2048}),
    ES256: generateKeyPairSync('ec', {namedCurve: 'P-256'}),
  };
  const keys = Object.entries(signers).map(([kid, {publicKey}]) => ({...publicKey.export({format: 'jwk'}), kid}));
  await cloud.setIssuerKeys(elsewhere, keys);
  for (const [kid, {privateKey}] of Object.entries(signers)) {
    const [, claims] = jwt({iss: elsewhere}).split('.');
    const signed = `${part({alg: kid, kid})}.${claims}`;
    const signature = sign('sha256', Buffer.from(signed), {key: privateKey, dsaEncoding: 'ieee-p1363'}).toString('base64url');
    await t.notThrowsAsync(assume(role, `${signed}.${signature}`), kid);
    await t.throwsAsync(assume(role, `${signed}.c2ln`), {name: 'InvalidIdentityTokenException', message: /signature/}, kid);
  }
  await t.throwsAsync(assume(role, jwt({iss: elsewhere})), {name: 'InvalidIdentityTokenException', message: /verification key/});
});

test.serial('sessions can be ended before their time, and new ones work', async (t) => {
  const role = await cloud.createRole({name: 'ended', subject, actions: ['ecr:*', 'sts:*']});
  const credentials = await assume(role, jwt({}));
  await describe(credentials);
  await cloud.endSessions();
  await t.throwsAsync(describe(credentials), {name: 'ExpiredTokenException'});
  const sts = new STSClient({endpoint: cloud.endpoint, region: cloud.region, credentials, maxAttempts: 1});
  await t.throwsAsync(sts.send(new GetCallerIdentityCommand({})), {name: 'ExpiredToken'});
  await t.notThrowsAsync(describe(await assume(role, jwt({}))));
  await t.notThrowsAsync(cloud.ecr.send(new DescribeRepositoriesCommand({})));
});
