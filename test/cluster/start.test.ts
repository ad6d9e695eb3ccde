import {existsSync} from 'node:fs';
import test from 'ava';
import {remainsOf} from './remains.ts';
import {startCluster, type Cluster} from './start.ts';

let cluster: Cluster;
const variable = 'USE_EXISTING_CLUSTER';

test.before(async () => {
  cluster = await startCluster({nodes: 2});
});
test.after.always(async () => cluster.stop());

test.serial('an administrator may do everything', async (t) => {
  const {stdout} = await cluster.kubectl(['auth', 'can-i', '*', '*', '--all-namespaces']);
  t.is(stdout.trim(), 'yes');
});

test.serial('the API server says which version of Kubernetes it is', async (t) => {
  const {stdout} = await cluster.kubectl(['version', '-o', 'json']);
  t.like(JSON.parse(stdout), {serverVersion: {major: '1', gitVersion: 'v1.36.3'}});
});

test.serial('a pod runs on a simulated node, and a Deployment becomes available', async (t) => {
  await cluster.apply(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nowhere.example/web:1}]}
`);
  const {code, stderr} = await cluster.kubectl(['wait', '--for=condition=Available', 'deployment/web', '--timeout=30s']);
  t.is(code, 0, stderr);
});

test.serial('what kubectl says on a mistake is given, with its exit status', async (t) => {
  const {code, stderr} = await cluster.kubectl(['get', 'nothing-of-this-kind']);
  t.is(code, 1);
  t.regex(stderr, /the server doesn't have a resource type/);
  await t.throwsAsync(cluster.apply('apiVersion: v1\nkind: Pod\nmetadata: {name: UPPER, namespace: default}'), {
    message: /Invalid value: "UPPER"/,
  });
});

test.serial('helm talks to the cluster', async (t) => {
  const {code, stdout} = await cluster.helm(['list', '-A', '-o', 'json']);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), []);
});

test.serial('a ServiceAccount token has the audience asked for and the issuer that IRSA needs', async (t) => {
  const token = await cluster.serviceAccountToken('default', 'default', 'sts.amazonaws.com', 900);
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown> & {
    exp: number;
    iat: number;
  };
  t.like(claims, {aud: ['sts.amazonaws.com'], iss: 'https://kubernetes.default.svc', sub: 'system:serviceaccount:default:default'});
  t.is(claims.exp - claims.iat, 900);
});

test.serial('a kubeconfig for a token has the rights of that ServiceAccount and no more', async (t) => {
  const kubeconfig = await cluster.kubeconfigFor(await cluster.serviceAccountToken('default', 'default'));
  const whoAmI = await cluster.kubectl(['--kubeconfig', kubeconfig, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']);
  t.is(whoAmI.stdout, 'system:serviceaccount:default:default');
  const refused = await cluster.kubectl(['--kubeconfig', kubeconfig, 'get', 'secrets']);
  t.regex(refused.stderr, /forbidden/);
});

test.serial('a restart of the API server keeps its address and its data', async (t) => {
  await cluster.apply('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, namespace: default}\ndata: {answer: "42"}');
  await cluster.restartApiServer();
  const {stdout} = await cluster.kubectl(['get', 'configmap', 'kept', '-o', 'jsonpath={.data.answer}']);
  t.is(stdout, '42');
});

test.serial('while its API server is stopped the cluster cannot be reached', async (t) => {
  await cluster.stopApiServer();
  t.not((await cluster.kubectl(['get', 'namespaces', '--request-timeout=2s'])).code, 0);
  await cluster.startApiServer();
  t.is((await cluster.kubectl(['get', 'namespaces'])).code, 0);
});

test.serial('while its API server is paused it takes calls and answers none; afterwards it goes on', async (t) => {
  cluster.pauseApiServer();
  t.not((await cluster.kubectl(['get', 'namespaces', '--request-timeout=2s'])).code, 0);
  const waiting = cluster.kubectl(['get', 'namespaces']);
  cluster.resumeApiServer();
  t.is((await waiting).code, 0);
});

test.serial('a second cluster runs beside the first, and its end leaves the first alone', async (t) => {
  const second = await startCluster();
  await second.apply('apiVersion: v1\nkind: Namespace\nmetadata: {name: only-in-the-second}');
  t.not(second.server, cluster.server);
  t.not((await cluster.kubectl(['get', 'namespace', 'only-in-the-second'])).code, 0);
  await second.stop();
  t.deepEqual(remainsOf(second.directory), []);
  t.is((await cluster.kubectl(['get', 'namespaces'])).code, 0);
});

test.serial('with USE_EXISTING_CLUSTER=true the current kubeconfig is used and its cluster left running', async (t) => {
  const before = {KUBECONFIG: process.env['KUBECONFIG'], [variable]: process.env[variable]};
  Object.assign(process.env, {KUBECONFIG: cluster.kubeconfig, [variable]: 'true'});
  try {
    const existing = await startCluster({nodes: 1});
    t.is(existing.server, cluster.server);
    t.is(existing.adminToken, cluster.adminToken);
    t.is((await existing.kubectl(['get', 'configmap', 'kept'])).code, 0);
    await t.throwsAsync(existing.restartApiServer(), {message: /existing cluster .* cannot restart its API server/});
    await t.throwsAsync(startCluster({registryMirrors: {'a.example': 'http://127.0.0.1:1'}}), {message: /cannot send pulls/});
    await existing.stop();
    t.false(existsSync(existing.directory));
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  t.is((await cluster.kubectl(['get', 'namespaces'])).code, 0);
});

test.serial('stop leaves nothing behind, and may be called twice', async (t) => {
  await cluster.stop();
  await cluster.stop();
  t.deepEqual(remainsOf(cluster.directory), []);
});
