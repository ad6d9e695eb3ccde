import {readFileSync} from 'node:fs';
import path from 'node:path';
import {newClusters, newContexts, newUsers} from '@kubernetes/client-node/dist/config_types.js';
import type {Cluster, User} from '@kubernetes/client-node/dist/config_types.js';
import {parse} from 'yaml';

// The package's front door loads every generated model (half a second and 60 MB); these files of it do not.
// See docs/decisions/0002-transport.md.

/** Which API server, as whom. */
export interface Config {
  readonly cluster: Cluster;
  readonly user: User;
  /** The namespace of the context; in a cluster, the operator's own. */
  readonly namespace: string;
}

/** Where a configuration is looked for. `env` is `process.env`, handed in by main. */
export interface ConfigSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A kubeconfig file, before `KUBECONFIG` and `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** A context other than the current one. */
  readonly context?: string;
  /** Default `/var/run/secrets/kubernetes.io/serviceaccount`. */
  readonly serviceAccountFolder?: string;
}

const mountedFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The configuration as kubectl finds it: the file that is named, then those in `KUBECONFIG` (the first that names
 * a thing wins), then the ServiceAccount of the pod, then `~/.kube/config`. Throws Error in words for a person.
 */
export function loadConfig(search: ConfigSearch): Config {
  const files = kubeconfigFiles(search);
  if (files.length > 0) return fromFiles(files, search.context);
  const inCluster = fromServiceAccount(search);
  if (inCluster !== undefined) return inCluster;
  const home = search.env['HOME'];
  const fallback = home === undefined ? undefined : path.join(home, '.kube', 'config');
  if (fallback !== undefined && readIfThere(fallback) !== undefined) return fromFiles([fallback], search.context);
  throw new Error('no API server is configured: set KUBECONFIG, or run in a pod with a ServiceAccount');
}

function kubeconfigFiles(search: ConfigSearch): readonly string[] {
  if (search.kubeconfig !== undefined) return [search.kubeconfig];
  return (search.env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
}

function fromFiles(files: readonly string[], wanted: string | undefined): Config {
  const parts = files.map((file) => readKubeconfig(file));
  const name = wanted ?? parts.map((part) => part.current).find((current) => current !== undefined && current !== '');
  const context = parts.flatMap((part) => part.contexts).find((each) => each.name === name);
  if (context === undefined) throw new Error(`the kubeconfig has no context ${JSON.stringify(name ?? '')}`);
  const cluster = parts.flatMap((part) => part.clusters).find((each) => each.name === context.cluster);
  if (cluster === undefined) throw new Error(`the kubeconfig has no cluster ${JSON.stringify(context.cluster)}`);
  const user = parts.flatMap((part) => part.users).find((each) => each.name === context.user) ?? {name: context.user ?? ''};
  return {cluster, user, namespace: context.namespace ?? 'default'};
}

function readKubeconfig(file: string) {
  const folder = path.dirname(path.resolve(file));
  const text = readIfThere(file);
  if (text === undefined) throw new Error(`the kubeconfig ${file} cannot be read`);
  const content = parseKubeconfig(file, text);
  const users: readonly unknown[] = Array.isArray(content['users']) ? content['users'] : [];
  return {
    current: content['current-context'] as string | undefined,
    contexts: newContexts(content['contexts']),
    clusters: newClusters(content['clusters']).map((cluster) => absolute(cluster, folder, 'caFile')),
    users: newUsers(users.map((user) => withTokenFile(user, folder))).map((user) =>
      absolute(absolute(user, folder, 'certFile'), folder, 'keyFile'),
    ),
  };
}

function parseKubeconfig(file: string, text: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = parse(text, {logLevel: 'error'});
  } catch {
    // A parser quotes the text where it stumbles, and the text holds credentials.
  }
  if (typeof content === 'object' && content !== null) return content as Record<string, unknown>;
  throw new Error(`the kubeconfig ${file} is not YAML`);
}

/** kubectl's `tokenFile` of a user, which the package does not know, as the token file that it does know and re-reads. */
function withTokenFile(entry: unknown, folder: string): unknown {
  const {name, user} = entry as {name?: unknown; user?: {tokenFile?: string}};
  if (user?.tokenFile === undefined) return entry;
  return {name, user: {...user, 'auth-provider': tokenFileProvider(path.resolve(folder, user.tokenFile))}};
}

function tokenFileProvider(tokenFile: string) {
  return {name: 'tokenFile', config: {tokenFile}};
}

function absolute<T>(value: T, folder: string, field: keyof T): T {
  const file = value[field];
  return typeof file === 'string' && file !== '' ? {...value, [field]: path.resolve(folder, file)} : value;
}

function fromServiceAccount(search: ConfigSearch): Config | undefined {
  const host = search.env['KUBERNETES_SERVICE_HOST'];
  const port = search.env['KUBERNETES_SERVICE_PORT'];
  if (host === undefined || port === undefined) return undefined;
  const folder = search.serviceAccountFolder ?? mountedFolder;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    cluster: {name: 'in-cluster', server, caFile: path.join(folder, 'ca.crt'), skipTLSVerify: false},
    user: {name: 'in-cluster', authProvider: tokenFileProvider(path.join(folder, 'token'))},
    namespace: readIfThere(path.join(folder, 'namespace'))?.trim() ?? 'default',
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
