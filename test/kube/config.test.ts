import path from 'node:path';
import test from 'ava';
import {loadConfig} from '../../src/kube/config.ts';
import {temporaryFolder} from '../support/temp-folder.ts';

function kubeconfig(name: string, more = ''): string {
  return `
apiVersion: v1
kind: Config
current-context: ${name}
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: ns-${name}}}]
clusters: [{name: ${name}, cluster: {server: "https://${name}.test/", certificate-authority: ca.crt}}]
users: [{name: ${name}, user: {token: token-${name}${more}}}]
`;
}

test('the file that is named comes before KUBECONFIG', (t) => {
  const {write} = temporaryFolder(t);
  const env = {KUBECONFIG: write('a', kubeconfig('a'))};
  t.is(loadConfig({env}).cluster.server, 'https://a.test');
  t.is(loadConfig({env, kubeconfig: write('b', kubeconfig('b'))}).cluster.server, 'https://b.test');
});

test('of several files in KUBECONFIG the first names the context, and any may hold it', (t) => {
  const {write} = temporaryFolder(t);
  const env = {KUBECONFIG: [write('a', kubeconfig('a')), write('b', kubeconfig('b'))].join(path.delimiter)};
  t.is(loadConfig({env}).namespace, 'ns-a');
  const b = loadConfig({env, context: 'b'});
  t.is(b.user.token, 'token-b');
  t.is(b.namespace, 'ns-b');
});

test('paths in a kubeconfig are relative to it', (t) => {
  const {write, folder} = temporaryFolder(t);
  const {cluster, user} = loadConfig({env: {}, kubeconfig: write('a', kubeconfig('a', ', client-key: keys/k, tokenFile: t'))});
  t.is(cluster.caFile, path.join(folder, 'ca.crt'));
  t.is(user.keyFile, path.join(folder, 'keys/k'));
  t.deepEqual(user.authProvider, {name: 'tokenFile', config: {tokenFile: path.join(folder, 't')}});
});

test('in a pod it is the ServiceAccount, before the kubeconfig of the home folder', (t) => {
  const {write, folder} = temporaryFolder(t);
  write('namespace', 'drayage-system\n');
  const env = {KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443', HOME: folder};
  const config = loadConfig({env, serviceAccountFolder: folder});
  t.is(config.cluster.server, 'https://[fd00::1]:443');
  t.is(config.cluster.caFile, path.join(folder, 'ca.crt'));
  t.is(config.namespace, 'drayage-system');
});

test('what is missing is told in words', (t) => {
  const {write, folder} = temporaryFolder(t);
  t.throws(() => loadConfig({env: {}}), {message: /set KUBECONFIG/});
  t.throws(() => loadConfig({env: {HOME: folder}}), {message: /set KUBECONFIG/});
  t.throws(() => loadConfig({env: {}, kubeconfig: path.join(folder, 'none')}), {message: /cannot be read/});
  t.throws(() => loadConfig({env: {}, kubeconfig: write('a', kubeconfig('a')), context: 'z'}), {
    message: 'the kubeconfig has no context "z"',
  });
});

test('a kubeconfig that is broken is not quoted', (t) => {
  const {write} = temporaryFolder(t);
  const error = t.throws(() => loadConfig({env: {}, kubeconfig: write('a', 'users: [{token: hunter2\n  - ]: }')}));
  t.regex(error.message, /is not YAML/);
  t.false(String(error.stack).includes('hunter2'));
});
