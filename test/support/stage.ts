import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {IssuerKey} from '../cloud/gateway/oidc-providers.ts';
import {startCloud, type Cloud} from '../cloud/start.ts';
import {issuer} from '../cluster/control-plane.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';
import {createOperatorRole, installChart, startOperator, type Operator, type OperatorSettings} from './operator.ts';

export interface StageSettings {
  readonly nodes?: 'real' | number;
  /** Life of an ECR token; 12 hours as in ECR. */
  readonly tokenSeconds?: number;
  /** Whether ECR calls are checked against IAM; true. */
  readonly enforce?: boolean;
  /** Where all state goes; a temporary folder that goes with the stage. */
  readonly directory?: string;
  /** Everything outlives this process. */
  readonly detached?: boolean;
  /** Told what is being done. */
  readonly say?: (text: string) => void;
}

/** Kubernetes, AWS's stand-ins, the chart's CRDs and RBAC, and an IAM role for the operator. */
export interface Stage {
  readonly cluster: Cluster;
  readonly cloud: Cloud;
  readonly roleArn: string;
  readonly directory: string;
  /** Another operator process; each name has its own log. */
  operator(
    settings?: Pick<OperatorSettings, 'flags' | 'name' | 'entry' | 'nodeFlags' | 'identityToken' | 'environment'>,
  ): Promise<Operator>;
  /** The object, or undefined. */
  get(what: string, name: string, namespace?: string): Promise<Seen | undefined>;
  stop(): Promise<void>;
}

/** An object as tests read it. */
export interface Seen {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: {readonly conditions?: readonly SeenCondition[]} & Readonly<Record<string, unknown>>;
}

export interface SeenCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export async function startStage(settings: StageSettings = {}): Promise<Stage> {
  const {detached = false, say = () => {}, nodes} = settings;
  const directory = settings.directory ?? (await mkdtemp(path.join(tmpdir(), 'drayage-stage-')));
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
    await rm(directory, {recursive: true, force: true});
  };
  try {
    say("Starting AWS's stand-ins (ECR, STS, IAM, a registry)");
    const cloud = await startCloud({
      detached,
      directory: path.join(directory, 'cloud'),
      oidc: {issuer},
      ...(settings.tokenSeconds !== undefined && {tokenSeconds: settings.tokenSeconds}),
      ...(settings.enforce !== undefined && {enforce: settings.enforce}),
    });
    stops.push(() => cloud.stop());
    say(`Starting Kubernetes${nodes === undefined ? '' : nodes === 'real' ? ' with one real node' : ' with simulated nodes'}`);
    const cluster = await startCluster({
      detached,
      directory: path.join(directory, 'cluster'),
      registryMirrors: {[cloud.registryHost]: cloud.registryUrl},
      ...(nodes !== undefined && {nodes}),
    });
    stops.push(() => cluster.stop());
    say('Installing the Helm chart');
    await installChart(cluster);
    const roleArn = await createOperatorRole(cloud);
    await cloud.setIssuerKeys(issuer, await keysOf(cluster));
    return {
      cluster,
      cloud,
      roleArn,
      directory,
      async operator(given = {}) {
        const operator = await startOperator({cluster, cloud, roleArn, directory, detached, ...given});
        stops.push(() => operator.kill());
        return operator;
      },
      async get(what, name, namespace) {
        const where = namespace === undefined ? [] : ['-n', namespace];
        const {code, stdout, stderr} = await cluster.kubectl(['get', what, name, ...where, '-o', 'json']);
        if (code === 0) return JSON.parse(stdout) as Seen;
        if (stderr.includes('NotFound')) return undefined;
        throw new Error(stderr);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function conditionOf(object: Seen | undefined, type: string): SeenCondition | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type);
}

/** What the API server signs the tokens of ServiceAccounts with, as it tells AWS. */
async function keysOf(cluster: Cluster): Promise<readonly IssuerKey[]> {
  const {code, stdout, stderr} = await cluster.kubectl(['get', '--raw', '/openid/v1/jwks']);
  if (code !== 0) throw new Error(`the API server does not publish its keys:\n${stderr}`);
  return (JSON.parse(stdout) as {readonly keys: readonly IssuerKey[]}).keys;
}
