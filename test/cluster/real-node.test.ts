import {execFile} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {until} from './until.ts';
import {busyboxArchive} from './busybox.ts';
import {freePorts} from './ports.ts';
import {launch} from './processes.ts';
import {realNodeProblem} from './real-node.ts';
import {remainsOf} from './remains.ts';
import {startCluster, type Cluster} from './start.ts';
import {tool} from './tools.ts';

const run = promisify(execFile);
const problem = realNodeProblem();
// Counted as skipped, with the reason in the title.
const realNode = problem === undefined ? test.serial : (title: string) => test.skip(`${title} (${problem})`, () => {});
const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
let cluster: Cluster;
let registryUrl: string;
let hostPort: number | undefined;

if (problem === undefined) {
  test.before(async () => {
    cluster = await startCluster({nodes: 'real', registryMirrors: {'another.example:5000': 'http://127.0.0.1:1'}});
    [hostPort] = await freePorts(1);
    registryUrl = await startRegistry(cluster.directory);
    await push(registryUrl, 'team/app:1');
  });
  test.after.always(async () => cluster?.stop());
}

realNode('a pod whose image has the host name of an ECR registry runs, from a mirror added later', async (t) => {
  await cluster.addRegistryMirror(host, registryUrl);
  await cluster.apply(
    pod(
      'web',
      `command: [sh, -c, "echo hello >/tmp/index.html; echo serving; exec httpd -f -p 8080 -h /tmp"]`,
      `ports: [{containerPort: 8080, hostPort: ${hostPort}}]`,
    ),
  );
  const {code, stderr} = await cluster.kubectl(['wait', '--for=condition=Ready', 'pod/web', '--timeout=60s']);
  t.is(code, 0, stderr);
});

realNode('its log can be read and a command run in it', async (t) => {
  t.is((await cluster.kubectl(['logs', 'web'])).stdout, 'serving\n');
  t.is((await cluster.kubectl(['exec', 'web', '--', 'cat', '/tmp/index.html'])).stdout, 'hello\n');
});

realNode('it is reached at its own address, from this machine and from another pod', async (t) => {
  const {stdout: address} = await cluster.kubectl(['get', 'pod', 'web', '-o', 'jsonpath={.status.podIP}']);
  const response = await fetch(`http://${address}:8080/`);
  t.is(await response.text(), 'hello\n');
  await cluster.apply(pod('client', `command: [wget, -q, -O, '-', "http://${address}:8080/"]`, '', 'restartPolicy: Never'));
  await cluster.kubectl(['wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/client', '--timeout=60s']);
  t.is((await cluster.kubectl(['logs', 'client'])).stdout, 'hello\n');
});

realNode('its host port leads to it', async (t) => {
  const response = await fetch(`http://127.0.0.1:${hostPort}/`);
  t.is(await response.text(), 'hello\n');
});

realNode('it has the token of its ServiceAccount', async (t) => {
  const {stdout} = await cluster.kubectl(['exec', 'web', '--', 'cat', '/var/run/secrets/kubernetes.io/serviceaccount/namespace']);
  t.is(stdout, 'default');
});

realNode('a pull of what the registry does not have fails with its answer', async (t) => {
  await cluster.apply(pod('missing', '', '', '', 'team/missing:1'));
  await until('the pull has failed', async () => {
    const {stdout} = await cluster.kubectl([
      'get',
      'pod',
      'missing',
      '-o',
      'jsonpath={.status.containerStatuses[0].state.waiting.message}',
    ]);
    return stdout.includes(`${host}/team/missing:1: not found`);
  });
  t.pass();
});

realNode('stop leaves no container, mount, bridge, cgroup or firewall rule', async (t) => {
  t.true(remainsOf(cluster.directory).some((line) => line.startsWith('cgroup')));
  await cluster.stop();
  t.deepEqual(remainsOf(cluster.directory), []);
});

/** distribution, which ends with the cluster in whose directory it is. */
async function startRegistry(directory: string): Promise<string> {
  const [port] = await freePorts(1);
  const config = path.join(directory, 'registry.yaml');
  const storage = path.join(directory, 'registry');
  await writeFile(
    config,
    JSON.stringify({version: 0.1, storage: {filesystem: {rootdirectory: storage}}, http: {addr: `127.0.0.1:${port}`}}),
  );
  launch(directory, 'registry', await tool('registry'), ['serve', config]);
  const url = `http://127.0.0.1:${port}`;
  await until('the registry answers', async () => (await fetch(`${url}/v2/`)).ok);
  return url;
}

async function push(registry: string, name: string): Promise<void> {
  await run(await tool('crane'), ['push', '--insecure', await busyboxArchive(), `${new URL(registry).host}/${name}`]);
}

function pod(name: string, container: string, ports: string, spec = '', image = 'team/app:1'): string {
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: default}
spec:
  terminationGracePeriodSeconds: 0
  ${spec}
  containers:
  - name: main
    image: ${host}/${image}
    ${container}
    ${ports}
`;
}
