import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {createKube} from '../../src/kube/client.ts';
import {loadConfig} from '../../src/kube/config.ts';
import type {Kube, Ref} from '../../src/kube/kube.ts';
import {createTransport} from '../../src/kube/transport.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {ecrApiVersion, events, namespaces, repositories, secrets} from '../../src/schema/types.ts';
import type {RecordedCall} from '../cloud/gateway/calls.ts';
import {eventually} from './eventually.ts';
import {realDoors} from './kube-clients.ts';
import {conditionOf, startStage, type Seen, type SeenCondition, type Stage, type StageSettings} from './stage.ts';

/** A stage, and an administrator's eyes and hands on it: quicker than a kubectl for each look. */
export interface Scene {
  readonly stage: Stage;
  readonly kube: Kube;
  namespace(name: string, labels?: Readonly<Record<string, string>>): Promise<void>;
  /** As `kubectl apply` by one and the same person: what is left out now and was there before goes. */
  repository(namespace: string, name: string, spec?: object): Promise<Ref>;
  get(ref: Ref): Promise<Seen | undefined>;
  /** Waits until a condition is so. */
  condition(ref: Ref, wanted: Partial<SeenCondition> & {readonly type: string}, seconds?: number): Promise<Seen>;
  ready(ref: Ref, seconds?: number): Promise<Seen>;
  gone(ref: Ref, seconds?: number): Promise<void>;
  /**
   * Warnings about the object as `reason×count`, the oldest first. Several Events of one reason are several entries. Events
   * are written after the status: waits a while until there are `atLeast` so many.
   */
  warnings(ref: Ref, atLeast?: number): Promise<readonly string[]>;
  /** Calls that the operator made since a moment. */
  calls(since: Date): Promise<readonly RecordedCall[]>;
  /** What in the operators' logs is a credential that was issued, or looks like one; none are expected. */
  leaks(logs: readonly string[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startScene(settings: StageSettings = {}): Promise<Scene> {
  const stage = await startStage(settings);
  const {cluster, cloud} = stage;
  const config = loadConfig({env: {KUBECONFIG: cluster.kubeconfig}});
  const transport = createTransport({version: 'tests', config, doors: realDoors});
  const kube = createKube(transport);
  const get = async (ref: Ref) => (await kube.get(ref)) as Seen | undefined;
  return {
    stage,
    kube,
    get,
    async namespace(name, labels = {}) {
      await kube.apply(namespaces, {apiVersion: 'v1', kind: 'Namespace', metadata: {name, labels}}, {fieldManager: 'tests'});
    },
    async repository(namespace, name, spec = {}) {
      const object: KubeObject = {apiVersion: ecrApiVersion, kind: 'Repository', metadata: {name, namespace}, spec};
      await kube.apply(repositories, object, {fieldManager: 'tests'});
      return {type: repositories, namespace, name};
    },
    condition: waitFor,
    ready: async (ref, seconds) => waitFor(ref, {type: 'Ready', status: 'True'}, seconds),
    async gone(ref, seconds = 30) {
      await eventually(`${ref.type.kind} ${ref.name} is gone`, async () => (await get(ref)) === undefined, {seconds});
    },
    async warnings(ref, atLeast = 0) {
      const look = async () => {
        const {items} = await kube.list(events, {namespace: ref.namespace ?? 'default'});
        return items
          .filter((event) => event['type'] === 'Warning' && isAbout(event, ref))
          .toSorted((a, b) => (String(a['eventTime']) < String(b['eventTime']) ? -1 : 1))
          .map((event) => `${String(event['reason'])}×${(event['series'] as {readonly count: number} | undefined)?.count ?? 1}`);
      };
      for (let tries = 0; tries < 30 && (await look()).length < atLeast; tries += 1) await sleep(100);
      return look();
    },
    async calls(since) {
      const calls = await cloud.calls();
      return calls.filter(({time, accessKeyId}) => new Date(time) >= since && accessKeyId !== cloud.rootCredentials.accessKeyId);
    },
    async leaks(logs) {
      const known: string[] = [cluster.adminToken];
      for (const secret of (await kube.list(secrets)).items) known.push(...passwordsIn(secret));
      for (const name of ['operator', 'second']) {
        const file = path.join(stage.directory, `${name}-identity-token`);
        known.push(
          ...(await readFile(file, 'utf8').then(
            (token) => [token],
            () => [],
          )),
        );
      }
      return logs.flatMap((log) => [
        ...known.filter((secret) => log.includes(secret.slice(0, 40))).map((secret) => `the start of ${secret.slice(0, 8)}…`),
        ...(log.match(/eyJ[\w-]{30,}|[A-Za-z0-9+/]{120,}/g) ?? []).map((text) => `${text.slice(0, 12)}…`),
      ]);
    },
    async stop() {
      await transport.close();
      await stage.stop();
    },
  };

  async function waitFor(ref: Ref, wanted: Partial<SeenCondition> & {readonly type: string}, seconds = 30): Promise<Seen> {
    let last: Seen | undefined;
    const {kind} = ref.type;
    try {
      return await eventually(
        `${kind} ${ref.name} has ${JSON.stringify(wanted)}`,
        async () => {
          last = await get(ref);
          const condition = conditionOf(last, wanted.type);
          const isSo = condition && Object.entries(wanted).every(([key, value]) => condition[key as keyof SeenCondition] === value);
          return isSo && last;
        },
        {seconds, everyMs: 100},
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}; it is ${JSON.stringify(last?.status ?? last)}`, {cause: error});
    }
  }
}

function isAbout(event: KubeObject, ref: Ref): boolean {
  const {name, kind} = event['regarding'] as {readonly name: string; readonly kind: string};
  return name === ref.name && kind === ref.type.kind;
}

interface DockerConfig {
  readonly auths: Readonly<Record<string, {readonly password: string; readonly auth: string}>>;
}

/** What a pull secret holds. */
export function dockerConfigIn(secret: Pick<Seen, 'data'> | KubeObject): DockerConfig | undefined {
  const data = secret['data'] as Readonly<Record<string, string>> | undefined;
  const text = data?.['.dockerconfigjson'];
  return text === undefined ? undefined : (JSON.parse(Buffer.from(text, 'base64').toString()) as DockerConfig);
}

function passwordsIn(secret: KubeObject): readonly string[] {
  return Object.values(dockerConfigIn(secret)?.auths ?? {}).flatMap(({password, auth}) => [password, auth]);
}
