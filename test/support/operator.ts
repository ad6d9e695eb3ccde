import {spawn} from 'node:child_process';
import {openSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Cloud} from '../cloud/start.ts';
import {freePorts} from '../cluster/ports.ts';
import type {Cluster} from '../cluster/start.ts';

/** The operator as a local process, with the identity and the permissions that the chart gives it. */
export interface Operator {
  readonly pid: number;
  readonly logFile: string;
  /** Its web identity token, which the kubelet would replace. */
  readonly identityFile: string;
  readonly healthUrl: string;
  readonly metricsUrl: string;
  /** Resolves with the exit status, or the signal's name. */
  readonly exited: Promise<number | string>;
  log(): Promise<string>;
  /** SIGTERM, and waits. */
  stop(): Promise<number | string>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
}

export const operatorNamespace = 'drayage-system';
const serviceAccount = 'drayage';
const repositoryRoot = path.resolve(import.meta.dirname, '../..');

/** Installs the chart without pods (`replicas=0`): CRDs, ServiceAccount and RBAC are the chart's own. */
export async function installChart(cluster: Cluster, values: readonly string[] = []): Promise<void> {
  const sets = ['replicas=0', ...values].flatMap((value) => ['--set', value]);
  const chart = path.join(repositoryRoot, 'charts/drayage');
  const done = await cluster.helm(['upgrade', '--install', 'drayage', chart, '-n', operatorNamespace, '--create-namespace', ...sets]);
  if (done.code !== 0) throw new Error(`helm upgrade --install failed:\n${done.stderr}`);
}

/** The IAM role that the operator assumes through its ServiceAccount, with the actions of docs/iam-policy.json. */
export async function createOperatorRole(cloud: Cloud): Promise<string> {
  const policy = JSON.parse(await readFile(path.join(repositoryRoot, 'docs/iam-policy.json'), 'utf8')) as {
    readonly Statement: readonly {readonly Action: string | readonly string[]}[];
  };
  const actions = policy.Statement.flatMap((statement) => statement.Action);
  return cloud.createRole({name: 'drayage', subject: `system:serviceaccount:${operatorNamespace}:${serviceAccount}`, actions});
}

export interface OperatorSettings {
  readonly cluster: Cluster;
  readonly cloud: Cloud;
  readonly roleArn: string;
  readonly directory: string;
  readonly flags?: readonly string[];
  /** Appended to, so that replicas and restarts keep their own logs. */
  readonly name?: string;
  readonly detached?: boolean;
  /** Node's own, before the entry. */
  readonly nodeFlags?: readonly string[];
  /** Default: the sources, unbuilt. */
  readonly entry?: string;
  /** What is in the web identity token file at first. Default: a token of the operator's ServiceAccount for `sts.amazonaws.com`. */
  readonly identityToken?: string;
  /** More environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A token as the kubelet gives the operator's pod for IRSA. */
export function operatorToken(cluster: Cluster, audience = 'sts.amazonaws.com'): Promise<string> {
  return cluster.serviceAccountToken(operatorNamespace, serviceAccount, audience);
}

export async function startOperator(settings: OperatorSettings): Promise<Operator> {
  const {cluster, cloud, roleArn, directory, name = 'operator'} = settings;
  const token = await cluster.serviceAccountToken(operatorNamespace, serviceAccount);
  const kubeconfig = await cluster.kubeconfigFor(token);
  const identityFile = path.join(directory, `${name}-identity-token`);
  await writeFile(identityFile, settings.identityToken ?? (await operatorToken(cluster)), {mode: 0o600});
  const [health, metrics] = await freePorts(2);
  const logFile = path.join(directory, `${name}.log`);
  const out = openSync(logFile, 'a');
  const child = spawn(
    process.execPath,
    [
      ...(settings.nodeFlags ?? []),
      settings.entry ?? path.join(repositoryRoot, 'src/main.ts'),
      'operator',
      `--health-bind-address=127.0.0.1:${health}`,
      `--metrics-bind-address=127.0.0.1:${metrics}`,
      ...(settings.flags ?? []),
    ],
    {
      stdio: ['ignore', out, out],
      detached: settings.detached ?? false,
      env: {
        PATH: process.env['PATH'],
        HOME: directory,
        KUBECONFIG: kubeconfig,
        POD_NAME: name,
        POD_NAMESPACE: operatorNamespace,
        AWS_ROLE_ARN: roleArn,
        AWS_WEB_IDENTITY_TOKEN_FILE: identityFile,
        ...cloud.env,
        ...settings.environment,
      },
    },
  );
  if (settings.detached) child.unref();
  const exited = new Promise<number | string>((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')));
  const {pid} = child;
  if (pid === undefined) throw new Error(`could not start the operator: ${process.execPath}`);
  return {
    pid,
    logFile,
    identityFile,
    healthUrl: `http://127.0.0.1:${health}`,
    metricsUrl: `http://127.0.0.1:${metrics}`,
    exited,
    log: () => readFile(logFile, 'utf8'),
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
