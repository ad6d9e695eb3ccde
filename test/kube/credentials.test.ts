import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {KubeError} from '../../src/kube/errors.ts';
import {namespaces} from '../../src/schema/types.ts';
import {makeCertificate} from '../support/certificate.ts';
import {startProxy} from '../support/connect-proxy.ts';
import {startFakeServer} from '../support/fake-api-server.ts';
import {configFor, connect, realDoors} from '../support/kube-clients.ts';
import {temporaryFolder} from '../support/temp-folder.ts';

const ref = {type: namespaces, name: 'a'};
const noWaiting = {...realDoors, sleep: async () => {}};

type Changes = Parameters<typeof configFor>[1];

async function start(t: ExecutionContext, changes: Changes = {}, options: Parameters<typeof startFakeServer>[0] = {}) {
  const server = await startFakeServer(options);
  const clock = {now: 0};
  const doors = {...noWaiting, now: () => clock.now};
  const clients = connect(server, {config: configFor(server, changes), doors});
  t.teardown(async () => {
    await clients.transport.close();
    await server.kill();
  });
  return {server, clock, ...clients};
}

test('a server whose certificate the CA did not sign is not spoken to, and not asked again and again', async (t) => {
  const caData = Buffer.from(makeCertificate('another').cert).toString('base64');
  const {server, kube} = await start(t, {cluster: {caData}});
  const error = await t.throwsAsync<KubeError>(kube.get(ref), {instanceOf: KubeError});
  t.is(error?.reason, 'BadCertificate');
  t.is(server.arrivals.length, 0);
});

test('insecure-skip-tls-verify speaks to any', async (t) => {
  const {kube} = await start(t, {cluster: {caData: undefined, skipTLSVerify: true}});
  t.is(await kube.get(ref), undefined);
});

test('tls-server-name is the name that the certificate must have', async (t) => {
  const {kube} = await start(t, {cluster: {tlsServerName: 'api.test'}});
  t.is(await kube.get(ref), undefined);
  const {kube: other} = await start(t, {cluster: {tlsServerName: 'other.test'}});
  const error = await t.throwsAsync<KubeError>(other.get(ref), {instanceOf: KubeError});
  t.is(error?.reason, 'BadCertificate');
});

test('a client certificate is shown', async (t) => {
  const client = makeCertificate('client');
  const user = {certData: Buffer.from(client.cert).toString('base64'), keyData: Buffer.from(client.key).toString('base64')};
  const {kube} = await start(t, {user}, {clientCa: client.cert});
  t.is(await kube.get(ref), undefined);
  const {kube: without} = await start(t, {}, {clientCa: client.cert});
  await t.throwsAsync(without.get(ref), {instanceOf: KubeError});
});

test('a CA that is rotated under the process is picked up, and the connection with it', async (t) => {
  const {write} = temporaryFolder(t);
  const certificate = makeCertificate();
  const caFile = write('ca.crt', certificate.cert);
  const {server, kube, clock} = await start(t, {cluster: {caData: undefined, caFile}}, {certificate});
  await kube.get(ref);
  await kube.get(ref);
  t.is(server.connections().made, 1);
  const next = makeCertificate('next');
  await server.kill();
  await server.revive(next);
  writeFileSync(caFile, next.cert);
  clock.now += 11_000;
  t.is(await kube.get(ref), undefined);
});

test('a token file is read again after a minute, and at once when the old token is refused', async (t) => {
  const {write} = temporaryFolder(t);
  const tokenFile = write('token', 'first\n');
  const user = {token: undefined, authProvider: {name: 'tokenFile', config: {tokenFile}}};
  const {server, kube} = await start(t, {user});
  await kube.get(ref);
  writeFileSync(tokenFile, 'second\n');
  await kube.get(ref);
  server.faults.add(({headers}, response) => {
    if (headers['authorization'] === 'Bearer second') return false;
    response.writeHead(401);
    response.end();
    return true;
  });
  await kube.get(ref);
  const sent = server.arrivals.map(({headers}) => headers['authorization']);
  t.deepEqual(sent, ['Bearer first', 'Bearer first', 'Bearer first', 'Bearer second']);
});

test('an exec plugin gives the token, and is asked once while it is valid', async (t) => {
  const {write, folder} = temporaryFolder(t);
  const credential = {status: {token: 'from-plugin', expirationTimestamp: '2999-01-01T00:00:00Z'}};
  const command = write('plugin', `#!/bin/sh\necho x >> ${folder}/asked\necho '${JSON.stringify(credential)}'\n`, 0o700);
  const {server, kube} = await start(t, {user: {token: undefined, exec: {command, args: []}}});
  await kube.get(ref);
  await kube.get(ref);
  t.deepEqual(
    server.arrivals.map(({headers}) => headers['authorization']),
    ['Bearer from-plugin', 'Bearer from-plugin'],
  );
  t.is(readFileSync(path.join(folder, 'asked'), 'utf8'), 'x\n');
});

for (const [what, script] of [
  ['fails', 'echo "hunter2 is wrong" >&2; exit 1'],
  ['prints what is no JSON', 'echo "{token: hunter2"'],
] as const) {
  test(`an exec plugin that ${what} is an error in words, without what it printed`, async (t) => {
    const {write} = temporaryFolder(t);
    const command = write('plugin', `#!/bin/sh\n${script}\n`, 0o700);
    const {server, kube} = await start(t, {user: {token: undefined, exec: {command, args: []}}});
    const error = await t.throwsAsync<KubeError>(kube.get(ref), {instanceOf: KubeError});
    t.is(error?.message, `get namespaces a: the credential plugin ${command} failed: it gave no credentials; run it by hand to see why`);
    t.false(String(error?.stack).includes('hunter2'));
    t.is(server.arrivals.length, 0);
  });
}

test('an exec plugin that hangs does not outlast the time-out', async (t) => {
  const {write} = temporaryFolder(t);
  const command = write('plugin', '#!/bin/sh\nexec sleep 2\n', 0o700);
  const server = await startFakeServer();
  const user = {token: undefined, exec: {command, args: []}};
  const {kube, transport} = connect(server, {
    config: configFor(server, {user}),
    timeout: 100,
    retry: {attempts: 1, base: 1, longest: 1, deadline: 1},
  });
  t.teardown(async () => {
    await transport.close();
    await server.kill();
  });
  const error = await t.throwsAsync<KubeError>(kube.get(ref), {instanceOf: KubeError});
  t.is(error?.reason, 'Timeout');
});

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

test('an OIDC token that is still valid is sent', async (t) => {
  const idToken = `${part({alg: 'none'})}.${part({exp: 32_503_680_000})}.x`;
  const config = {'id-token': idToken, 'client-id': 'c', 'client-secret': 's', 'idp-issuer-url': 'https://idp.test', 'refresh-token': 'r'};
  const {server, kube} = await start(t, {user: {token: undefined, authProvider: {name: 'oidc', config}}});
  await kube.get(ref);
  t.is(server.arrivals[0]?.headers['authorization'], `Bearer ${idToken}`);
});

test('basic authentication and impersonation are sent', async (t) => {
  const {server, kube} = await start(t, {user: {token: undefined, username: 'u', password: 'p', impersonateUser: 'other'}});
  await kube.get(ref);
  t.like(server.arrivals[0]?.headers, {authorization: `Basic ${btoa('u:p')}`, 'impersonate-user': 'other'});
});

test('a proxy-url is passed through', async (t) => {
  const proxy = await startProxy();
  const {server, kube} = await start(t, {cluster: {proxyUrl: proxy.url}});
  await kube.get(ref);
  await kube.get(ref);
  t.deepEqual(proxy.targets, [new URL(server.url).host]);
  t.is(server.arrivals.length, 2);
  await proxy.close();
});

test('where a server speaks only HTTP/1.1, calls and watches still work', async (t) => {
  const {server, kube} = await start(t, {}, {allowH2: false});
  await Promise.all(Array.from({length: 100}, () => kube.get(ref)));
  t.true(server.connections().made <= 32);
  t.true(server.arrivals.every(({httpVersion}) => httpVersion === '1.1'));
  server.objects.put('/api/v1/namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'b'}});
  const {signal} = new AbortController();
  for await (const event of kube.watch(namespaces, {resourceVersion: '100', timeoutSeconds: 30, signal})) {
    t.is(event.object.metadata.name, 'b');
    break;
  }
});

test('a path in the address of the server stays in front', async (t) => {
  const {server, kube} = await start(t);
  const {kube: behind, transport} = connect(server, {config: configFor({...server, url: `${server.url}/k8s/clusters/c-1`})});
  await behind.get(ref);
  await kube.get(ref);
  t.deepEqual(
    server.arrivals.map(({url}) => url.pathname),
    ['/k8s/clusters/c-1/api/v1/namespaces/a', '/api/v1/namespaces/a'],
  );
  await transport.close();
});
