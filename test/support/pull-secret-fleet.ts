import {setTimeout as sleep} from 'node:timers/promises';
import type {Kube} from '../../src/kube/kube.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {clusterPullSecrets, namespaces, secrets} from '../../src/schema/types.ts';
import type {Stage} from './stage.ts';
import {watchMetadata} from './metadata-watch.ts';
import {dockerConfigIn} from './scene.ts';
import {eventually} from './eventually.ts';

/** A ClusterPullSecret over many namespaces, and what became of each, as the API server told it. Times are performance.now. */
export interface Fleet {
  readonly name: string;
  /** Creates namespaces, so many a second or as fast as they can be made, and notes when each was asked for. */
  grow(names: readonly string[], perSecond?: number): Promise<void>;
  /** When each namespace's creation was asked for, its ServiceAccount was there, its Secret, and the ServiceAccount's entry. */
  readonly times: {
    readonly asked: ReadonlyMap<string, number>;
    readonly account: ReadonlyMap<string, number>;
    readonly secret: ReadonlyMap<string, number>;
    readonly attached: ReadonlyMap<string, number>;
  };
  /** Resolves when each has its ServiceAccount. */
  accounts(names: readonly string[], seconds: number): Promise<void>;
  /** Resolves when each has its Secret and its ServiceAccount's entry. */
  served(names: readonly string[], seconds: number): Promise<void>;
  /** Makes all secrets due, and resolves when each is written anew. Not before a tenth of the tokens' life is over. */
  rotate(names: readonly string[], seconds: number): Promise<Rotation>;
  /** Secrets that were deleted, or have another uid than the first. */
  recreated(): readonly string[];
  /** Writes of Secrets that were seen. */
  writes(): number;
  stop(): Promise<void>;
}

export interface Rotation {
  /** Milliseconds from the first write to the last. */
  readonly milliseconds: number;
  /** Milliseconds from the edit to the first write. */
  readonly untilFirst: number;
  /** Writes of Secrets meanwhile. */
  readonly writes: number;
  /** Looks at Secrets meanwhile, and those whose token the registry did not take. */
  readonly looks: number;
  readonly invalid: readonly string[];
}

const attachedAnnotation = 'ecr.drayage.dev/pull-secrets';
const expiresAtAnnotation = 'ecr.drayage.dev/expires-at';
const secretName = 'ecr-pull';
const atOnce = 16;

export async function startFleet({cluster, cloud}: Pick<Stage, 'cluster' | 'cloud'>, kube: Kube, name: string): Promise<Fleet> {
  const times = {
    asked: new Map<string, number>(),
    account: new Map<string, number>(),
    secret: new Map<string, number>(),
    attached: new Map<string, number>(),
  };
  const uids = new Map<string, string | undefined>();
  const expiries = new Map<string, string>();
  const bad: string[] = [];
  const writes: number[] = [];
  const stops = await Promise.all([
    watchMetadata(cluster, `/api/v1/secrets?fieldSelector=metadata.name%3D${secretName}`, (change, {namespace = '', ...metadata}, at) => {
      if (change === 'DELETED') bad.push(`${namespace}: deleted`);
      const known = uids.get(namespace);
      if (known !== undefined && known !== metadata.uid) bad.push(`${namespace}: made again`);
      uids.set(namespace, metadata.uid);
      expiries.set(namespace, metadata.annotations?.[expiresAtAnnotation] ?? '');
      note(times.secret, namespace, at);
      writes.push(at);
    }),
    watchMetadata(cluster, '/api/v1/serviceaccounts?fieldSelector=metadata.name%3Ddefault', (_change, metadata, at) => {
      const {namespace = '', annotations} = metadata;
      note(times.account, namespace, at);
      if (annotations?.[attachedAnnotation]?.includes(secretName)) note(times.attached, namespace, at);
    }),
  ]);
  return {
    name,
    times,
    async grow(names, perSecond) {
      if (perSecond === undefined) return pooled(names, atOnce, make);
      const start = performance.now();
      const under: Promise<void>[] = [];
      for (const [index, each] of names.entries()) {
        await sleep(Math.max(0, start + (index * 1000) / perSecond - performance.now()));
        under.push(make(each));
      }
      await Promise.all(under);
    },
    accounts: (names, seconds) => untilAll('each has its ServiceAccount', names, seconds, (each) => times.account.has(each)),
    served: (names, seconds) => untilAll('each is served', names, seconds, (each) => times.secret.has(each) && times.attached.has(each)),
    async rotate(names, seconds) {
      const before = new Map(names.map((each) => [each, expiries.get(each)]));
      const [old] = before.values();
      const left = (Date.parse(old ?? '') - Date.now()) / 1000;
      const [wrote, from] = [writes.length, performance.now()];
      const over = new AbortController();
      const sampling = sample(names, over.signal);
      await kube.merge({type: clusterPullSecrets, name}, {spec: {refreshBeforeSeconds: Math.ceil(left) + 1}});
      try {
        await untilAll('each has a new token', names, seconds, (each) => expiries.get(each) !== before.get(each));
      } finally {
        over.abort();
      }
      const [first = NaN, ...more] = writes.slice(wrote);
      const samples = await sampling;
      await kube.merge({type: clusterPullSecrets, name}, {spec: {refreshBeforeSeconds: null}});
      return {milliseconds: (more.at(-1) ?? first) - first, untilFirst: first - from, writes: more.length + 1, ...samples};
    },
    recreated: () => bad,
    writes: () => writes.length,
    async stop() {
      for (const stop of stops) await stop();
    },
  };

  async function make(namespace: string): Promise<void> {
    times.asked.set(namespace, performance.now());
    await kube.create(namespaces, {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace, labels: {fleet: name}}});
  }

  /** Pulls, as it were, twenty times a second, each time in another namespace. */
  async function sample(names: readonly string[], signal: AbortSignal): Promise<Pick<Rotation, 'looks' | 'invalid'>> {
    const invalid: string[] = [];
    let looks = 0;
    // A prime, so that neighbours do not follow each other.
    for (let index = 0; !signal.aborted; index = (index + 7919) % names.length) {
      const namespace = names[index] ?? '';
      looks += 1;
      const status = await pull(await kube.get({type: secrets, namespace, name: secretName}));
      if (status !== 200) invalid.push(`${namespace}: ${status}`);
      await sleep(50);
    }
    return {looks, invalid};
  }

  async function pull(secret: KubeObject | undefined): Promise<number> {
    if (secret === undefined) return 0;
    const {auth = ''} = dockerConfigIn(secret)?.auths[cloud.registryHost] ?? {};
    const response = await fetch(`${cloud.registryUrl}/v2/`, {headers: {authorization: `Basic ${auth}`}});
    await response.arrayBuffer();
    return response.status;
  }
}

export async function createPullSecret(kube: Kube, name: string): Promise<void> {
  await kube.create(clusterPullSecrets, {
    apiVersion: clusterPullSecrets.apiVersion,
    kind: clusterPullSecrets.kind,
    metadata: {name},
    spec: {namespaceSelector: {matchLabels: {fleet: name}}},
  });
}

export async function pooled<T>(items: readonly T[], inFlight: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const iterator = items.values();
  const worker = async (): Promise<void> => {
    for (const item of iterator) await work(item);
  };
  await Promise.all(Array.from({length: inFlight}, worker));
}

/** Sorted times from one moment to another, in milliseconds. */
export function spans(names: readonly string[], from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>): readonly number[] {
  return names.map((name) => (to.get(name) ?? Infinity) - (from.get(name) ?? 0)).toSorted((a, b) => a - b);
}

/** The value that so many of a hundred do not exceed. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}

function note(times: Map<string, number>, namespace: string, at: number): void {
  if (!times.has(namespace)) times.set(namespace, at);
}

/** Looks at each name until it is done, and then never again: there are thousands. */
async function untilAll(what: string, names: readonly string[], seconds: number, isDone: (name: string) => boolean): Promise<void> {
  let from = 0;
  const areDone = () => {
    for (let next = names[from]; next !== undefined && isDone(next); next = names[from]) from += 1;
    return from >= names.length;
  };
  await eventually(`${what} (${names.length})`, () => Promise.resolve(areDone()), {seconds, everyMs: 20});
}
