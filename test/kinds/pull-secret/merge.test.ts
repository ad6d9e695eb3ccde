import {assert, constantFrom, dictionary, jsonValue, property, record, string} from 'fast-check';
import test from 'ava';
import {withoutOurs, withOurs, type Edited} from '../../../src/kinds/pull-secret/merged-config.ts';
import {callsOf, host, pullSecret, withNamespaces, type Cluster} from './cluster.ts';

const merge = {existingSecretPolicy: 'Merge'};
const going = {deletionTimestamp: '2026-03-01T08:00:00Z'};
const theirs = {'docker.io': {auth: 'ZG9ja2VyOnNlY3JldA=='}, [`https://${host}`]: {auth: 'b2xkOm9sZA=='}};

function put(cluster: Cluster, document: unknown, more: Readonly<Record<string, unknown>> = {}): void {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  cluster.put(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/dockerconfigjson',
      metadata: {name: 'ecr-pull', namespace: 'a', labels: {'app.kubernetes.io/managed-by': 'Helm'}, annotations: {kept: 'yes'}},
      data: {'.dockerconfigjson': Buffer.from(text).toString('base64')},
      ...more,
    },
    'helm',
  );
}

function auths(cluster: Cluster): Readonly<Record<string, unknown>> {
  return (JSON.parse(cluster.contents('a') ?? '{}') as {auths: Record<string, unknown>}).auths;
}

test('our entries go among those of another, are renewed there, and come out again; the rest stays', async (t) => {
  const cluster = withNamespaces('a');
  put(cluster, {auths: theirs, credHelpers: {x: 'y'}});
  const first = await cluster.walk(pullSecret(merge));
  t.like(first.outcome, {is: 'settled', reason: 'Refreshed'});
  t.deepEqual(Object.keys(auths(cluster)), ['docker.io', ...Object.keys(auths(cluster)).slice(1)]);
  t.true(Object.keys(auths(cluster)).includes(host));
  t.false(Object.keys(auths(cluster)).includes(`https://${host}`), 'the old entry for the same registry would be in the way');
  const secret = cluster.find('Secret', 'ecr-pull', 'a');
  t.like(secret?.metadata.labels, {'app.kubernetes.io/managed-by': 'Helm'});
  t.like(secret?.metadata.annotations, {kept: 'yes'});
  t.is(secret?.metadata.ownerReferences, undefined, 'or it would go with our object');
  t.deepEqual(cluster.pullSecretsOf('a'), ['ecr-pull']);
  t.deepEqual((await cluster.walk(pullSecret(merge))).steps, []);

  cluster.now = Date.parse(String(first.report.fields['nextRefresh']));
  t.deepEqual(callsOf((await cluster.walk(pullSecret(merge))).steps), ['MergeSecret a']);
  t.regex(cluster.contents('a') ?? '', /token-2/);
  t.deepEqual(auths(cluster)['docker.io'], theirs['docker.io']);

  await cluster.walk(pullSecret(merge, going));
  t.deepEqual(JSON.parse(cluster.contents('a') ?? ''), {auths: {'docker.io': theirs['docker.io']}, credHelpers: {x: 'y'}});
  const left = cluster.find('Secret', 'ecr-pull', 'a')?.metadata;
  t.deepEqual(left?.labels, {'app.kubernetes.io/managed-by': 'Helm'});
  t.deepEqual(left?.annotations, {kept: 'yes'});
  t.deepEqual(cluster.pullSecretsOf('a'), []);
});

test('what its owner changes in it stays changed, and our entries come back where they were taken out', async (t) => {
  const cluster = withNamespaces('a');
  put(cluster, {auths: theirs});
  await cluster.walk(pullSecret(merge));
  const labelled = cluster.find('Secret', 'ecr-pull', 'a')!;
  const replaced = {auths: {'ghcr.io': {auth: 'Z2g6Z2g='}}};
  cluster.put({...labelled, data: {'.dockerconfigjson': Buffer.from(JSON.stringify(replaced)).toString('base64')}});
  t.deepEqual(callsOf((await cluster.walk(pullSecret(merge))).steps), ['MergeSecret a']);
  t.true(Object.keys(auths(cluster)).includes('ghcr.io') && Object.keys(auths(cluster)).includes(host));
  t.false(Object.keys(auths(cluster)).includes('docker.io'));
  t.is(cluster.tokenCalls, 1);
});

test('a document that cannot be worked on, or another type of Secret, is left as it is', async (t) => {
  for (const [document, more, reason] of [
    ['not json', {}, 'SecretUnreadable'],
    ['[]', {}, 'SecretUnreadable'],
    ['{"auths": 3}', {}, 'SecretUnreadable'],
    ['{}', {type: 'Opaque'}, 'SecretWrongType'],
  ] as const) {
    const cluster = withNamespaces('a');
    put(cluster, document, more);
    const before = cluster.find('Secret', 'ecr-pull', 'a');
    const {report} = await cluster.walk(pullSecret(merge));
    t.like((report.fields['failures'] as readonly unknown[])[0], {namespace: 'a', reason});
    t.is(cluster.find('Secret', 'ecr-pull', 'a'), before);
  }
});

test('told to keep what exists after all, it takes its entries out again', async (t) => {
  const cluster = withNamespaces('a');
  put(cluster, {auths: theirs});
  await cluster.walk(pullSecret(merge));
  const {outcome} = await cluster.walk(pullSecret());
  t.deepEqual(Object.keys(auths(cluster)), ['docker.io']);
  t.deepEqual(cluster.pullSecretsOf('a'), []);
  t.like(outcome, {is: 'stalled', reason: 'NamespacesFailed'});
});

test('a Secret that went is replaced by one of our own', async (t) => {
  const cluster = withNamespaces('a');
  put(cluster, {auths: theirs});
  await cluster.walk(pullSecret(merge));
  cluster.remove('Secret', 'ecr-pull', 'a');
  await cluster.walk(pullSecret(merge));
  t.is(cluster.find('Secret', 'ecr-pull', 'a')?.metadata.ownerReferences?.[0]?.name, 'team');
});

test('a Secret that goes, or changes, while we write into it', async (t) => {
  const cluster = withNamespaces('a');
  put(cluster, {auths: theirs});
  await cluster.walk(pullSecret(merge));
  const during = (act: () => void) => {
    cluster.fault = (call, {type}, at) => {
      if (call !== 'merge' || type.kind !== 'Secret' || at !== 'before') return undefined;
      cluster.fault = undefined;
      act();
      return undefined;
    };
  };

  put(cluster, {auths: theirs});
  during(() => put(cluster, {auths: {'ghcr.io': {auth: 'YTpi'}}}));
  t.like((await cluster.walk(pullSecret(merge))).outcome, {is: 'settled', reason: 'Refreshed'});
  t.deepEqual(auths(cluster)['ghcr.io'], {auth: 'YTpi'}, 'what was written meanwhile is there');
  t.truthy(auths(cluster)[host]);

  during(() => cluster.remove('Secret', 'ecr-pull', 'a'));
  t.like((await cluster.walk(pullSecret(merge, going))).outcome, {is: 'settled', reason: 'Removed'});
  t.is(cluster.find('Secret', 'ecr-pull', 'a'), undefined);

  put(cluster, {auths: theirs});
  during(() => cluster.remove('Secret', 'ecr-pull', 'a'));
  t.like((await cluster.walk(pullSecret(merge))).outcome, {is: 'settled', reason: 'Refreshed'});
  t.is(cluster.find('Secret', 'ecr-pull', 'a')?.metadata.ownerReferences?.[0]?.name, 'team', 'one of our own in its place');
});

test('a copy of it in another namespace is nobody of ours', async (t) => {
  const cluster = withNamespaces('a', 'b');
  put(cluster, {auths: theirs});
  const inA = {...merge, namespaceSelector: {matchLabels: {x: 'y'}}};
  cluster.put({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'a', labels: {x: 'y'}}});
  await cluster.walk(pullSecret(inA));
  const secret = cluster.find('Secret', 'ecr-pull', 'a')!;
  const copy = cluster.put({...secret, metadata: {...secret.metadata, namespace: 'b', uid: 'copy'}}, 'reflector');
  t.deepEqual((await cluster.walk(pullSecret(inA))).steps, []);
  t.is(cluster.find('Secret', 'ecr-pull', 'b'), copy);
});

const key = constantFrom('docker.io', 'ghcr.io', 'quay.io/team', host, `https://${host}/v1/`, 'public.ecr.aws', 'ecr-public.aws.com');
const document = record({auths: dictionary(key, record({auth: string()})), extra: jsonValue()}, {requiredKeys: []});

function textOf(edited: Edited): string {
  if ('why' in edited) throw new Error(edited.why);
  return edited.text;
}

test('whatever the document: merged twice is merged once, and taken out, all of it is there but for the same registry', (t) => {
  const ours = JSON.stringify({auths: {[host]: {auth: 'b3Vycw=='}}});
  assert(
    property(document, (given) => {
      const text = JSON.stringify(given);
      const merged = textOf(withOurs(text, ours, []));
      t.is(textOf(withOurs(merged, ours, [host])), merged);
      const left = textOf(withoutOurs(merged, [host]));
      const kept = Object.entries(given.auths ?? {}).filter(([name]) => !name.includes(host));
      t.deepEqual(JSON.parse(left), JSON.parse(JSON.stringify({...given, auths: Object.fromEntries(kept)})));
    }),
  );
});
