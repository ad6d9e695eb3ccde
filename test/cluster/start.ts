import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {existingCluster} from './existing.ts';
import {clientsOf, type Clients} from './clients.ts';
import {startControlPlane} from './control-plane.ts';
import {guard} from './guard.ts';
import {makeHome, removeHome} from './home.ts';
import {nodeName, startRealNode, writeRegistryMirror} from './real-node.ts';
import {startSimulatedNodes} from './simulated-nodes.ts';
import {tool} from './tools.ts';
import {kubeconfigText} from './kubeconfig.ts';

export interface ClusterSettings {
  /** 'real': one node that runs containers (see `realNodeProblem`). A number: that many nodes on which pods only seem to run. Default: none. */
  readonly nodes?: 'real' | number;
  /** Registry host → URL of the registry that answers for it on the real node. Simulated nodes pull nothing. */
  readonly registryMirrors?: Readonly<Record<string, string>>;
  /** Added to the API server's flags; the last of a flag wins. */
  readonly apiServerFlags?: readonly string[];
  /** Where its state goes: must be empty, missing, or of a cluster, which is then stopped. Default: a temporary directory. */
  readonly directory?: string;
  /** The cluster outlives this process, until `stopCluster(directory)`. */
  readonly detached?: boolean;
}

export interface Cluster extends Clients, AsyncDisposable {
  /** It was there before (USE_EXISTING_CLUSTER=true): it may have other users, and `stop` leaves it alone. */
  readonly existing: boolean;
  /** Absolute. All of its state, and `logs/`. Gone after `stop`. */
  readonly directory: string;
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly kubectlPath: string;
  /** `https://127.0.0.1:port`, the same after a restart. */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly caFile: string;
  /** Of a user in system:masters. */
  readonly adminToken: string;
  /** Does not throw for an exit status other than 0: look at `code`. */
  readonly kubectl: Clients['kubectl'];
  /** Does not throw for an exit status other than 0: look at `code`. */
  readonly helm: Clients['helm'];
  /** Server-side apply of YAML documents; throws with the API server's words. */
  readonly apply: Clients['apply'];
  /** TokenRequest. Default audience: the API server's; default life: 3,600 s, least 600 s. */
  readonly serviceAccountToken: Clients['serviceAccountToken'];
  /** Writes a kubeconfig with that bearer token into `directory`, and gives its path. */
  readonly kubeconfigFor: Clients['kubeconfigFor'];
  /** Sends the real node's pulls of `host` (`host[:port]`) to the registry at `url`, from the next pull on. Nothing to do for others. */
  addRegistryMirror(host: string, url: string): Promise<void>;
  /** SIGKILL, and starts it again on the same port; returns when it is ready. */
  restartApiServer(): Promise<void>;
  /** SIGKILL. */
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  /** SIGSTOP: connections stay open, new ones are taken, and nothing is answered until `resumeApiServer`. */
  pauseApiServer(): void;
  resumeApiServer(): void;
  /** Kills all and removes all. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts Kubernetes on loopback ports: etcd, API server (issuer https://kubernetes.default.svc), controller manager, and with nodes a
 * scheduler. Needs no container engine. Unless `detached`, everything goes when this process ends in any way, SIGKILL included.
 * With USE_EXISTING_CLUSTER=true it is the cluster of the current kubeconfig instead.
 */
export async function startCluster(settings: ClusterSettings = {}): Promise<Cluster> {
  if (process.env['USE_EXISTING_CLUSTER'] === 'true') return existingCluster(settings);
  try {
    return await startOnce(settings);
  } catch (error) {
    // Ports are picked before they are used; somebody else may have been quicker.
    if (!/address already in use/.test(String(error))) throw error;
    return startOnce(settings);
  }
}

/** Stops the cluster that an earlier process left `detached` in this directory. Does nothing where there is none. */
export async function stopCluster(directory: string): Promise<void> {
  await removeHome(directory);
}

async function startOnce({
  nodes,
  registryMirrors = {},
  apiServerFlags = [],
  detached = false,
  ...settings
}: ClusterSettings): Promise<Cluster> {
  const kubectl = await tool('kubectl');
  const directory = await makeHome(settings.directory);
  const {release: stop} = detached ? {release: () => removeHome(directory)} : guard(directory);
  try {
    const {admin, caFile, nodeKubeconfig, ...apiServer} = await startControlPlane({
      directory,
      apiServerFlags,
      nodeName,
      scheduler: nodes !== undefined && nodes !== 0,
    });
    const kubeconfig = path.join(directory, 'kubeconfig');
    await writeFile(kubeconfig, kubeconfigText(admin), {mode: 0o600});
    const addRegistryMirror = async (host: string, url: string) => {
      if (nodes === 'real') await writeRegistryMirror(directory, host, url);
    };
    if (nodes === 'real') {
      await Promise.all(Object.entries(registryMirrors).map(([host, url]) => addRegistryMirror(host, url)));
      await startRealNode(directory, admin, nodeKubeconfig);
    } else if (nodes !== undefined && nodes > 0) {
      await startSimulatedNodes(directory, admin, kubeconfig, nodes);
    }
    return {
      ...clientsOf(directory, kubeconfig, {kubectl, helm: () => tool('helm')}, admin),
      existing: false,
      directory,
      kubeconfig,
      kubectlPath: kubectl,
      server: admin.server,
      ca: admin.ca,
      caFile,
      adminToken: admin.token,
      addRegistryMirror,
      ...apiServer,
      async restartApiServer() {
        await apiServer.stopApiServer();
        await apiServer.startApiServer();
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
