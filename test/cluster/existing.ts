import {mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {clientsOf} from './clients.ts';
import {run} from './run.ts';
import type {Cluster, ClusterSettings} from './start.ts';
import {tool} from './tools.ts';

interface KubeconfigView {
  readonly clusters: readonly {readonly cluster: {readonly server: string; readonly 'certificate-authority-data'?: string}}[];
  readonly users: readonly {readonly user: {readonly token?: string}}[];
}

/** The cluster of the person's current kubeconfig, used as it is. `stop` removes nothing but a temporary copy of that kubeconfig. */
export async function existingCluster({apiServerFlags = [], registryMirrors = {}, detached}: ClusterSettings): Promise<Cluster> {
  if (apiServerFlags.length > 0) cannot('start its API server with flags');
  if (Object.keys(registryMirrors).length > 0) cannot('send pulls to another registry');
  if (detached) cannot('be started for another process to stop');
  const kubectl = await tool('kubectl');
  const {stdout, stderr, code} = await run(kubectl, ['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'], process.env);
  if (code !== 0) throw new Error(`USE_EXISTING_CLUSTER is set, and the current kubeconfig cannot be read:\n${stderr}`);
  const view = JSON.parse(stdout) as KubeconfigView;
  const cluster = view.clusters?.[0]?.cluster;
  if (cluster === undefined) throw new Error('USE_EXISTING_CLUSTER is set, and the current kubeconfig names no cluster.');

  const directory = await mkdtemp(path.join(await realpath(tmpdir()), 'drayage-existing-'));
  const kubeconfig = path.join(directory, 'kubeconfig');
  const caFile = path.join(directory, 'ca.crt');
  const ca = Buffer.from(cluster['certificate-authority-data'] ?? '', 'base64').toString();
  await writeFile(kubeconfig, stdout, {mode: 0o600});
  await writeFile(caFile, ca);
  const stop = () => rm(directory, {recursive: true, force: true});
  return {
    ...clientsOf(directory, kubeconfig, {kubectl, helm: () => tool('helm')}, {server: cluster.server, ca}),
    existing: true,
    directory,
    kubeconfig,
    kubectlPath: kubectl,
    server: cluster.server,
    ca,
    caFile,
    get adminToken() {
      return view.users[0]?.user.token ?? cannot('give a bearer token: its kubeconfig has none');
    },
    addRegistryMirror: async () => cannot('send pulls to another registry'),
    restartApiServer: async () => cannot('restart its API server'),
    stopApiServer: async () => cannot('stop its API server'),
    startApiServer: async () => cannot('start its API server'),
    pauseApiServer: () => cannot('pause its API server'),
    resumeApiServer: () => cannot('resume its API server'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function cannot(what: string): never {
  throw new Error(`An existing cluster (USE_EXISTING_CLUSTER=true) cannot ${what}.`);
}
