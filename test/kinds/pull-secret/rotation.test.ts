import {inspect} from 'node:util';
import test from 'ava';
import {callsOf, denied, host, hour, pullSecret, start, withNamespaces, type Cluster} from './cluster.ts';

function auths(cluster: Cluster, namespace: string): Readonly<Record<string, {password: string}>> {
  return (JSON.parse(cluster.contents(namespace) ?? '{}') as {auths: Record<string, {password: string}>}).auths;
}

test('every namespace but the excluded ones gets the secret and the default ServiceAccount names it, with one token', async (t) => {
  const cluster = withNamespaces('a', 'b');
  const {rounds, outcome, report} = await cluster.walk(pullSecret());
  t.deepEqual(rounds.map(callsOf), [
    ['ApplySecret a', 'ApplySecret b'],
    ['AttachSecret a', 'AttachSecret b'],
  ]);
  t.is(cluster.tokenCalls, 1);
  t.true(cluster.contents('a')?.includes('"AWS"'));
  t.deepEqual(cluster.pullSecretsOf('a'), ['ecr-pull']);
  t.deepEqual(cluster.pullSecretsOf('kube-system'), []);
  t.like(outcome, {is: 'settled', reason: 'Refreshed', message: '2 namespaces have the secret, valid until 2026-03-01T20:00:00.000Z'});
  t.like(report.fields, {
    namespaces: {selected: 2, ready: 2, failed: 0},
    registries: [{registry: 'own.own', host, expiresAt: '2026-03-01T20:00:00.000Z', refreshedAt: '2026-03-01T08:00:00.000Z'}],
    expiresAt: '2026-03-01T20:00:00.000Z',
  });
  const next = Date.parse(String(report.fields['nextRefresh']));
  t.true(next >= start + 4.8 * hour && next <= start + 6 * hour);
  t.is(outcome.seconds, Math.ceil((next - start) / 1000));
});

test('a settled object asks AWS for nothing, writes nothing, and its status stands still', async (t) => {
  const cluster = withNamespaces('a', 'b');
  const first = await cluster.walk(pullSecret());
  cluster.now += hour;
  const second = await cluster.walk(pullSecret());
  t.deepEqual(second.steps, []);
  t.deepEqual(second.report, first.report);
  t.is(cluster.tokenCalls, 1);
});

test('at the due time every secret is renewed in place, by one call', async (t) => {
  const cluster = withNamespaces('a', 'b');
  const first = await cluster.walk(pullSecret());
  const before = cluster.find('Secret', 'ecr-pull', 'a');
  cluster.now = Date.parse(String(first.report.fields['nextRefresh']));
  const second = await cluster.walk(pullSecret());
  t.deepEqual(callsOf(second.steps), ['ApplySecret a', 'ApplySecret b']);
  t.is(cluster.tokenCalls, 2);
  t.is(cluster.find('Secret', 'ecr-pull', 'a')?.metadata.uid, before?.metadata.uid);
  t.true(cluster.contents('a')?.includes('token-2'));
  t.is(second.outcome.is, 'settled');
});

test('a namespace that comes later gets the same secret without another call, and is renewed with the others', async (t) => {
  const cluster = withNamespaces('a');
  const first = await cluster.walk(pullSecret());
  cluster.now += 2 * hour;
  cluster.namespace('b');
  const second = await cluster.walk(pullSecret());
  t.deepEqual(callsOf(second.steps), ['ApplySecret b', 'AttachSecret b']);
  t.is(cluster.tokenCalls, 1);
  t.is(cluster.contents('b'), cluster.contents('a'));
  t.deepEqual(cluster.find('Secret', 'ecr-pull', 'b')?.metadata.annotations, cluster.find('Secret', 'ecr-pull', 'a')?.metadata.annotations);
  t.is(second.report.fields['nextRefresh'], first.report.fields['nextRefresh']);
});

test('when the token cannot be renewed, secrets that still work stay and the object stays settled; it is tried more often near the end', async (t) => {
  const cluster = withNamespaces('a');
  await cluster.walk(pullSecret());
  const good = cluster.contents('a');
  cluster.refusals.set('*', denied());
  const seconds: (number | undefined)[] = [];
  for (const hours of [6.5, 11.9, 11.995]) {
    cluster.now = start + hours * hour;
    const {steps, outcome, report} = await cluster.walk(pullSecret());
    t.deepEqual(steps, []);
    t.is(cluster.contents('a'), good);
    t.like(outcome, {is: 'settled', reason: 'RefreshPostponed'});
    t.like(report.conditions[0], {type: 'TokenRefreshed', status: 'False', reason: 'AccessDenied'});
    t.like(report.conditions[1], {type: 'SecretsValid', status: 'True'});
    seconds.push(outcome.seconds);
  }
  t.deepEqual(seconds, [300, 18, 5]);

  cluster.now = start + 12 * hour;
  const expired = await cluster.walk(pullSecret());
  t.deepEqual(expired.steps, []);
  t.like(expired.outcome, {is: 'stalled', reason: 'AccessDenied', seconds: 60});
  t.like(expired.report.conditions[1], {type: 'SecretsValid', status: 'False', reason: 'SecretsExpired'});

  cluster.refusals.clear();
  const healed = await cluster.walk(pullSecret());
  t.like(healed.outcome, {is: 'settled', reason: 'Refreshed'});
  t.like(healed.report.conditions[0], {type: 'TokenRefreshed', status: 'True'});
});

test('a new namespace gets the token in memory while no new one is to be had', async (t) => {
  const cluster = withNamespaces('a');
  await cluster.walk(pullSecret());
  cluster.refusals.set('*', denied());
  cluster.now += 7 * hour;
  cluster.namespace('b');
  const {steps, outcome} = await cluster.walk(pullSecret());
  t.deepEqual(callsOf(steps), ['ApplySecret b', 'AttachSecret b']);
  t.is(cluster.contents('b'), cluster.contents('a'));
  t.like(outcome, {is: 'settled', reason: 'RefreshPostponed'});
});

test('without any token, ServiceAccounts name the secret that is to come, so that pods admitted now recover', async (t) => {
  const cluster = withNamespaces('a');
  cluster.refusals.set('*', denied());
  const {steps, outcome} = await cluster.walk(pullSecret());
  t.deepEqual(callsOf(steps), ['AttachSecret a']);
  t.deepEqual(cluster.pullSecretsOf('a'), ['ecr-pull']);
  t.like(outcome, {is: 'stalled', reason: 'AccessDenied', seconds: 60});
  t.regex(outcome.message, /GetAuthorizationToken; 1 namespace waits for the token/);
});

test('one registry that gives no token costs the others nothing, and its token in memory is used to its end', async (t) => {
  const cluster = withNamespaces('a');
  const both = pullSecret({registries: [{}, {accountId: '210987654321'}]});
  const {report} = await cluster.walk(both);
  cluster.refusals.set('210987654321', denied());
  cluster.now = Date.parse(String(report.fields['nextRefresh']));
  const second = await cluster.walk(both);
  t.deepEqual(callsOf(second.steps), ['ApplySecret a']);
  t.deepEqual(Object.keys(auths(cluster, 'a')).length, 4);
  t.is(auths(cluster, 'a')[host]?.password, 'token-3');
  t.like(second.outcome, {is: 'settled', reason: 'RefreshPostponed'});

  cluster.namespace('b');
  cluster.now += hour;
  t.deepEqual(callsOf((await cluster.walk(both)).steps), ['ApplySecret b', 'AttachSecret b']);
  t.is(cluster.contents('b'), cluster.contents('a'));
  t.deepEqual((await cluster.walk(both)).steps, [], 'and nothing is written again and again');
});

test('after a restart, a registry that gives no token keeps the entry that it has in the secrets until it has run out', async (t) => {
  const cluster = withNamespaces('a');
  const both = pullSecret({registries: [{}, {accountId: '210987654321'}]});
  await cluster.walk(both);
  const other = host.replace('123456789012', '210987654321');
  const good = auths(cluster, 'a')[other];
  cluster.restart();
  cluster.refusals.set('210987654321', denied());
  cluster.now = start + 11 * hour;
  t.like((await cluster.walk(both)).outcome, {is: 'settled', reason: 'RefreshPostponed'});
  t.deepEqual(auths(cluster, 'a')[other], good);
  t.not(auths(cluster, 'a')[host]?.password, good?.password, 'the other is renewed beside it');
  t.deepEqual((await cluster.walk(both)).steps, []);

  cluster.now = start + 12 * hour;
  const last = await cluster.walk(both);
  t.deepEqual(last.steps, [], 'and it is not written again and again');
  t.like(last.outcome, {is: 'stalled', reason: 'AccessDenied'});

  cluster.refusals.clear();
  t.like((await cluster.walk(both)).outcome, {is: 'settled', reason: 'Refreshed'});
  t.deepEqual(Object.keys(auths(cluster, 'a')).length, 4);
});

test('with tokens that live a minute, a rotation is due in about half of it, and a long refreshBeforeSeconds does not spin', async (t) => {
  for (const spec of [{}, {refreshBeforeSeconds: 3600}]) {
    const cluster = withNamespaces('a');
    cluster.lifeSeconds = 60;
    for (let rotation = 1; rotation <= 5; rotation++) {
      const {outcome} = await cluster.walk(pullSecret(spec));
      t.is(cluster.tokenCalls, rotation);
      t.true(outcome.seconds !== undefined && outcome.seconds >= 6 && outcome.seconds <= 30, String(outcome.seconds));
      cluster.now += (outcome.seconds ?? 0) * 1000;
    }
  }
});

test('no token is readable in what is observed, planned or shown', async (t) => {
  const cluster = withNamespaces('a');
  const {observed, steps, report, outcome} = await cluster.walk(pullSecret());
  const all = {observed: {...observed, namespaces: [...observed.namespaces]}, steps, report, outcome};
  const secret = /token-1|QVdTOnRva2VuLTE/;
  t.regex(cluster.contents('a') ?? '', secret);
  t.notRegex(JSON.stringify(all), secret);
  t.notRegex(inspect(all, {depth: Infinity, showHidden: true}), secret);
});
