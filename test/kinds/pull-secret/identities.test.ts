import test from 'ava';
import {ClusterPullSecretSpec} from '../../../src/kinds/pull-secret/schema.ts';
import {sessionNameOf} from '../../../src/kinds/pull-secret/session-name.ts';
import {callsOf, denied, hour, pullSecret, pullSecretIn, withNamespaces, type Cluster} from './cluster.ts';

const ecrRole = 'eks.amazonaws.com/ecr-role-arn';
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const one = {identity: {type: 'ServiceAccount', serviceAccountRef: {name: 'puller'}}};
const each = {identity: {type: 'EachServiceAccount'}, serviceAccounts: {all: true}};

function annotate(cluster: Cluster, namespace: string, name: string, annotations: Readonly<Record<string, string>>, uid?: string): void {
  const found = cluster.find('ServiceAccount', name, namespace);
  const metadata = {...found?.metadata, name, namespace, annotations: {...found?.metadata.annotations, ...annotations}, ...(uid && {uid})};
  cluster.put({...found, apiVersion: 'v1', kind: 'ServiceAccount', metadata});
}

function failures(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const list = (fields['failures'] ?? []) as readonly {namespace: string; serviceAccount?: string; reason: string}[];
  return list.map(({namespace, serviceAccount, reason}) => `${namespace}/${serviceAccount ?? ''} ${reason}`);
}

test("a namespace's own ServiceAccount asks, with its own web identity and a session that CloudTrail tells apart", async (t) => {
  const cluster = withNamespaces('a', 'b');
  annotate(cluster, 'a', 'puller', {'eks.amazonaws.com/role-arn': role('app'), [ecrRole]: role('a-pull')});
  annotate(cluster, 'b', 'puller', {'eks.amazonaws.com/role-arn': role('b-app'), 'eks.amazonaws.com/audience': 'sts.example'});
  const {outcome, steps} = await cluster.walk(pullSecret(one));
  t.like(outcome, {is: 'settled', reason: 'Refreshed'});
  t.deepEqual(callsOf(steps).toSorted(), ['ApplySecret a', 'ApplySecret b', 'AttachSecret a', 'AttachSecret b']);
  t.deepEqual(
    cluster.sessions.map((session) => session.replace(/ by .*/, '')),
    [`puller.a.drayage as ${role('a-pull')}`, `puller.b.drayage as ${role('b-app')}`],
  );
  const claims = cluster.sessions.map(
    (session) => JSON.parse(Buffer.from(session.split('.').at(-2) ?? '', 'base64url').toString()) as object,
  );
  t.deepEqual(claims, [
    {sub: 'system:serviceaccount:a:puller', aud: ['sts.amazonaws.com']},
    {sub: 'system:serviceaccount:b:puller', aud: ['sts.example']},
  ]);
  t.not(cluster.contents('a'), cluster.contents('b'), 'a tenant never gets the token of another');
  t.deepEqual((await cluster.walk(pullSecret(one))).steps, []);
  t.is(cluster.tokenCalls, 2);
});

test('the role of a Registry is not used where a ServiceAccount asks', async (t) => {
  const cluster = withNamespaces('a');
  annotate(cluster, 'a', 'puller', {[ecrRole]: role('a-pull')});
  const spec = {roleArn: role('drayage-shop'), region: 'eu-west-1', accountId: '210987654321'};
  cluster.put({apiVersion: 'ecr.drayage.dev/v1alpha1', kind: 'Registry', metadata: {name: 'shop'}, spec});
  const {report} = await cluster.walk(pullSecretIn('a', {...one, registries: [{registryRef: {name: 'shop'}}]}));
  t.is((report.fields['registries'] as readonly {registry: string}[])[0]?.registry, '210987654321.eu-west-1');
  t.regex(cluster.sessions[0] ?? '', /a-pull/);
});

test('what keeps a ServiceAccount from asking is said, with what to do, and the others are served', async (t) => {
  const cluster = withNamespaces('a', 'b', 'c', 'd', 'e');
  annotate(cluster, 'a', 'puller', {[ecrRole]: role('a-pull')});
  annotate(cluster, 'b', 'puller', {});
  annotate(cluster, 'c', 'puller', {[ecrRole]: 'arn:aws:iam::123456789012:user/eve'});
  annotate(cluster, 'e', 'puller', {[ecrRole]: role('e-pull')});
  cluster.refusals.set(role('e-pull'), {...denied(), reason: 'RoleTrustDenied', seconds: 120});
  const {outcome, report} = await cluster.walk(pullSecret(one));
  t.deepEqual(failures(report.fields), ['b/ RoleMissing', 'c/ RoleInvalid', 'd/ ServiceAccountNotFound', 'e/ RoleTrustDenied']);
  t.like(outcome, {is: 'stalled', reason: 'NamespacesFailed', seconds: 60});
  t.like(report.fields['namespaces'], {selected: 5, ready: 1, failed: 4});
  t.like(report.conditions[0], {type: 'TokenRefreshed', status: 'False'});
  t.regex(report.conditions[0]?.message ?? '', /b\/puller, own\.own: the ServiceAccount b\/puller names no role: annotate it with eks/);
  cluster.refusals.clear();
  annotate(cluster, 'b', 'puller', {[ecrRole]: role('b-pull')});
  const later = await cluster.walk(pullSecret(one));
  t.deepEqual(failures(later.report.fields), ['c/ RoleInvalid', 'd/ ServiceAccountNotFound']);
});

test('without the right to ask for tokens, the message is the Role to create', async (t) => {
  const cluster = withNamespaces('a');
  annotate(cluster, 'a', 'puller', {[ecrRole]: role('a-pull')});
  cluster.fault = (call) => (call === 'token' ? {is: 'stalled', reason: 'Forbidden', message: 'no'} : undefined);
  const {outcome} = await cluster.walk(pullSecretIn('a', one));
  t.like(outcome, {is: 'stalled', reason: 'TokenRequestForbidden'});
  t.regex(outcome.message, /resources \["serviceaccounts\/token"\].*resourceNames \["puller"\] in namespace a/);
});

test('each annotated ServiceAccount has a Secret of its own, and the others none', async (t) => {
  const cluster = withNamespaces('a');
  cluster.account('a', 'web', ['mine']);
  cluster.account('a', 'job');
  annotate(cluster, 'a', 'web', {[ecrRole]: role('web')});
  annotate(cluster, 'a', 'job', {[ecrRole]: role('job')});
  annotate(cluster, 'a', 'default', {'eks.amazonaws.com/role-arn': role('app')});
  const {outcome} = await cluster.walk(pullSecret(each));
  t.like(outcome, {is: 'settled', reason: 'Refreshed'});
  t.regex(outcome.message, /^2 ServiceAccounts have the secret/);
  t.deepEqual(cluster.pullSecretsOf('a', 'web'), ['mine', 'ecr-pull-web']);
  t.deepEqual(cluster.pullSecretsOf('a', 'job'), ['ecr-pull-job']);
  t.deepEqual(cluster.pullSecretsOf('a', 'default'), []);
  t.is(cluster.contents('a'), undefined);
  t.not(cluster.contents('a', 'ecr-pull-web'), cluster.contents('a', 'ecr-pull-job'));
  t.deepEqual((await cluster.walk(pullSecret(each))).steps, []);

  cluster.put({
    ...cluster.find('ServiceAccount', 'job', 'a')!,
    metadata: {...cluster.find('ServiceAccount', 'job', 'a')!.metadata, annotations: {'ecr.drayage.dev/pull-secrets': 'team=ecr-pull-job'}},
  });
  cluster.refusals.set(role('web'), denied());
  cluster.now += 13 * hour;
  const later = await cluster.walk(pullSecret(each));
  t.deepEqual(failures(later.report.fields), ['a/web AccessDenied']);
  t.deepEqual(cluster.pullSecretsOf('a', 'job'), [], 'without the annotation, it is not served any more');
  t.is(cluster.contents('a', 'ecr-pull-job'), undefined, 'also while another one is in trouble');
  t.truthy(cluster.contents('a', 'ecr-pull-web'));
});

test('another role, or another ServiceAccount of the same name, is another token', async (t) => {
  const cluster = withNamespaces('a');
  annotate(cluster, 'a', 'puller', {[ecrRole]: role('first')});
  await cluster.walk(pullSecretIn('a', one));
  const first = cluster.contents('a');
  annotate(cluster, 'a', 'puller', {[ecrRole]: role('second')});
  cluster.remove('Secret', 'ecr-pull', 'a');
  await cluster.walk(pullSecretIn('a', one));
  t.not(cluster.contents('a'), first);
  const second = cluster.contents('a');
  cluster.remove('ServiceAccount', 'puller', 'a');
  annotate(cluster, 'a', 'puller', {[ecrRole]: role('second')}, 'born-again');
  cluster.remove('Secret', 'ecr-pull', 'a');
  await cluster.walk(pullSecretIn('a', one));
  t.not(cluster.contents('a'), second);
  t.is(cluster.tokenCalls, 3);
});

test('a session name has the characters and the length that STS takes', (t) => {
  t.is(sessionNameOf('shop', 'web'), 'web.shop.drayage');
  const long = sessionNameOf('n'.repeat(63), 's'.repeat(253));
  t.regex(long, /^[\w+=,.@-]{2,64}$/);
  t.not(long, sessionNameOf('n'.repeat(63), `${'s'.repeat(252)}t`));
});

test('identity and serviceAccountRef belong together', (t) => {
  for (const identity of [{type: 'ServiceAccount'}, {type: 'Operator', serviceAccountRef: {name: 'x'}}, {serviceAccountRef: {name: 'x'}}]) {
    t.regex(ClusterPullSecretSpec.safeParse({identity}).error?.issues[0]?.message ?? '', /needs serviceAccountRef/);
  }
});
