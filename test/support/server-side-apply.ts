import {Agent, request} from 'undici';
import type {KubeObject} from '../../src/schema/object.ts';

export interface ApplyAnswer {
  readonly status: number;
  /** What the API server has, or its refusal in words. */
  readonly object?: KubeObject;
  readonly message?: string;
  readonly warning?: string;
}

export interface Applier {
  /** Server-side apply that refuses unknown fields. */
  apply(manifest: KubeObject, options?: {readonly dryRun?: boolean}): Promise<ApplyAnswer>;
  get(manifest: KubeObject): Promise<KubeObject | undefined>;
  close(): Promise<void>;
}

/** Plurals of the kinds that a translation makes; the others end with s. */
const plurals: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies',
  SecurityGroupPolicy: 'securitygrouppolicies',
  StorageClass: 'storageclasses',
};

/** The path of the objects of its kind in its namespace, whatever the kind. */
export function collectionOf({apiVersion, kind, metadata}: KubeObject): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = plurals[kind] ?? `${kind.toLowerCase()}s`;
  const {namespace} = metadata;
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
}

function pathOf(object: KubeObject): string {
  return `${collectionOf(object)}/${object.metadata.name}`;
}

export function applierOf({server, ca, adminToken}: {readonly server: string; readonly ca: string; readonly adminToken: string}): Applier {
  const agent = new Agent({connections: 8, connect: {ca}});
  const authorization = `Bearer ${adminToken}`;
  return {
    async apply(manifest, {dryRun = false} = {}) {
      const query = `fieldManager=test&force=true&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
      const answer = await request(`${server}${pathOf(manifest)}?${query}`, {
        method: 'PATCH',
        dispatcher: agent,
        headers: {authorization, 'content-type': 'application/apply-patch+yaml'},
        body: JSON.stringify(manifest),
      });
      const body = (await answer.body.json()) as KubeObject & {readonly message?: string};
      const {warning} = answer.headers;
      return {
        status: answer.statusCode,
        ...(answer.statusCode < 300 ? {object: body} : {message: body.message ?? 'no message'}),
        ...(warning === undefined ? {} : {warning: String(warning)}),
      };
    },
    async get(manifest) {
      const answer = await request(`${server}${pathOf(manifest)}`, {dispatcher: agent, headers: {authorization}});
      const body = (await answer.body.json()) as KubeObject;
      return answer.statusCode === 200 ? body : undefined;
    },
    close: () => agent.close(),
  };
}
