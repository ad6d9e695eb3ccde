import test from 'ava';
import {PullSecretSpec} from '../../../src/kinds/pull-secret/schema.ts';
import {callsOf, denied, pullSecret, pullSecretIn, withNamespaces} from './cluster.ts';

test('a PullSecret serves its own namespace and touches no other', async (t) => {
  const cluster = withNamespaces('a', 'b');
  const {steps, outcome, report} = await cluster.walk(pullSecretIn('a'));
  t.deepEqual(callsOf(steps), ['ApplySecret a', 'AttachSecret a']);
  t.deepEqual(cluster.pullSecretsOf('a'), ['ecr-pull']);
  t.is(cluster.contents('b'), undefined);
  const secret = cluster.find('Secret', 'ecr-pull', 'a');
  t.like(secret?.metadata.labels, {'ecr.drayage.dev/pull-secret': 'team'});
  t.like(secret?.metadata.ownerReferences?.[0], {kind: 'PullSecret', name: 'team', uid: 'uid-of-a', controller: true});
  t.is(cluster.find('ServiceAccount', 'default', 'a')?.metadata.annotations?.['ecr.drayage.dev/pull-secrets'], 'pullsecret/team=ecr-pull');
  t.like(outcome, {is: 'settled', reason: 'Refreshed', message: 'the namespace has the secret, valid until 2026-03-01T20:00:00.000Z'});
  t.false('namespaces' in report.fields);
  t.deepEqual((await cluster.walk(pullSecretIn('a'))).steps, []);
  t.true(cluster.calls.every((call) => call.includes('/a/')));
});

test('a PullSecret and a ClusterPullSecret of the same name serve one ServiceAccount side by side, and each leaves only its own', async (t) => {
  const cluster = withNamespaces('a');
  await cluster.walk(pullSecret());
  await cluster.walk(pullSecretIn('a', {secretName: 'own-pull'}));
  t.deepEqual(cluster.pullSecretsOf('a'), ['ecr-pull', 'own-pull']);
  t.deepEqual((await cluster.walk(pullSecret())).steps, []);
  const going = await cluster.walk(pullSecret({}, {deletionTimestamp: '2026-03-01T08:00:00Z'}));
  t.is(going.outcome.reason, 'Removed');
  t.deepEqual(cluster.pullSecretsOf('a'), ['own-pull']);
  t.truthy(cluster.contents('a', 'own-pull'));
  t.is(cluster.contents('a'), undefined);
});

test('the one that comes second does not take the Secret of the first, and says so', async (t) => {
  const cluster = withNamespaces('a');
  await cluster.walk(pullSecret());
  const good = cluster.find('Secret', 'ecr-pull', 'a');
  const {outcome, report} = await cluster.walk(pullSecretIn('a'));
  t.like(outcome, {is: 'stalled', reason: 'SecretNotOwned'});
  t.regex(outcome.message, /a\/ecr-pull exists and was not made by this PullSecret/);
  t.like(report.conditions[1], {type: 'SecretsValid', status: 'False', message: 'there is no complete secret yet'});
  t.is(cluster.find('Secret', 'ecr-pull', 'a'), good);
  t.is(cluster.find('ServiceAccount', 'default', 'a')?.metadata.annotations?.['ecr.drayage.dev/pull-secrets'], 'team=ecr-pull');
});

/** Whether a ServiceAccount with these labels names the secret. */
async function attached(labels: Readonly<Record<string, string>>, spec = {}): Promise<boolean> {
  const cluster = withNamespaces('a');
  cluster.put({apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'shop', namespace: 'a', labels}});
  await cluster.walk(pullSecretIn('a', spec));
  return cluster.find('ServiceAccount', 'shop', 'a')?.metadata.annotations?.['ecr.drayage.dev/pull-secrets'] !== undefined;
}

test('a ServiceAccount that was made for the role of a task is served as the default one is', async (t) => {
  const ours = {'app.kubernetes.io/managed-by': 'drayage'};
  t.true(await attached(ours));
  t.false(await attached({'app.kubernetes.io/managed-by': 'Helm'}));
  t.false(await attached(ours, {serviceAccounts: {names: ['builder']}}));
});

test('a Registry says which namespaces may use it', async (t) => {
  const cluster = withNamespaces('a');
  cluster.put({
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'Registry',
    metadata: {name: 'default'},
    spec: {allowedNamespaces: {matchLabels: {team: 'platform'}}},
  });
  const refused = await cluster.walk(pullSecretIn('a'));
  t.like(refused.outcome, {is: 'stalled', reason: 'NamespaceNotAllowed'});
  t.is(cluster.tokenCalls, 0);
  t.is(cluster.contents('a'), undefined);
  cluster.put({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'a', labels: {team: 'platform'}}});
  t.like((await cluster.walk(pullSecretIn('a'))).outcome, {is: 'settled', reason: 'Refreshed'});
});

test('with the identity of the operator, the registry must be one that its owner can keep namespaces from', (t) => {
  const inWords = {registries: [{accountId: '210987654321', region: 'eu-west-1'}]};
  const {error} = PullSecretSpec.safeParse(inWords);
  t.regex(error?.issues[0]?.message ?? '', /name a Registry \(registryRef\)/);
  t.true(PullSecretSpec.safeParse({...inWords, identity: {type: 'ServiceAccount', serviceAccountRef: {name: 'puller'}}}).success);
});

test("a refusal is the PullSecret's own reason, and its namespace's end is none", async (t) => {
  const cluster = withNamespaces('a');
  cluster.refusals.set('*', denied());
  const {outcome} = await cluster.walk(pullSecretIn('a'));
  t.like(outcome, {is: 'stalled', reason: 'AccessDenied', message: denied().message, seconds: 60});
  cluster.put({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'a', deletionTimestamp: '2026-03-01T08:00:00Z'}});
  const going = await cluster.walk(pullSecretIn('a', {}, {deletionTimestamp: '2026-03-01T08:00:00Z'}));
  t.deepEqual(going.steps, []);
  t.is(going.outcome.is, 'settled');
});

test('when it goes, or its namespace is unknown already, nothing of it stays and nothing breaks', async (t) => {
  const cluster = withNamespaces('a');
  await cluster.walk(pullSecretIn('a'));
  const going = () => cluster.walk(pullSecretIn('a', {}, {deletionTimestamp: '2026-03-01T08:00:00Z'}));
  t.deepEqual(callsOf((await going()).steps), ['DetachSecret a', 'DeleteSecret a']);
  t.deepEqual(cluster.pullSecretsOf('a'), []);
  cluster.remove('Namespace', 'a');
  t.is((await going()).outcome.is, 'settled');
});
