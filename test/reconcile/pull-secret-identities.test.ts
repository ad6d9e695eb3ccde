import test from 'ava';
import type {ResourceType} from '../../src/schema/resource-type.ts';
import {clusterPullSecrets, namespaces, pullSecrets, registries, secrets, serviceAccounts} from '../../src/schema/types.ts';
import type {Ref} from '../../src/kube/kube.ts';
import type {Cloud} from '../cloud/start.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {dockerConfigIn, startScene, type Scene} from '../support/scene.ts';
import {conditionOf, type Seen} from '../support/stage.ts';

const ecrRole = 'eks.amazonaws.com/ecr-role-arn';
const one = {identity: {type: 'ServiceAccount', serviceAccountRef: {name: 'puller'}}};
const rbac = 'rbac.authorization.k8s.io/v1';
const roles: ResourceType = {apiVersion: rbac, kind: 'Role', plural: 'roles', namespaced: true};
const roleBindings: ResourceType = {apiVersion: rbac, kind: 'RoleBinding', plural: 'rolebindings', namespaced: true};

let scene: Scene;
let cloud: Cloud;
let operator: Operator;

test.before(async () => {
  scene = await startScene();
  cloud = scene.stage.cloud;
  operator = await scene.stage.operator({flags: ['--leader-elect=false', '--log-level=debug']});
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(async () => {
  await scene?.stop();
});

async function put(type: ResourceType, name: string, namespace: string | undefined, rest: object): Promise<Ref> {
  const place = {name, ...(namespace !== undefined && {namespace})};
  const {metadata = {}, ...fields} = rest as {readonly metadata?: object};
  const {apiVersion, kind} = type;
  await scene.kube.apply(type, {apiVersion, kind, metadata: {...metadata, ...place}, ...fields}, {fieldManager: 'tests'});
  return {type, ...place};
}

/** A role that this ServiceAccount may assume, and that may get tokens. */
function roleFor(name: string, namespace: string, account: string): Promise<string> {
  const actions = ['ecr:GetAuthorizationToken', 'ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'];
  return cloud.createRole({name, subject: `system:serviceaccount:${namespace}:${account}`, actions});
}

const account = (namespace: string, name: string, annotations: object = {}) =>
  put(serviceAccounts, name, namespace, {metadata: {annotations}});

/** As the guide has it: the right to ask for the tokens of one ServiceAccount. */
async function letAsk(namespace: string, name: string): Promise<void> {
  const rules = [{apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: [name], verbs: ['create']}];
  await put(roles, 'drayage-tokens', namespace, {rules});
  await put(roleBindings, 'drayage-tokens', namespace, {
    roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'drayage-tokens'},
    subjects: [{kind: 'ServiceAccount', name: 'drayage', namespace: 'drayage-system'}],
  });
}

async function secretIn(namespace: string, name = 'ecr-pull'): Promise<Seen | undefined> {
  return scene.get({type: secrets, namespace, name});
}

async function attachedIn(namespace: string, name = 'default'): Promise<readonly string[]> {
  const found = await scene.get({type: serviceAccounts, namespace, name});
  const list = (found as unknown as {readonly imagePullSecrets?: readonly {readonly name: string}[]} | undefined)?.imagePullSecrets ?? [];
  return list.map((each) => each.name);
}

async function pullWith(secret: Seen | undefined): Promise<number> {
  const {auth = ''} = (secret && dockerConfigIn(secret)?.auths[cloud.registryHost]) ?? {};
  const response = await fetch(`${cloud.registryUrl}/v2/`, {headers: {authorization: `Basic ${auth}`}});
  await response.arrayBuffer();
  return response.status;
}

/** Who got tokens since a moment: role and session, as CloudTrail would show them. */
async function whoAsked(since: Date): Promise<readonly string[]> {
  const calls = (await scene.calls(since)).filter(({operation, status}) => operation === 'GetAuthorizationToken' && status === 200);
  return [...new Set(calls.map(({principal = ''}) => principal.replace(/^.*:assumed-role\//, '')))];
}

test.serial("a tenant's own ServiceAccount pulls with its own role, once the operator may ask for its tokens", async (t) => {
  await scene.namespace('shop');
  const role = await roleFor('shop-pull', 'shop', 'puller');
  await account('shop', 'puller', {[ecrRole]: role});
  const since = new Date();
  const ref = await put(pullSecrets, 'pull', 'shop', {spec: one});
  const refused = await scene.condition(ref, {type: 'Ready', status: 'False', reason: 'TokenRequestForbidden'});
  t.regex(conditionOf(refused, 'Ready')?.message ?? '', /serviceaccounts\/token.*resourceNames \["puller"\] in namespace shop/);
  t.deepEqual(await scene.calls(since), [], 'and it asks AWS for nothing in its own name');
  await letAsk('shop', 'puller');
  await eventually('it asks again', async () => {
    await put(pullSecrets, 'pull', 'shop', {spec: one, metadata: {annotations: {looked: String(Date.now())}}});
    return conditionOf(await scene.get(ref), 'Ready')?.status === 'True';
  });
  t.is(await pullWith(await secretIn('shop')), 200);
  t.deepEqual(await attachedIn('shop'), ['ecr-pull']);
  t.deepEqual(await whoAsked(since), ['shop-pull/puller.shop.drayage']);
});

test.serial("a role that does not trust the ServiceAccount refuses it, and another's role is of no use", async (t) => {
  await scene.namespace('thief');
  await letAsk('thief', 'puller');
  await account('thief', 'puller', {[ecrRole]: `arn:aws:iam::${cloud.accountId}:role/shop-pull`});
  const ref = await put(pullSecrets, 'pull', 'thief', {spec: one});
  const refused = await scene.condition(ref, {type: 'Ready', status: 'False'});
  t.regex(conditionOf(refused, 'Ready')?.message ?? '', /role\/shop-pull.*system:serviceaccount:thief:puller/);
  t.is(await secretIn('thief'), undefined);
  await account('thief', 'puller', {[ecrRole]: await roleFor('thief-pull', 'thief', 'puller')});
  await scene.ready(ref);
  t.is(await pullWith(await secretIn('thief')), 200);
});

test.serial('each annotated ServiceAccount of many namespaces has a Secret of its own', async (t) => {
  for (const namespace of ['each-1', 'each-2']) {
    await scene.namespace(namespace, {each: 'yes'});
    await letAsk(namespace, 'web');
    await account(namespace, 'web', {[ecrRole]: await roleFor(`${namespace}-web`, namespace, 'web')});
  }
  const since = new Date();
  const spec = {
    namespaceSelector: {matchLabels: {each: 'yes'}},
    identity: {type: 'EachServiceAccount'},
    serviceAccounts: {all: true},
    secretName: 'own',
  };
  const ref = await put(clusterPullSecrets, 'each', undefined, {spec});
  await scene.ready(ref);
  for (const namespace of ['each-1', 'each-2']) {
    t.deepEqual(await attachedIn(namespace, 'web'), ['own-web']);
    t.deepEqual(await attachedIn(namespace), []);
    t.is(await pullWith(await secretIn(namespace, 'own-web')), 200);
  }
  t.deepEqual((await whoAsked(since)).toSorted(), ['each-1-web/web.each-1.drayage', 'each-2-web/web.each-2.drayage']);
  await scene.kube.delete(ref);
  await scene.gone(ref);
  t.is(await secretIn('each-1', 'own-web'), undefined);
  t.deepEqual(await attachedIn('each-1', 'web'), []);
});

test.serial('entries go into a Secret that a person made, and come out again', async (t) => {
  await scene.namespace('merged');
  const {code, stderr} = await scene.stage.cluster.kubectl([
    'create',
    'secret',
    'docker-registry',
    'regcred',
    '--docker-server=ghcr.io',
    '--docker-username=u',
    '--docker-password=somebodys-own-password',
    '-n',
    'merged',
  ]);
  t.is(code, 0, stderr);
  const spec = {secretName: 'regcred', existingSecretPolicy: 'Merge'};
  const ref = await put(pullSecrets, 'pull', 'merged', {spec});
  await scene.ready(ref);
  const merged = await secretIn('merged', 'regcred');
  t.is(await pullWith(merged), 200);
  t.truthy(dockerConfigIn(merged!)?.auths['ghcr.io']);
  const version = merged?.metadata.resourceVersion;
  await put(pullSecrets, 'pull', 'merged', {spec, metadata: {annotations: {looked: 'at'}}});
  await scene.ready(ref);
  t.is((await secretIn('merged', 'regcred'))?.metadata.resourceVersion, version, 'nothing is written where nothing changed');
  await scene.kube.delete(ref);
  await scene.gone(ref);
  const left = await secretIn('merged', 'regcred');
  t.deepEqual(Object.keys(dockerConfigIn(left!)?.auths ?? {}), ['ghcr.io']);
  t.deepEqual(left?.metadata.annotations ?? {}, {});
  t.deepEqual(left?.metadata.labels ?? {}, {});
});

test.serial('one secret opens ECR Public too, and Argo CD reads one of its own form', async (t) => {
  await scene.namespace('charts');
  const both = await put(pullSecrets, 'both', 'charts', {spec: {registries: [{}, {public: true}]}});
  await scene.ready(both);
  const {auths = {}} = dockerConfigIn((await secretIn('charts'))!) ?? {};
  t.truthy(auths['public.ecr.aws']);
  t.truthy(auths[cloud.registryHost]);
  t.not(auths['public.ecr.aws']?.password, auths[cloud.registryHost]?.password);
  const argo = {secretName: 'ecr-charts', format: 'ArgoCDRepositoryCredentials'};
  await scene.ready(await put(pullSecrets, 'argo', 'charts', {spec: argo}));
  const secret = await secretIn('charts', 'ecr-charts');
  t.is(secret?.metadata.labels?.['argocd.argoproj.io/secret-type'], 'repo-creds');
  t.is(Buffer.from(secret?.data?.['url'] ?? '', 'base64').toString(), cloud.registryHost);
  t.deepEqual(await attachedIn('charts'), ['ecr-pull']);
});

test.serial('the API server refuses what cannot be', async (t) => {
  const refusals: readonly (readonly [object, RegExp])[] = [
    [{registries: [{accountId: '210987654321'}]}, /name a Registry \(registryRef\)/],
    [{identity: {type: 'ServiceAccount'}}, /needs serviceAccountRef/],
    [{registries: [{public: true, region: 'us-east-1'}]}, /ECR Public has no accountId/],
    [{format: 'ArgoCDRepositoryCredentials', existingSecretPolicy: 'Merge'}, /format of Argo CD/],
  ];
  for (const [spec, message] of refusals) await t.throwsAsync(put(pullSecrets, 'wrong', 'charts', {spec}), {message});
  await t.throwsAsync(
    put(pullSecrets, 'both', 'charts', {spec: {registries: [{}, {public: true}], format: 'ArgoCDRepositoryCredentials'}}),
  );
});

test.serial('a namespace goes with its PullSecret and is not held up', async (t) => {
  await scene.kube.delete({type: namespaces, name: 'shop'});
  await scene.gone({type: namespaces, name: 'shop'});
  t.is(await scene.get({type: pullSecrets, namespace: 'shop', name: 'pull'}), undefined);
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  const log = await operator.log();
  t.deepEqual(await scene.leaks([log]), []);
  t.notRegex(log, /walk met an unexpected error|walk broke/);
});
