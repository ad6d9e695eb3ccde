import test from 'ava';
import {ClusterPullSecretSpec} from '../../../src/kinds/pull-secret/schema.ts';
import {callsOf, host, pullSecretIn, withNamespaces, type Cluster} from './cluster.ts';

const argo = {format: 'ArgoCDRepositoryCredentials', secretName: 'ecr-charts'};

function textsIn(cluster: Cluster): Readonly<Record<string, string>> {
  const data = (cluster.find('Secret', 'ecr-charts', 'argocd')?.['data'] ?? {}) as Record<string, string>;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

test("a Secret in Argo CD's form opens one registry, and no ServiceAccount names it", async (t) => {
  const cluster = withNamespaces('argocd');
  const {steps, report} = await cluster.walk(pullSecretIn('argocd', argo));
  t.deepEqual(callsOf(steps), ['ApplySecret argocd']);
  t.deepEqual(textsIn(cluster), {url: host, type: 'helm', enableOCI: 'true', username: 'AWS', password: 'token-1'});
  const secret = cluster.find('Secret', 'ecr-charts', 'argocd');
  t.is(secret?.['type'], 'Opaque');
  t.is(secret?.metadata.labels?.['argocd.argoproj.io/secret-type'], 'repo-creds');
  t.deepEqual(cluster.pullSecretsOf('argocd'), []);

  cluster.put({...secret!, data: {...(secret!['data'] as object), url: 'eA=='}}, 'kubectl');
  t.deepEqual(
    callsOf((await cluster.walk(pullSecretIn('argocd', argo))).steps),
    ['ApplySecret argocd'],
    'any value that was changed shows',
  );
  cluster.now = Date.parse(String(report.fields['nextRefresh']));
  await cluster.walk(pullSecretIn('argocd', argo));
  t.is(textsIn(cluster)['password'], 'token-2');
});

test('ECR Public is opened by both of its names, beside private registries', async (t) => {
  const cluster = withNamespaces('a');
  await cluster.walk(pullSecretIn('a', {registries: [{registryRef: {name: 'default'}}, {public: true}]}));
  const {auths} = JSON.parse(cluster.contents('a') ?? '') as {auths: Record<string, {password: string}>};
  t.deepEqual(Object.keys(auths), [
    host.replace('.dkr.ecr.', '.dkr-ecr.').replace('amazonaws.com', 'on.aws'),
    host,
    'ecr-public.aws.com',
    'public.ecr.aws',
  ]);
  t.is(auths['public.ecr.aws']?.password, 'token-2');
  t.is(cluster.tokenCalls, 2);
});

test('what the format of Argo CD cannot hold is refused', (t) => {
  for (const spec of [{registries: [{}, {public: true}]}, {existingSecretPolicy: 'Merge'}, {identity: {type: 'EachServiceAccount'}}]) {
    t.regex(ClusterPullSecretSpec.safeParse({...argo, ...spec}).error?.issues[0]?.message ?? '', /^a Secret in the format of Argo CD/);
  }
});

test('ECR Public has no account and no region', (t) => {
  const {error} = ClusterPullSecretSpec.safeParse({registries: [{public: true, region: 'us-east-1'}]});
  t.is(error?.issues[0]?.message, 'ECR Public has no accountId and no region');
});
