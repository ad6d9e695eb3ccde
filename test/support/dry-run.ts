import {Agent, request} from 'undici';
import type {KubeObject} from '../../src/schema/object.ts';
import type {Cluster} from '../cluster/start.ts';

export type Answer =
  | {readonly is: 'taken'; readonly warning?: string}
  | {readonly is: 'refused'; readonly message: string}
  /** The API server has no such kind: it comes with a controller that is not there. */
  | {readonly is: 'unserved'};

export interface DryRun extends AsyncDisposable {
  /** What the API server says to an object, with strict field validation; nothing is stored. */
  readonly create: (object: KubeObject) => Promise<Answer>;
}

interface Served {
  readonly kind: string;
  readonly name: string;
  readonly namespaced: boolean;
}

export function dryRun({server, ca, adminToken}: Pick<Cluster, 'server' | 'ca' | 'adminToken'>): DryRun {
  const agent = new Agent({connections: 8, connect: {ca}});
  const headers = {authorization: `Bearer ${adminToken}`, 'content-type': 'application/json'};
  const lists = new Map<string, Promise<readonly Served[]>>();
  const rootOf = (apiVersion: string): string => `${server}/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`;
  const list = async (apiVersion: string): Promise<readonly Served[]> => {
    const answer = await request(rootOf(apiVersion), {dispatcher: agent, headers});
    const body = (await answer.body.json()) as {resources?: readonly Served[]};
    return (body.resources ?? []).filter(({name}) => !name.includes('/'));
  };
  return {
    async create(object) {
      const {apiVersion, kind, metadata} = object;
      const known = lists.get(apiVersion) ?? list(apiVersion);
      lists.set(apiVersion, known);
      const served = (await known).find((one) => one.kind === kind);
      if (served === undefined) return {is: 'unserved'};
      const scope = served.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
      const url = `${rootOf(apiVersion)}${scope}/${served.name}?dryRun=All&fieldValidation=Strict`;
      const answer = await request(url, {method: 'POST', dispatcher: agent, headers, body: JSON.stringify(object)});
      const text = await answer.body.text();
      if (answer.statusCode !== 201) return {is: 'refused', message: (JSON.parse(text) as {message: string}).message};
      const {warning} = answer.headers;
      return {is: 'taken', ...(warning !== undefined && {warning: String(warning)})};
    },
    [Symbol.asyncDispose]: () => agent.close(),
  };
}

/** Kinds that a translation may make and that come with a controller of AWS, not with Kubernetes. */
export const ofControllers =
  /^(?:elbv2\.k8s\.aws|vpcresources\.k8s\.aws|eks\.amazonaws\.com|application-networking\.k8s\.aws|gateway\.networking\.k8s\.io)\//;

export interface Told {
  readonly taken: number;
  /** By kind, what was not looked at because no controller is there. */
  readonly unserved: Readonly<Record<string, number>>;
  /** Refusals and warnings, with what they are about. */
  readonly faults: readonly string[];
}

/** Asks for many objects, eight at once. */
export async function dryRunAll(objects: readonly {readonly where: string; readonly object: KubeObject}[], door: DryRun): Promise<Told> {
  const left = [...objects];
  const faults: string[] = [];
  const unserved: Record<string, number> = {};
  let taken = 0;
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const {where, object} = next;
      const answer = await door.create(object);
      const about = `${where}: ${object.kind} ${object.metadata.name}`;
      if (answer.is === 'taken') taken += 1;
      if (answer.is === 'taken' && answer.warning !== undefined) faults.push(`${about}: ${answer.warning}`);
      if (answer.is === 'refused') faults.push(`${about}: ${answer.message}`);
      if (answer.is !== 'unserved') continue;
      if (ofControllers.test(object.apiVersion)) unserved[object.kind] = (unserved[object.kind] ?? 0) + 1;
      else faults.push(`${about}: the API server has no kind ${object.kind} in ${object.apiVersion}`);
    }
  };
  await Promise.all(Array.from({length: 8}, worker));
  return {taken, unserved, faults};
}
