import {generateKeyPairSync, randomBytes} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {callApi, type Access} from './access.ts';
import {kubeconfigText} from './kubeconfig.ts';
import {until} from './until.ts';
import {freePorts} from './ports.ts';
import {launch, unlessItEnds, type Running} from './processes.ts';
import {tool} from './tools.ts';

export const issuer = 'https://kubernetes.default.svc';

/** user → groups. Each gets a bearer token of its own, so that the parts have the rights that they have elsewhere, and no more. */
const users = {
  admin: ['system:masters'],
  'system:kube-controller-manager': [],
  'system:kube-scheduler': [],
} as const satisfies Record<string, readonly string[]>;

export interface ControlPlaneSettings {
  readonly directory: string;
  readonly apiServerFlags: readonly string[];
  /** The name of a node whose kubelet will join, for its token. */
  readonly nodeName: string;
  readonly scheduler: boolean;
}

export interface ControlPlane {
  readonly admin: Access;
  readonly caFile: string;
  /** A kubeconfig for the kubelet. */
  readonly nodeKubeconfig: string;
  readonly stopApiServer: () => Promise<void>;
  readonly startApiServer: () => Promise<void>;
  readonly pauseApiServer: () => void;
  readonly resumeApiServer: () => void;
}

/** etcd, API server and controller manager (and scheduler); returns when pods can be created in the namespace `default`. */
export async function startControlPlane(settings: ControlPlaneSettings): Promise<ControlPlane> {
  const {directory} = settings;
  const [etcd, apiServer, controllerManager, scheduler] = await Promise.all([
    tool('etcd'),
    tool('kube-apiserver'),
    tool('kube-controller-manager'),
    settings.scheduler ? tool('kube-scheduler') : '',
  ]);
  const [clientPort = 0, peerPort = 0, securePort = 0] = await freePorts(3);
  const tokens = await writeSecrets(directory, `system:node:${settings.nodeName}`);
  const etcdUrl = `http://127.0.0.1:${clientPort}`;
  const server = `https://127.0.0.1:${securePort}`;
  const caFile = path.join(directory, 'certs', 'apiserver.crt');

  const etcdRuns = launch(directory, 'etcd', etcd, etcdFlags(directory, etcdUrl, `http://127.0.0.1:${peerPort}`));
  let apiServerRuns: Running | undefined;
  const admin = {server, ca: '', token: tokens['admin'] ?? ''};
  const isReady = async () => {
    admin.ca = await readFile(caFile, 'utf8');
    return (await callApi(admin, 'GET', '/readyz')).status === 200;
  };
  const startApiServer = async (signal?: AbortSignal) => {
    apiServerRuns = launch(directory, 'kube-apiserver', apiServer, [
      ...apiServerFlags(directory, etcdUrl, securePort),
      ...settings.apiServerFlags,
    ]);
    const wait = (ended: AbortSignal) =>
      until('the API server is ready', isReady, {signal: signal ? AbortSignal.any([signal, ended]) : ended});
    await unlessItEnds(apiServerRuns, wait);
  };
  await unlessItEnds(etcdRuns, startApiServer);

  const configFor = async (user: string) => {
    const file = path.join(directory, `${user.replaceAll(':', '-')}.kubeconfig`);
    await writeFile(file, kubeconfigText({...admin, token: tokens[user] ?? ''}), {mode: 0o600});
    return file;
  };
  const managerRuns = launch(directory, 'kube-controller-manager', controllerManager, [
    `--kubeconfig=${await configFor('system:kube-controller-manager')}`,
    `--service-account-private-key-file=${directory}/service-account.key`,
    `--root-ca-file=${caFile}`,
    '--use-service-account-credentials',
    ...quick,
  ]);
  if (settings.scheduler) {
    launch(directory, 'kube-scheduler', scheduler, [`--kubeconfig=${await configFor('system:kube-scheduler')}`, ...quick]);
  }
  const isUsable = async () => (await callApi(admin, 'GET', '/api/v1/namespaces/default/serviceaccounts/default')).status === 200;
  await unlessItEnds(managerRuns, (signal) => until('the namespace default has its ServiceAccount', isUsable, {signal}));
  return {
    admin,
    caFile,
    nodeKubeconfig: await configFor(`system:node:${settings.nodeName}`),
    startApiServer: () => startApiServer(),
    pauseApiServer: () => void apiServerRuns?.child.kill('SIGSTOP'),
    resumeApiServer: () => void apiServerRuns?.child.kill('SIGCONT'),
    async stopApiServer() {
      // What is started does not keep this process running; waiting for its end must.
      apiServerRuns?.child.ref();
      apiServerRuns?.child.kill('SIGKILL');
      await apiServerRuns?.exited;
    },
  };
}

// Nobody scrapes them, and one replica needs no lease. The client limits are wide because benchmarks make thousands of objects.
const quick = ['--secure-port=0', '--leader-elect=false', '--kube-api-qps=500', '--kube-api-burst=1000'];

function etcdFlags(directory: string, client: string, peer: string): readonly string[] {
  return [
    `--data-dir=${directory}/etcd`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // Its data is thrown away with the directory, and survives a kill of the process all the same.
    '--unsafe-no-fsync',
  ];
}

function apiServerFlags(directory: string, etcd: string, port: number): readonly string[] {
  return [
    `--etcd-servers=${etcd}`,
    `--cert-dir=${directory}/certs`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    `--service-account-issuer=${issuer}`,
    `--service-account-key-file=${directory}/service-account.pub`,
    `--service-account-signing-key-file=${directory}/service-account.key`,
    '--authorization-mode=Node,RBAC',
    `--token-auth-file=${directory}/tokens.csv`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--allow-privileged=true',
    '--enable-admission-plugins=NodeRestriction',
    // Or exec and logs try to resolve the node's name.
    '--kubelet-preferred-address-types=InternalIP',
    // No kube-proxy runs here: a webhook that is a Service is called at its pod's address.
    '--enable-aggregator-routing=true',
  ];
}

async function writeSecrets(directory: string, node: string): Promise<Record<string, string>> {
  const {publicKey, privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048});
  const groups: Record<string, readonly string[]> = {...users, [node]: ['system:nodes']};
  const tokens = Object.fromEntries(Object.keys(groups).map((user) => [user, randomBytes(24).toString('hex')]));
  const lines = Object.entries(groups).map(([user, member]) => `${tokens[user]},${user},${user},"${member.join(',')}"`);
  const secret = {mode: 0o600};
  await mkdir(path.join(directory, 'certs'), {recursive: true});
  await writeFile(path.join(directory, 'service-account.key'), privateKey.export({type: 'pkcs1', format: 'pem'}), secret);
  await writeFile(path.join(directory, 'service-account.pub'), publicKey.export({type: 'spki', format: 'pem'}));
  await writeFile(path.join(directory, 'tokens.csv'), `${lines.join('\n')}\n`, secret);
  return tokens;
}
