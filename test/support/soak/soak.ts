import {CreateRepositoryCommand} from '@aws-sdk/client-ecr';
import type {KubeObject} from '../../../src/schema/object.ts';
import {clusterPullSecrets, serviceAccounts} from '../../../src/schema/types.ts';
import type {IssuedToken} from '../../cloud/gateway/tokens.ts';
import {eventually} from '../eventually.ts';
import {pushBusybox} from '../push.ts';
import {startScene, type Scene} from '../scene.ts';
import {watchTokens, type HeldTokens} from './held-tokens.ts';
import {podStream, type PodStream} from './pods.ts';
import {supervise, type Supervised} from './supervised.ts';

const secretName = 'ecr-pull';
const labels = {soak: 'yes'};
const first = ['shop-0', 'shop-1', 'shop-2', 'shop-3'];

export interface SoakSettings {
  /** The life of a token, in seconds. */
  readonly life: number;
  /** Of the operator. */
  readonly flags: readonly string[];
  /** Namespaces that can be made later: each needs an image beforehand. */
  readonly later: number;
}

/** A namespace that was made in the middle of it all. Times are milliseconds since 1970. */
export interface Newcomer {
  readonly namespace: string;
  readonly created: number;
  /** When its ServiceAccount named the secret. */
  attached?: number;
}

/** Pods that start all the time in namespaces that a ClusterPullSecret serves, on a real node, with a registry that enforces tokens. */
export interface Soak {
  readonly scene: Scene;
  readonly operator: Supervised;
  readonly pods: PodStream;
  readonly held: HeldTokens;
  readonly life: number;
  readonly newcomers: readonly Newcomer[];
  /** Whose pull a request to a repository was. */
  readonly namespaceOf: (repositoryName: string) => string | undefined;
  /** Tokens that the operator was given. */
  readonly tokens: () => Promise<readonly IssuedToken[]>;
  /** The first namespaces, and pods in them from now on. */
  readonly begin: () => Promise<void>;
  /** Another namespace; pods start there as soon as its ServiceAccount names the secret. */
  readonly newNamespace: () => Promise<void>;
  /** Waits until the last token in any Secret has no more than so many seconds left. */
  untilLeft(seconds: number): Promise<void>;
  /** Waits until every served namespace has a token that was issued after this moment. Resolves with when that was. */
  untilRenewed(since: number, seconds: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startSoak({life, flags, later}: SoakSettings): Promise<Soak> {
  const scene = await startScene({nodes: 'real', tokenSeconds: life});
  const {kube, stage} = scene;
  const {cloud} = stage;
  const names = Array.from({length: later}, (_, index) => `late-${index}`);
  for (const name of [...first, ...names]) {
    await cloud.ecr.send(new CreateRepositoryCommand({repositoryName: `soak/${name}`}));
    await pushBusybox(cloud, `soak/${name}:1`);
  }
  const held = watchTokens(kube, secretName, cloud.registryHost);
  const operator = await supervise(stage, flags);
  await kube.create(clusterPullSecrets, {
    apiVersion: clusterPullSecrets.apiVersion,
    kind: clusterPullSecrets.kind,
    metadata: {name: 'soak'},
    spec: {secretName, namespaceSelector: {matchLabels: labels}},
  });
  const pods = podStream({kube, imageOf: (name) => `${cloud.registryHost}/soak/${name}:1`, everyMs: 700, most: 24});
  const newcomers: Newcomer[] = [];
  const joining: Promise<void>[] = [];
  const served: string[] = [];
  const tokens = async () => (await cloud.tokens.list()).filter(({accessKeyId}) => accessKeyId !== cloud.rootCredentials.accessKeyId);

  /** Pods of a namespace can pull from when its ServiceAccount names the secret; one that is admitted earlier never can. */
  async function join(name: string, newcomer?: Newcomer): Promise<void> {
    await eventually(
      `the ServiceAccount of ${name} names the secret`,
      async () => namesSecret(await kube.get({type: serviceAccounts, namespace: name, name: 'default'})),
      {seconds: 120, everyMs: 100},
    );
    if (newcomer) newcomer.attached = Date.now();
    served.push(name);
    pods.add(name);
  }

  /** When the tokens that Secrets hold now end, by namespace. */
  async function ends(): Promise<readonly number[]> {
    const expiry = new Map((await tokens()).map(({fingerprint, expiresAt}) => [fingerprint, Date.parse(expiresAt)]));
    return served.map((name) => expiry.get(held.now(name)?.fingerprint ?? '') ?? 0);
  }

  return {
    scene,
    operator,
    pods,
    held,
    life,
    newcomers,
    namespaceOf: (repositoryName) => /^soak\/(.+)$/.exec(repositoryName)?.[1],
    tokens,
    async begin() {
      // What comes after the pushes is pods'.
      await cloud.resetPulls();
      for (const name of first) {
        await scene.namespace(name, labels);
        await join(name);
      }
    },
    async newNamespace() {
      const namespace = names[newcomers.length];
      if (namespace === undefined) throw new Error(`only ${later} namespaces can be made later`);
      const newcomer: Newcomer = {namespace, created: Date.now()};
      newcomers.push(newcomer);
      await scene.namespace(namespace, labels);
      joining.push(join(namespace, newcomer));
    },
    async untilLeft(seconds) {
      const isSo = async () => Math.max(...(await ends())) - Date.now() <= seconds * 1000;
      await eventually(`tokens have ${seconds} s left`, isSo, {seconds: 2 * life, everyMs: 100});
    },
    async untilRenewed(since, seconds) {
      const issued = new Map<string, number>();
      const isSo = async () => {
        for (const {fingerprint, issuedAt} of await tokens()) issued.set(fingerprint, Date.parse(issuedAt));
        return served.every((name) => (issued.get(held.now(name)?.fingerprint ?? '') ?? 0) >= since);
      };
      await eventually('every namespace has a new token', isSo, {seconds, everyMs: 100});
      return Date.now();
    },
    async stop() {
      await pods.stop();
      await Promise.allSettled(joining);
      await held.stop();
      await operator.stop();
      await scene.stop();
    },
  };
}

function namesSecret(account: KubeObject | undefined): boolean {
  const list = (account?.['imagePullSecrets'] ?? []) as readonly {readonly name: string}[];
  return list.some(({name}) => name === secretName);
}

/** Seconds, for a person. */
export function shown(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
