import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Ref} from '../../src/kube/kube.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {clusterPullSecrets, namespaces, registries, secrets, serviceAccounts} from '../../src/schema/types.ts';
import type {Cloud} from '../cloud/start.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {dockerConfigIn, startScene, type Scene} from '../support/scene.ts';
import {conditionOf, type Seen} from '../support/stage.ts';

const flags = ['--leader-elect=false', '--log-level=debug'];
const shops = Array.from({length: 50}, (_, index) => `shop-${index}`);
const shopLabels = {team: 'shop'};
const many = {type: clusterPullSecrets, name: 'many'};
const lifeSeconds = 20;

let scene: Scene;
let cloud: Cloud;
let operator: Operator;

test.before(async () => {
  scene = await startScene();
  cloud = scene.stage.cloud;
  operator = await scene.stage.operator({flags});
  await scene.namespace('unlabelled');
  for (const name of shops) await scene.namespace(name, shopLabels);
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(async () => {
  await scene?.stop();
});

async function pullSecret(name: string, spec: object): Promise<Ref> {
  const object = {apiVersion: clusterPullSecrets.apiVersion, kind: clusterPullSecrets.kind, metadata: {name}, spec};
  await scene.kube.apply(clusterPullSecrets, object, {fieldManager: 'tests'});
  return {type: clusterPullSecrets, name};
}

const secretRef = (namespace: string, name = 'ecr-pull'): Ref => ({type: secrets, namespace, name});
const accountRef = (namespace: string): Ref => ({type: serviceAccounts, namespace, name: 'default'});

function attached(account: Seen | KubeObject | undefined): readonly string[] {
  const list = (account as {readonly imagePullSecrets?: readonly {readonly name: string}[]} | undefined)?.imagePullSecrets ?? [];
  return list.map(({name}) => name);
}

async function attachedIn(namespace: string): Promise<readonly string[]> {
  return attached(await scene.get(accountRef(namespace)));
}

/** What the registry says to a client that has this secret. */
async function pullWith(secret: Seen): Promise<number> {
  const {auth = ''} = dockerConfigIn(secret)?.auths[cloud.registryHost] ?? {};
  const response = await fetch(`${cloud.registryUrl}/v2/`, {headers: {authorization: `Basic ${auth}`}});
  await response.arrayBuffer();
  return response.status;
}

async function tokensAsked(since: Date): Promise<number> {
  return (await scene.calls(since)).filter(({operation}) => operation === 'GetAuthorizationToken').length;
}

function note(seen: Map<string, number>, namespace = ''): void {
  if (!seen.has(namespace)) seen.set(namespace, performance.now());
}

/** Of thirty sorted times; the slowest stands for the 99th percentile. */
function figures(times: readonly number[]): string {
  return `median ${times[15]} ms, p99 ${times.at(-1)} ms`;
}

async function mustHave(ref: Ref): Promise<Seen> {
  const seen = await scene.get(ref);
  if (seen === undefined) throw new Error(`${ref.type.kind} ${ref.namespace}/${ref.name} is missing`);
  return seen;
}

test.serial('one token serves fifty namespaces, and the others get nothing', async (t) => {
  const since = new Date();
  const from = performance.now();
  await pullSecret('many', {namespaceSelector: {matchLabels: shopLabels}});
  const object = await scene.condition(many, {type: 'Ready', status: 'True', reason: 'Refreshed'}, 60);
  t.log(`50 namespaces are served after ${((performance.now() - from) / 1000).toFixed(2)} s`);
  t.like(object.status, {namespaces: {selected: 50, ready: 50, failed: 0}});
  t.is(await tokensAsked(since), 1);
  const {items} = await scene.kube.list(secrets, {fieldSelector: 'metadata.name=ecr-pull'});
  t.is(items.length, shops.length);
  const served = new Set(items.map(({metadata}) => metadata.namespace));
  t.deepEqual(
    shops.filter((name) => !served.has(name)),
    [],
  );
  t.deepEqual(await attachedIn('unlabelled'), []);
  for (const name of shops.slice(0, 5)) t.deepEqual(await attachedIn(name), ['ecr-pull']);
  t.deepEqual(await scene.warnings(many), []);
});

test.serial('the secret opens the registry under each of its names', async (t) => {
  const secret = await mustHave(secretRef('shop-0'));
  t.is((secret as unknown as {readonly type: string}).type, 'kubernetes.io/dockerconfigjson');
  const {accountId, region} = cloud;
  const {auths = {}} = dockerConfigIn(secret) ?? {};
  t.deepEqual(Object.keys(auths), [
    `${accountId}.dkr-ecr-fips.${region}.on.aws`,
    `${accountId}.dkr-ecr.${region}.on.aws`,
    `${accountId}.dkr.ecr-fips.${region}.amazonaws.com`,
    `${accountId}.dkr.ecr.${region}.amazonaws.com`,
  ]);
  for (const {auth, password} of Object.values(auths)) t.is(Buffer.from(auth, 'base64').toString(), `AWS:${password}`);
  t.is(await pullWith(secret), 200);
});

test.serial('a new namespace has its secret, and its ServiceAccount names it, at once', async (t) => {
  const names = Array.from({length: 30}, (_, index) => `new-${index}`);
  const asked = new Map<string, number>();
  const written = new Map<string, number>();
  const complete = new Map<string, number>();
  const accounts = new Map<string, number>();
  const stop = new AbortController();
  const watch = async (type: Ref['type'], onObject: (object: KubeObject) => void) => {
    const {resourceVersion} = await scene.kube.list(type);
    const options = {resourceVersion, timeoutSeconds: 120, signal: stop.signal};
    const seen = (async () => {
      for await (const {type: change, object} of scene.kube.watch(type, options)) if (change !== 'BOOKMARK') onObject(object);
    })();
    return seen.catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  };
  const onSecret = ({metadata}: KubeObject) => {
    if (metadata.name === 'ecr-pull') note(written, metadata.namespace);
  };
  const onAccount = (account: KubeObject) => {
    if (account.metadata.name !== 'default') return;
    note(accounts, account.metadata.namespace);
    if (attached(account).includes('ecr-pull')) note(complete, account.metadata.namespace);
  };
  const watching = [watch(secrets, onSecret), watch(serviceAccounts, onAccount)];
  await sleep(300);
  for (const name of names) {
    asked.set(name, performance.now());
    await scene.kube.create(namespaces, {apiVersion: 'v1', kind: 'Namespace', metadata: {name, labels: shopLabels}});
    await sleep(50);
  }
  await eventually('all are served', async () => names.every((name) => written.has(name) && complete.has(name)), {
    seconds: 20,
    everyMs: 20,
  });
  stop.abort();
  await Promise.all(watching);
  const since = (from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>) =>
    names.map((name) => Math.round((to.get(name) ?? NaN) - (from.get(name) ?? NaN))).toSorted((a, b) => a - b);
  const served = since(asked, complete);
  t.log(`30 new namespaces: secret ${figures(since(asked, written))}; ServiceAccount ${figures(served)}`);
  t.log(`from the ServiceAccount's creation to its entry: ${figures(since(accounts, complete))}`);
  t.true((served.at(-1) ?? Infinity) < 2000, `${served.at(-1)} ms`);
  await scene.condition(many, {type: 'Ready', status: 'True'});
});

test.serial('a secret that is changed or deleted by hand is put back, and so is the entry of the ServiceAccount', async (t) => {
  const since = new Date();
  const before = await scene.get(secretRef('shop-1'));
  const data = {'.dockerconfigjson': Buffer.from('{"auths":{}}').toString('base64')};
  await scene.kube.merge(secretRef('shop-1'), {data});
  await eventually('it is put back', async () => {
    const secret = await scene.get(secretRef('shop-1'));
    return secret?.data?.['.dockerconfigjson'] === before?.data?.['.dockerconfigjson'] && secret?.metadata.uid === before?.metadata.uid;
  });
  await scene.kube.delete(secretRef('shop-2'));
  await eventually('it is there again', () => scene.get(secretRef('shop-2')));
  await scene.kube.merge(accountRef('shop-3'), {imagePullSecrets: [{name: 'mine'}]});
  await eventually('our entry is back', async () => (await attachedIn('shop-3')).includes('ecr-pull'));
  t.deepEqual(await attachedIn('shop-3'), ['mine', 'ecr-pull']);
  t.is(await tokensAsked(since), 0);
  await scene.condition(many, {type: 'Ready', status: 'True'});
  t.deepEqual(await scene.warnings(many), []);
});

test.serial("a secret of that name that is somebody else's stays, and costs only its own namespace", async (t) => {
  await scene.namespace('taken');
  const theirs = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'ecr-pull', namespace: 'taken'}, stringData: {key: 'theirs'}};
  await scene.kube.create(secrets, theirs);
  await scene.namespace('taken', shopLabels);
  const object = await scene.condition(many, {type: 'Ready', status: 'False', reason: 'NamespacesFailed'});
  t.like(object.status, {namespaces: {selected: 81, ready: 80, failed: 1}, failures: [{namespace: 'taken', reason: 'SecretNotOwned'}]});
  t.is(conditionOf(object, 'Stalled')?.status, 'True');
  await sleep(500);
  const since = new Date();
  const version = (await scene.get(many))?.metadata.resourceVersion;
  await sleep(3000);
  t.deepEqual(await scene.calls(since), []);
  t.is((await scene.get(many))?.metadata.resourceVersion, version);
  t.is((await scene.get(secretRef('taken')))?.data?.['key'], Buffer.from('theirs').toString('base64'));
  t.deepEqual(await attachedIn('taken'), []);
  t.deepEqual(await scene.warnings(many, 1), ['NamespacesFailed×1']);
  await scene.namespace('late', shopLabels);
  await eventually('others are still served', async () => (await attachedIn('late')).includes('ecr-pull'), {seconds: 3});
  await scene.kube.delete(secretRef('taken'));
  await scene.namespace('taken', {...shopLabels, looked: 'at'});
  await scene.condition(many, {type: 'Ready', status: 'True'}, 5);
});

test.serial('a namespace that leaves the selection loses secret and entry, and only those', async (t) => {
  await scene.namespace('shop-3', {});
  await scene.gone(secretRef('shop-3'), 5);
  t.deepEqual(await attachedIn('shop-3'), ['mine']);
  t.truthy(await scene.get(secretRef('shop-4')));
});

test.serial('when the object goes, all secrets and entries go, and nothing else', async (t) => {
  await scene.kube.merge(accountRef('shop-5'), {imagePullSecrets: [{name: 'mine'}, {name: 'ecr-pull'}]});
  await scene.kube.delete(many);
  await scene.gone(many);
  const left = await scene.kube.list(secrets, {fieldSelector: 'metadata.name=ecr-pull'});
  t.deepEqual(left.items, []);
  const {items} = await scene.kube.list(serviceAccounts);
  const naming = items.filter((account) => attached(account).includes('ecr-pull'));
  t.deepEqual(
    naming.map(({metadata}) => metadata.namespace),
    [],
  );
  t.deepEqual(await attachedIn('shop-3'), ['mine']);
  t.deepEqual(await attachedIn('shop-5'), ['mine']);
});

test.serial('tokens are renewed in place before they end, and no pull ever meets an expired one', async (t) => {
  await restartWithShortTokens();
  const ref = await pullSecret('short', {secretName: 'short-pull', namespaceSelector: {matchLabels: {short: 'yes'}}});
  for (const name of ['short-1', 'short-2']) await scene.namespace(name, {short: 'yes'});
  // The API server itself names the secret in new ServiceAccounts, before it is there.
  const isServed = async (name: string) =>
    (await attachedIn(name)).length > 0 && (await scene.get(secretRef(name, 'short-pull'))) !== undefined;
  await eventually('both are served', async () => (await isServed('short-1')) && isServed('short-2'));
  const since = new Date();
  const uids = new Set<string>();
  const contents = new Set<string>();
  const statuses = new Map<number, number>();
  const end = Date.now() + 1.2 * lifeSeconds * 1000;
  while (Date.now() < end) {
    for (const name of ['short-1', 'short-2']) {
      const secret = await mustHave(secretRef(name, 'short-pull'));
      const status = await pullWith(secret);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      uids.add(secret.metadata.uid);
      contents.add(secret.data?.['.dockerconfigjson'] ?? '');
    }
    await sleep(100);
  }
  const tokens = await tokensAsked(since);
  t.log(`${statuses.get(200)} pulls in ${1.2 * lifeSeconds} s with ${contents.size} tokens of ${lifeSeconds} s, ${tokens} calls`);
  t.deepEqual([...statuses.keys()], [200]);
  t.is(uids.size, 2);
  t.true(contents.size >= 3);
  t.true(tokens <= contents.size + 1);
  t.deepEqual(await scene.warnings(ref), []);
});

test.serial('while no new token can be had the good secret stays, until it ends; then it recovers by itself', async (t) => {
  const ref = {type: clusterPullSecrets, name: 'short'};
  const before = await scene.get(secretRef('short-1', 'short-pull'));
  await cloud.faults.add({operation: 'GetAuthorizationToken', is: 'deny'});
  const denied = await scene.condition(ref, {type: 'TokenRefreshed', status: 'False', reason: 'AccessDenied'});
  t.regex(conditionOf(denied, 'TokenRefreshed')?.message ?? '', /ecr:GetAuthorizationToken/);
  t.is(conditionOf(denied, 'SecretsValid')?.status, 'True');
  t.like(conditionOf(denied, 'Ready'), {status: 'True', reason: 'RefreshPostponed'}, 'pods can still pull');
  t.true(
    (await scene.warnings(ref, 1)).some((warning) => warning.includes('AccessDenied')),
    'and an Event says what is wrong',
  );
  const secret = await scene.get(secretRef('short-1', 'short-pull'));
  t.is(secret?.metadata.uid, before?.metadata.uid);
  t.is(secret && (await pullWith(secret)), 200, 'the old token is still in it, and still good');
  await cloud.faults.clear();
  await cloud.faults.add({operation: 'GetAuthorizationToken', is: 'error500'});
  const since = new Date();
  const expired = await scene.condition(ref, {type: 'SecretsValid', status: 'False', reason: 'SecretsExpired'}, lifeSeconds + 10);
  t.is(conditionOf(expired, 'Ready')?.status, 'False');
  await sleep(2000);
  t.is((await scene.get(secretRef('short-1', 'short-pull')))?.metadata.uid, before?.metadata.uid, 'an old secret is not taken away');
  const calls = await tokensAsked(since);
  const seconds = (Date.now() - since.getTime()) / 1000;
  t.log(`${calls} calls in ${seconds.toFixed(0)} s without a token; warnings: ${(await scene.warnings(ref)).join(', ')}`);
  t.true(calls <= 3 * seconds, `${calls}`);
  await cloud.faults.clear();
  await scene.condition(ref, {type: 'Ready', status: 'True', reason: 'Refreshed'}, 30);
  const after = await scene.get(secretRef('short-1', 'short-pull'));
  t.is(after?.metadata.uid, before?.metadata.uid);
  t.is(after && (await pullWith(after)), 200);
  const warnings = await scene.warnings(ref, 1);
  t.is(new Set(warnings).size, warnings.length, `each told once: ${warnings.join(', ')}`);
});

/** A new operator, because the token that the old one holds lives for twelve hours. */
async function restartWithShortTokens(): Promise<void> {
  await operator.stop();
  await cloud.tokens.setLifetime(lifeSeconds);
  operator = await scene.stage.operator({flags});
}

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  const log = await operator.log();
  t.regex(log, /"msg":"walk ended"/);
  t.deepEqual(await scene.leaks([log]), []);
  t.notRegex(log, /walk met an unexpected error|walk broke/);
});
