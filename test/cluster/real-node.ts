import {execFileSync, spawnSync} from 'node:child_process';
import {accessSync, constants, existsSync} from 'node:fs';
import {copyFile, mkdir, readFile, writeFile} from 'node:fs/promises';
import {networkInterfaces} from 'node:os';
import path from 'node:path';
import type {Access} from './access.ts';
import {makeCgroups} from './cgroups.ts';
import {imageArchive} from './image.ts';
import {cniConfig, containerdConfig, hostsToml, kubeletConfig, nodeNames, pauseImage} from './node-config.ts';
import {freePorts} from './ports.ts';
import {launch, logFileOf, tailOf} from './processes.ts';
import {nodesReady} from './ready-nodes.ts';
import {tool} from './tools.ts';

export const nodeName = 'drayage-node';
const pluginPlaces = ['/usr/lib/cni', '/opt/cni/bin'];
// Unix sockets have paths of at most 107 bytes, and the kubelet makes some deep in its folder.
const longestDirectory = 60;

/** Why a real node cannot run on this machine, in words for a person, or undefined when it can. */
export function realNodeProblem(): string | undefined {
  if (process.platform !== 'linux') return `containers need Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'only root can run a node (try again with sudo, or in a container that is privileged)';
  const missing = missingNodePackages();
  if (missing.length > 0) return `missing here: run \`apt-get install ${missing.join(' ')}\``;
  try {
    accessSync('/sys/fs/cgroup', constants.W_OK);
  } catch {
    return '/sys/fs/cgroup is read-only (a container that is not privileged?)';
  }
  const tried = spawnSync('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'true'], {encoding: 'utf8'});
  return tried.status === 0 ? undefined : `the kernel refuses new namespaces: ${tried.stderr.trim()}`;
}

/** Debian's packages of programs that a node needs and that are not on PATH. */
export function missingNodePackages(): readonly string[] {
  const wanted = {containerd: ['containerd', 'ctr'], runc: ['runc'], iproute2: ['ip'], 'util-linux': ['unshare'], mount: ['mount']};
  const missing = Object.entries(wanted)
    .filter(([, programs]) => !programs.every((program) => isOnPath(program)))
    .map(([name]) => name);
  return cniPlugins() === undefined ? [...missing, 'containernetworking-plugins'] : missing;
}

/** Starts containerd and a kubelet that joins the cluster; returns when the node is Ready. */
export async function startRealNode(directory: string, admin: Access, kubeconfig: string): Promise<void> {
  const problem = realNodeProblem();
  if (problem !== undefined) throw new Error(`A real node cannot run: ${problem}`);
  if (directory.length > longestDirectory)
    throw new Error(`${directory} is too long for the sockets of a node; ${longestDirectory} characters are the most.`);
  const [kubelet, pause, [port = 0]] = await Promise.all([tool('kubelet'), tool('pause'), freePorts(1)]);
  const node = path.join(directory, 'node');
  await mkdir(path.join(node, 'cni'), {recursive: true});
  await mkdir(path.join(directory, 'logs'), {recursive: true});
  makeCgroups(nodeNames(directory).cgroup);
  const {address, subnet} = makeBridge(nodeNames(directory).bridge);
  await writeFile(path.join(node, 'cni', '10-bridge.conflist'), cniConfig(directory, subnet, address));
  await writeFile(path.join(node, 'containerd.toml'), containerdConfig(directory, cniPlugins() ?? ''));
  await writeFile(path.join(node, 'kubelet.json'), kubeletConfig(directory, address, port));
  await copyFile(kubeconfig, path.join(node, 'kubeconfig'));
  await copyFile(await pauseArchive(pause), path.join(node, 'pause.tar'));

  const namespaces = ['--mount', '--pid', '--fork', '--mount-proc', '--propagation=private', '--kill-child=SIGKILL'];
  const script = path.join(import.meta.dirname, 'node-init.sh');
  const running = launch(directory, 'node-init', 'unshare', [...namespaces, 'sh', script, directory, kubelet, nodeName, address]);
  try {
    await nodesReady(running, admin, 1);
  } catch (error) {
    const tails = await Promise.all(
      (['containerd', 'kubelet'] as const).map(async (name) => `${name}:\n${await tailOf(logFileOf(directory, name), 15)}`),
    );
    throw new Error(`the node did not start: ${(error as Error).message}\n${tails.join('\n')}`, {cause: error});
  }
}

/** Sends the node's pulls of `host` to the registry at `url` from now on. */
export async function writeRegistryMirror(directory: string, host: string, url: string): Promise<void> {
  const folder = path.join(directory, 'node', 'certs.d', host);
  await mkdir(folder, {recursive: true});
  await writeFile(path.join(folder, 'hosts.toml'), hostsToml(url));
}

async function pauseArchive(program: string): Promise<string> {
  const content = await readFile(program);
  return imageArchive(pauseImage, [{type: 'file', path: 'pause', content, mode: 0o755}], {Entrypoint: ['/pause']});
}

/** Makes the bridge that pods are attached to, with the first address of a subnet that no interface of this machine has. */
function makeBridge(name: string): {readonly address: string; readonly subnet: string} {
  const taken = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((entry) => entry.address));
  const free = Array.from({length: 250}, (_, index) => index + 1).filter(
    (third) => !taken.some((address) => address.startsWith(`10.244.${third}.`)),
  );
  // At random, because another cluster may be looking at the same time.
  const third = free[Math.floor(Math.random() * free.length)];
  if (third === undefined) throw new Error('every subnet of 10.244.0.0/16 is in use on this machine');
  const address = `10.244.${third}.1`;
  ip('link', 'add', name, 'type', 'bridge');
  ip('address', 'add', `${address}/24`, 'dev', name);
  ip('link', 'set', name, 'up');
  return {address, subnet: `10.244.${third}.0/24`};
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, {stdio: 'pipe'});
}

function cniPlugins(): string | undefined {
  return pluginPlaces.find((place) =>
    ['bridge', 'host-local', 'portmap', 'loopback'].every((plugin) => existsSync(path.join(place, plugin))),
  );
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(path.join(folder, program)));
}
