import test from 'ava';
import {annotationsOf, digestsOf} from '../../../src/kinds/pull-secret/content.ts';
import {entriesIn, registriesAnnotation} from '../../../src/kinds/pull-secret/annotations.ts';
import {Secret} from '../../../src/schema/secret.ts';
import {host, hour, pullSecret, start, withNamespaces, type Cluster} from './cluster.ts';

const unavailable = {is: 'failed', reason: 'AwsUnavailable', message: 'no answer'} as const;

/** As an operator finds it that was started while AWS does not answer. */
async function startedAnew(cluster: Cluster, spec = {}): Promise<void> {
  await cluster.walk(pullSecret(spec));
  cluster.restart();
  cluster.refusals.set('*', unavailable);
  cluster.namespace('late');
}

test('a new namespace gets the token that others have, where AWS gives none', async (t) => {
  const cluster = withNamespaces('a', 'b');
  await startedAnew(cluster);
  const {outcome, report} = await cluster.walk(pullSecret());
  t.is(cluster.contents('late'), cluster.contents('a'));
  t.truthy(cluster.contents('late'));
  t.deepEqual(cluster.pullSecretsOf('late'), ['ecr-pull']);
  t.is(outcome.is, 'settled');
  t.like(report.fields, {namespaces: {selected: 3, ready: 3, failed: 0}});
  t.is(cluster.tokenCalls, 3, 'AWS was asked before');
});

test('an expired token is given to nobody', async (t) => {
  const cluster = withNamespaces('a');
  await startedAnew(cluster);
  cluster.now = start + 13 * hour;
  await cluster.walk(pullSecret());
  t.is(cluster.contents('late'), undefined);
});

test('in the form for Argo CD too', async (t) => {
  const cluster = withNamespaces('a');
  const spec = {format: 'ArgoCDRepositoryCredentials'};
  await startedAnew(cluster, spec);
  await cluster.walk(pullSecret(spec));
  const {data} = cluster.find('Secret', 'ecr-pull', 'late') as unknown as {readonly data: Readonly<Record<string, string>>};
  t.deepEqual(data, cluster.find('Secret', 'ecr-pull', 'a')?.['data']);
});

test('whoever can write the Secret of one namespace does not choose the credentials of others', async (t) => {
  for (const later of [false, true]) {
    const cluster = withNamespaces(...(later ? ['a', 'b', 'z-evil'] : ['a-evil', 'b', 'c']));
    await startedAnew(cluster);
    forge(cluster, later ? 'z-evil' : 'a-evil');
    await cluster.walk(pullSecret());
    t.is(cluster.contents('late'), cluster.contents('b'));
    t.truthy(cluster.contents('late'));
  }
});

test('what was changed after it was looked at is not taken', async (t) => {
  const cluster = withNamespaces('a');
  await startedAnew(cluster);
  cluster.fault = (call, {namespace}) => {
    if (call === 'get' && namespace === 'a') forge(cluster, 'a');
    return undefined;
  };
  await cluster.walk(pullSecret());
  t.is(cluster.contents('late'), undefined);
});

test('what cannot be read is not taken, and ends no walk', async (t) => {
  for (const text of ['not JSON', '[]', 'null', '{"auths":7}', '{"auths":{}}', `{"auths":{"${host}":null}}`]) {
    const cluster = withNamespaces('a');
    await startedAnew(cluster);
    forge(cluster, 'a', text);
    const {outcome} = await cluster.walk(pullSecret());
    t.is(outcome.reason, 'AwsUnavailable', text);
    t.is(cluster.contents('late'), undefined, text);
  }
});

const otherPassword = JSON.stringify({auths: {[host]: {username: 'AWS', password: 'forged'}}});

/** Other contents, with annotations as if they had been ours. */
function forge(cluster: Cluster, namespace: string, text = otherPassword): void {
  const secret = cluster.find('Secret', 'ecr-pull', namespace);
  if (secret === undefined) throw new Error(`no Secret in ${namespace}`);
  const data = {'.dockerconfigjson': new Secret(text)};
  const entries = entriesIn(secret.metadata.annotations?.[registriesAnnotation]);
  const annotations = {...secret.metadata.annotations, ...annotationsOf(entries, digestsOf(data))};
  cluster.put({
    ...secret,
    metadata: {...secret.metadata, annotations},
    data: {'.dockerconfigjson': Buffer.from(text).toString('base64')},
  });
}
