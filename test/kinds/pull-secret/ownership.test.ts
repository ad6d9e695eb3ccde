import test from 'ava';
import {callsOf, Cluster, denied, hour, pullSecret, withNamespaces} from './cluster.ts';

test('a secret that was edited, stripped or deleted by hand is restored with the token in memory', async (t) => {
  const cluster = withNamespaces('edited', 'annotated', 'unlabelled', 'orphaned', 'deleted');
  await cluster.walk(pullSecret());
  const good = cluster.contents('deleted');
  const secret = (namespace: string) => cluster.find('Secret', 'ecr-pull', namespace)!;
  cluster.put({...secret('edited'), data: {'.dockerconfigjson': 'e30='}}, 'kubectl');
  const later = {'ecr.drayage.dev/registries': '[]'};
  cluster.put({...secret('annotated'), metadata: {...secret('annotated').metadata, annotations: later}});
  cluster.put({...secret('unlabelled'), metadata: {...secret('unlabelled').metadata, labels: {}}});
  cluster.put({...secret('orphaned'), metadata: {...secret('orphaned').metadata, ownerReferences: []}});
  cluster.remove('Secret', 'ecr-pull', 'deleted');
  const {outcome} = await cluster.walk(pullSecret());
  t.is(outcome.is, 'settled');
  t.is(cluster.tokenCalls, 1);
  for (const namespace of ['edited', 'annotated', 'unlabelled', 'orphaned', 'deleted']) {
    t.is(cluster.contents(namespace), good, namespace);
    t.is(secret(namespace).metadata.labels?.['ecr.drayage.dev/cluster-pull-secret'], 'team', namespace);
    t.is(secret(namespace).metadata.ownerReferences?.[0]?.uid, 'uid-of-team', namespace);
  }
  t.deepEqual((await cluster.walk(pullSecret())).steps, []);
});

test('a Secret that is not ours is left as it is, and the other namespaces are served', async (t) => {
  const cluster = withNamespaces('a', 'b', 'c', 'd');
  const theirs = {apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/dockerconfigjson', data: {'.dockerconfigjson': 'e30='}};
  const b = cluster.put({...theirs, metadata: {name: 'ecr-pull', namespace: 'b'}}, 'kubectl');
  const c = cluster.put({...theirs, type: 'Opaque', metadata: {name: 'ecr-pull', namespace: 'c'}}, 'kubectl');
  const labels = {'app.kubernetes.io/managed-by': 'drayage', 'ecr.drayage.dev/cluster-pull-secret': 'another'};
  const d = cluster.put({...theirs, metadata: {name: 'ecr-pull', namespace: 'd', labels}}, 'drayage-another');
  for (let time = 0; time < 2; time++) {
    const {outcome, report} = await cluster.walk(pullSecret());
    t.like(outcome, {is: 'stalled', reason: 'NamespacesFailed', seconds: 300});
    t.like(report.fields, {namespaces: {selected: 4, ready: 1, failed: 3}});
    const failures = report.fields['failures'] as readonly {namespace: string; reason: string}[];
    t.deepEqual(
      failures.map(({namespace, reason}) => `${namespace} ${reason}`),
      ['b SecretNotOwned', 'c SecretNotOwned', 'd SecretNotOwned'],
    );
    t.is(cluster.find('Secret', 'ecr-pull', 'b'), b);
    t.is(cluster.find('Secret', 'ecr-pull', 'c'), c);
    t.is(cluster.find('Secret', 'ecr-pull', 'd'), d);
    for (const namespace of ['b', 'c', 'd']) t.deepEqual(cluster.pullSecretsOf(namespace), []);
    t.deepEqual(cluster.pullSecretsOf('a'), ['ecr-pull']);
  }
});

test('while some namespaces fail, the others are renewed on schedule', async (t) => {
  const cluster = withNamespaces('a', 'b');
  cluster.fault = (call, {namespace}) => (call === 'apply' && namespace === 'b' ? quota : undefined);
  const quota = {is: 'stalled', reason: 'AdmissionDenied', message: 'exceeded quota'} as const;
  const {report, outcome} = await cluster.walk(pullSecret());
  t.like(outcome, {is: 'stalled', reason: 'NamespacesFailed'});
  const due = Date.parse(String(report.fields['nextRefresh']));
  cluster.now = due - 100_000;
  t.is((await cluster.walk(pullSecret())).outcome.seconds, 100);
  cluster.now = due;
  t.true(callsOf((await cluster.walk(pullSecret())).steps).includes('ApplySecret a'));
});

test('a namespace that is being deleted is no error, also when that shows only at the write', async (t) => {
  const cluster = withNamespaces('a', 'b', 'c');
  cluster.put({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'b'}, status: {phase: 'Terminating'}});
  const going = {is: 'waiting', reason: 'NamespaceTerminating', message: 'namespace c is being terminated', seconds: 30} as const;
  cluster.fault = (_call, {namespace}) => (namespace === 'c' ? going : undefined);
  const {outcome, report} = await cluster.walk(pullSecret());
  t.like(outcome, {is: 'settled', reason: 'Refreshed'});
  t.like(report.fields, {namespaces: {selected: 1, ready: 1, failed: 0}});
});

test('an API server that does not answer ends the walk at once', async (t) => {
  const cluster = withNamespaces('a', 'b', 'c');
  cluster.fault = () => ({is: 'failed', reason: 'ApiServerUnavailable', message: 'connection refused'});
  const {outcome} = await cluster.walk(pullSecret());
  t.like(outcome, {is: 'failed', reason: 'ApiServerUnavailable'});
  t.is(cluster.calls.length, 1);
});

test('another secret name: the new secret first, then the ServiceAccount, then the old one goes', async (t) => {
  const cluster = withNamespaces('a');
  await cluster.walk(pullSecret());
  const {rounds, outcome} = await cluster.walk(pullSecret({secretName: 'pull'}));
  t.deepEqual(rounds.map(callsOf), [['ApplySecret a'], ['AttachSecret a'], ['DeleteSecret a']]);
  t.deepEqual(cluster.pullSecretsOf('a'), ['pull']);
  t.is(cluster.contents('a'), undefined);
  t.is(outcome.is, 'settled');
});

test('a namespace that leaves the selection is cleared: ServiceAccounts first, entries of others stay', async (t) => {
  const cluster = new Cluster();
  cluster.namespace('a', {tier: 'prod'});
  cluster.account('a', 'default', ['docker-hub']);
  const spec = {namespaceSelector: {matchLabels: {tier: 'prod'}}};
  await cluster.walk(pullSecret(spec));
  t.deepEqual(cluster.pullSecretsOf('a'), ['docker-hub', 'ecr-pull']);
  cluster.put({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'a'}});
  const {rounds, outcome} = await cluster.walk(pullSecret(spec));
  t.deepEqual(rounds.map(callsOf), [['DetachSecret a'], ['DeleteSecret a']]);
  t.deepEqual(cluster.pullSecretsOf('a'), ['docker-hub']);
  t.like(outcome, {is: 'settled', reason: 'NothingSelected'});
});

test('deleted, it leaves nothing behind, needs no token, and waits for a namespace that fails', async (t) => {
  const cluster = withNamespaces('a', 'b');
  await cluster.walk(pullSecret());
  cluster.refusals.set('*', denied());
  cluster.now += 13 * hour;
  const going = pullSecret({}, {deletionTimestamp: new Date(cluster.now).toISOString()});
  const refusal = {is: 'stalled', reason: 'AdmissionDenied', message: 'a webhook says no'} as const;
  cluster.fault = (call, {namespace}) => (call === 'merge' && namespace === 'b' ? refusal : undefined);
  t.like((await cluster.walk(going)).outcome, {is: 'stalled', reason: 'NamespacesFailed'});
  t.truthy(cluster.find('Secret', 'ecr-pull', 'b'));
  cluster.fault = undefined;
  const {rounds, outcome, left} = await cluster.walk(going);
  t.deepEqual(rounds.map(callsOf), [['DetachSecret b'], ['DeleteSecret b']]);
  t.like(outcome, {is: 'settled', reason: 'Removed'});
  t.deepEqual(left, []);
  t.deepEqual(
    [...cluster.objects.keys()].filter((id) => id.startsWith('Secret')),
    [],
  );
  t.deepEqual(cluster.pullSecretsOf('a'), []);
  t.is(cluster.tokenCalls, 1);
});

test('a copy that another tool made of the secret, in a namespace that is not selected, stays', async (t) => {
  const cluster = withNamespaces('a');
  await cluster.walk(pullSecret());
  const {ownerReferences: _, ...metadata} = cluster.find('Secret', 'ecr-pull', 'a')!.metadata;
  cluster.put({...cluster.find('Secret', 'ecr-pull', 'a')!, metadata: {...metadata, namespace: 'kube-system', uid: 'copy'}}, 'replicator');
  t.deepEqual((await cluster.walk(pullSecret())).steps, []);
});

test('a ServiceAccount that changes under our hands is read again; what was added meanwhile stays', async (t) => {
  const cluster = withNamespaces('a');
  let isFirst = true;
  cluster.fault = (call, _ref, when) => {
    if (call === 'merge' && when === 'before' && isFirst) {
      isFirst = false;
      cluster.account('a', 'default', ['docker-hub']);
    }
    return undefined;
  };
  t.is((await cluster.walk(pullSecret())).outcome.is, 'settled');
  t.deepEqual(cluster.pullSecretsOf('a'), ['docker-hub', 'ecr-pull']);
});

test('ServiceAccounts are chosen by name, label, or all; those no longer chosen lose only our entry', async (t) => {
  const cluster = withNamespaces('a');
  cluster.account('a', 'builder', ['docker-hub']);
  await cluster.walk(pullSecret({serviceAccounts: {all: true}}));
  t.deepEqual(cluster.pullSecretsOf('a', 'builder'), ['docker-hub', 'ecr-pull']);
  await cluster.walk(pullSecret({serviceAccounts: {selector: {matchLabels: {pulls: 'yes'}}}}));
  t.deepEqual([cluster.pullSecretsOf('a'), cluster.pullSecretsOf('a', 'builder')], [[], ['docker-hub']]);
  await cluster.walk(pullSecret({serviceAccounts: {}}));
  t.deepEqual(cluster.pullSecretsOf('a'), []);
});

test('a Registry is found by name; one that does not exist is said so', async (t) => {
  const cluster = withNamespaces('a');
  const spec = {registries: [{registryRef: {name: 'shared'}}]};
  t.like((await cluster.walk(pullSecret(spec))).outcome, {is: 'stalled', reason: 'RegistryNotFound'});
  const metadata = {name: 'shared'};
  cluster.put({apiVersion: 'ecr.drayage.dev/v1alpha1', kind: 'Registry', metadata, spec: {accountId: '210987654321'}});
  t.is((await cluster.walk(pullSecret(spec))).outcome.is, 'settled');
  t.true(cluster.contents('a')?.includes('210987654321.dkr.ecr'));
});
