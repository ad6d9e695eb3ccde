import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {generateKeyPairSync, type KeyObject, sign} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import type {Ref} from '../../src/kube/kube.ts';
import {clusterPullSecrets, registries} from '../../src/schema/types.ts';
import type {Cloud} from '../cloud/start.ts';
import {issuer} from '../cluster/control-plane.ts';
import {eventually} from '../support/eventually.ts';
import {createOperatorRole, operatorToken, type Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf, type Seen} from '../support/stage.ts';

const flags = ['--leader-elect=false', '--log-level=debug'];
const subject = 'system:serviceaccount:drayage-system:drayage';
const foreignIssuer = 'https://oidc.example.com/id/4F1A';
const home = {type: registries, name: 'default'};

let scene: Scene;
let cloud: Cloud;
let operator: Operator | undefined;
const tokens: string[] = [];

/** Where the node's role would come from. Nobody may ask. */
let askedMetadata = 0;
const metadata = createServer((_, response) => {
  askedMetadata += 1;
  response.writeHead(404).end();
});

test.before(async () => {
  await new Promise<void>((resolve) => {
    metadata.listen(0, '127.0.0.1', resolve);
  });
  scene = await startScene();
  cloud = scene.stage.cloud;
});

test.after.always(async () => {
  metadata.close();
  await scene?.stop();
});

/** A new operator, with a new log, whose pod has this web identity token. */
async function startWith(identityToken: string): Promise<Operator> {
  await operator?.kill();
  tokens.push(identityToken);
  const {port} = metadata.address() as AddressInfo;
  const environment = {AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`, AWS_EC2_METADATA_DISABLED: 'false'};
  operator = await scene.stage.operator({flags, identityToken, environment});
  return operator;
}

/** What the kubelet does before a token expires. */
async function replaceToken(token: string): Promise<void> {
  tokens.push(token);
  await writeFile((operator as Operator).identityFile, token);
}

async function registry(name: string, spec: object): Promise<Ref> {
  const object = {apiVersion: registries.apiVersion, kind: registries.kind, metadata: {name}, spec};
  await scene.kube.apply(registries, object, {fieldManager: 'tests'});
  return {type: registries, name};
}

let touches = 0;

/**
 * What a person must mend is looked at again after two minutes, or when the object is touched. All who ask for credentials within
 * a second share one refusal.
 */
async function touch(ref: Ref): Promise<void> {
  touches += 1;
  await sleep(1000);
  await scene.kube.merge(ref, {metadata: {annotations: {touched: String(touches)}}});
}

async function refused(t: ExecutionContext, ref: Ref, reason: string, words: readonly (RegExp | string)[], type = 'Ready'): Promise<Seen> {
  const object = await scene.condition(ref, {type, reason}, 15);
  const {message = ''} = conditionOf(object, type) ?? {};
  t.log(message);
  for (const word of words) t.true(typeof word === 'string' ? message.includes(word) : word.test(message), `${String(word)}: ${message}`);
  return object;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(header: object, claims: object, key: KeyObject | string): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function someoneElsesToken(iss: string, kid = 'k'): string {
  const {privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048});
  return signed({alg: 'RS256', kid}, {iss, sub: subject, aud: ['sts.amazonaws.com'], exp: 4_000_000_000}, privateKey);
}

const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {readonly alg: string; readonly kid: string};

/** A token of the API server that has expired: it gives none for less than ten minutes, so this is signed with its key. */
async function expiredToken(): Promise<string> {
  const good = await operatorToken(scene.stage.cluster);
  const key = await readFile(path.join(scene.stage.cluster.directory, 'service-account.key'), 'utf8');
  return signed(headerOf(good), {iss: issuer, sub: subject, aud: ['sts.amazonaws.com'], exp: 1_767_225_600}, key);
}

test.serial('wrong audience: the provider must have it, and then it works', async (t) => {
  await startWith(await operatorToken(scene.stage.cluster, 'vault.example'));
  const object = await refused(t, home, 'WebIdentityAudienceRefused', [
    'vault.example',
    'client id',
    issuer,
    'sts.amazonaws.com',
    ':role/drayage',
  ]);
  t.is(conditionOf(object, 'Stalled')?.status, 'True');
  await cloud.registerIssuer(issuer, ['vault.example']);
  await touch(home);
  await scene.ready(home, 15);
});

test.serial('wrong subject: the role must trust the ServiceAccount', async (t) => {
  await cloud.createRole({name: 'drayage', subject: 'system:serviceaccount:drayage-system:renamed', actions: ['ecr:*']});
  await startWith(await operatorToken(scene.stage.cluster));
  const object = await refused(t, home, 'RoleTrustDenied', ['trust policy', subject, issuer, ':role/drayage', /aud sts\.amazonaws\.com/]);
  t.is(conditionOf(object, 'Stalled')?.status, 'True');
  await createOperatorRole(cloud);
  await touch(home);
  await scene.ready(home, 15);
});

test.serial('untrusted issuer: IAM must have an OIDC provider for it', async (t) => {
  await startWith(someoneElsesToken(foreignIssuer));
  const object = await refused(t, home, 'WebIdentityIssuerUnknown', [foreignIssuer, cloud.accountId, 'OIDC provider', 'sts.amazonaws.com']);
  t.is(conditionOf(object, 'Stalled')?.status, 'True');
  await cloud.registerIssuer(foreignIssuer);
  await createOperatorRole(cloud);
  await touch(home);
  await scene.ready(home, 15);
  await cloud.registerIssuer(issuer);
  await createOperatorRole(cloud);
});

test.serial('a token that the issuer did not sign, and one that has expired: the next token is taken, without a touch', async (t) => {
  const good = await operatorToken(scene.stage.cluster);
  await startWith(someoneElsesToken(issuer, headerOf(good).kid));
  // What was ready stays so while calls are retried; this never was.
  const ref = await registry('fresh', {});
  await refused(t, ref, 'WebIdentityTokenInvalid', [issuer, 'signature']);
  await replaceToken(await expiredToken());
  const object = await refused(t, ref, 'WebIdentityTokenExpired', ['2026-01-01T00:00:00.000Z', 'kubelet', 'clock', subject]);
  t.is(conditionOf(object, 'Stalled'), undefined, 'it is tried again by itself');
  await replaceToken(good);
  await scene.ready(ref, 15);
});

test.serial('denied action: the condition names it, and the role that lacks it', async (t) => {
  const ref = {type: clusterPullSecrets, name: 'identity'};
  await scene.namespace('served', {identity: 'yes'});
  await cloud.createRole({name: 'drayage', subject, actions: ['ecr:DescribeRepositories', 'sts:GetCallerIdentity']});
  const spec = {secretName: 'identity-pull', namespaceSelector: {matchLabels: {identity: 'yes'}}};
  await scene.kube.apply(
    clusterPullSecrets,
    {apiVersion: clusterPullSecrets.apiVersion, kind: clusterPullSecrets.kind, metadata: {name: ref.name}, spec},
    {fieldManager: 'tests'},
  );
  await refused(t, ref, 'AccessDenied', ['ecr:GetAuthorizationToken', 'the role drayage', "the role's policy"], 'TokenRefreshed');
  await createOperatorRole(cloud);
  // A refusal is shared for a second.
  await sleep(1000);
  await touch(ref);
  await scene.condition(ref, {type: 'TokenRefreshed', status: 'True'}, 15);
  await scene.ready(ref, 15);
});

test.serial('a chain of roles whose external id is not the one that the trust policy asks for', async (t) => {
  const role = {name: 'shop', trusts: [scene.stage.roleArn], actions: ['ecr:*', 'sts:GetCallerIdentity']};
  const roleArn = await cloud.createRole({...role, externalId: 'shop-1'});
  const ref = await registry('shop', {roleArn, externalId: 'shop-2'});
  await refused(t, ref, 'RoleTrustDenied', [roleArn, 'sts:AssumeRole', 'sts:ExternalId', 'externalId', ':assumed-role/drayage/']);
  await cloud.createRole({...role, externalId: 'shop-2'});
  await touch(ref);
  const {status} = await scene.ready(ref, 15);
  t.regex(String(status?.['identityArn']), /:assumed-role\/shop\//);
  await scene.ready(home, 5);
});

test.serial('expired session: a new one is fetched, by itself', async (t) => {
  await cloud.endSessions();
  const ref = await scene.repository('served', 'late');
  await refused(t, ref, 'CredentialsExpired', ['session', 'the role drayage', 'a new one is fetched']);
  // Credentials are not thrown away before they are half a minute old; where there is more to do, somebody soon asks with them.
  const isReady = async () => {
    await touch(ref);
    return conditionOf(await scene.get(ref), 'Ready')?.status === 'True';
  };
  await eventually('it is ready', isReady, {seconds: 40, everyMs: 1000});
  t.true((await scene.warnings(ref, 1)).some((warning) => warning.startsWith('CredentialsExpired')));
});

test.after('after all that the operator runs, told no token, and never asked for the role of the node', async (t) => {
  t.is(askedMetadata, 0);
  t.is(await Promise.race([(operator as Operator).exited, Promise.resolve('running')]), 'running');
  const log = await (operator as Operator).log();
  t.regex(log, /WebIdentityTokenExpired/);
  t.deepEqual(await scene.leaks([log]), []);
  t.is(tokens.length, 6);
  t.true(tokens.every((token) => !log.includes(token.slice(0, 40))));
});
