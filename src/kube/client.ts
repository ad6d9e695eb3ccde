import type {KubeObject} from '../schema/object.ts';
import type {ResourceType} from '../schema/resource-type.ts';
import {Secret} from '../schema/secret.ts';
import {serviceAccounts} from '../schema/types.ts';
import {answeredInWatch} from './answer.ts';
import {isNotFound, KubeError} from './errors.ts';
import type {Asked} from './errors.ts';
import {failureOf} from './failure.ts';
import {jsonLines} from './json-lines.ts';
import {fieldManager} from './kube.ts';
import type {Kube, ListOptions, Page, Ref, WatchEvent} from './kube.ts';
import {readPages} from './paging.ts';
import type {Transport} from './transport.ts';

const pageSize = 500;
/** A list in one page, which only follows an expired continue token, may be large. */
const wholeListTimeout = 120_000;

/** The API server behind a transport. */
export function createKube(transport: Transport): Kube {
  async function get(ref: Ref): Promise<KubeObject | undefined> {
    try {
      return asObject(await transport.json({asked: {verb: 'get', ...ref}, method: 'GET', idempotent: true}), ref.type);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async function page(type: ResourceType, options: ListOptions = {}): Promise<Page> {
    const {limit = pageSize, signal} = options;
    const answer = await transport.json({
      asked: askedOf('list', type, options),
      method: 'GET',
      query: {...selection(options), limit: limit === 0 ? undefined : String(limit), continue: options.continue},
      idempotent: true,
      ...(limit === 0 && {timeout: wholeListTimeout}),
      ...(signal !== undefined && {signal}),
    });
    return pageOf(answer as ListAnswer, type);
  }

  async function create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const {namespace} = object.metadata;
    const asked: Asked = {verb: 'create', type, ...(namespace !== undefined && {namespace})};
    const answer = await transport.json({
      asked,
      method: 'POST',
      query: {fieldManager},
      contentType: 'application/json',
      body: object,
      idempotent: false,
    });
    return asObject(answer, type);
  }

  const apply: Kube['apply'] = async (type, object, options = {}) => {
    const {name, namespace} = object.metadata;
    const {subresource, force = true} = options;
    const answer = await transport.json({
      asked: patchOf({type, name, ...(namespace !== undefined && {namespace})}, subresource),
      method: 'PATCH',
      query: {fieldManager: options.fieldManager ?? fieldManager, force: String(force)},
      // The API server reads it as YAML, and JSON is YAML.
      contentType: 'application/apply-patch+yaml',
      body: object,
      idempotent: true,
    });
    return asObject(answer, type);
  };

  const merge: Kube['merge'] = async (ref, patch, options = {}) => {
    const metadata = patch['metadata'] as {resourceVersion?: unknown} | undefined;
    const answer = await transport.json({
      asked: patchOf(ref, options.subresource),
      method: 'PATCH',
      query: {fieldManager},
      contentType: 'application/merge-patch+json',
      body: patch,
      // Without it, a second try could undo what another writer did after the first.
      idempotent: metadata?.resourceVersion !== undefined,
    });
    return asObject(answer, ref.type);
  };

  const remove: Kube['delete'] = async (ref, options = {}) => {
    const {uid, propagationPolicy} = options;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(uid !== undefined && {preconditions: {uid}}),
      ...(propagationPolicy !== undefined && {propagationPolicy}),
    };
    try {
      await transport.json({
        asked: {verb: 'delete', ...ref},
        method: 'DELETE',
        contentType: 'application/json',
        body,
        idempotent: true,
      });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };

  const serviceAccountToken: Kube['serviceAccountToken'] = async (account, audience) => {
    const asked: Asked = {verb: 'create', type: serviceAccounts, ...account, subresource: 'token'};
    const body = {apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {audiences: [audience]}};
    const answer = await transport.json({asked, method: 'POST', contentType: 'application/json', body, idempotent: true});
    const {token} = (answer as {readonly status?: {readonly token?: unknown}}).status ?? {};
    if (typeof token === 'string' && token !== '') return new Secret(token);
    throw new KubeError(asked, {status: 0, reason: 'MalformedAnswer', message: 'the answer holds no token'});
  };

  const list: Kube['list'] = (type, options = {}) => readPages({page}, type, options, (object) => object);
  return {
    get,
    page,
    list,
    create,
    apply,
    merge,
    delete: remove,
    serviceAccountToken,
    watch: (type, options) => watchOnce(transport, type, options),
  };
}

async function* watchOnce(
  transport: Transport,
  type: ResourceType,
  options: Parameters<Kube['watch']>[1],
): AsyncGenerator<WatchEvent, void, undefined> {
  const {signal, timeoutSeconds} = options;
  const asked = askedOf('watch', type, options);
  const query = {...selection(options), watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(timeoutSeconds)};
  try {
    const chunks = await transport.stream({asked, method: 'GET', query, idempotent: true, signal});
    for await (const line of jsonLines(chunks)) yield eventOf(asked, line);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof KubeError ? error : new KubeError(asked, failureOf(error));
  }
}

const eventTypes: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

function eventOf(asked: Asked, line: unknown): WatchEvent {
  const {type, object} = (line ?? {}) as {readonly type?: unknown; readonly object?: unknown};
  if (type === 'ERROR') throw new KubeError(asked, answeredInWatch(object));
  if (!eventTypes.has(type)) throw new KubeError(asked, {status: 0, reason: 'MalformedAnswer', message: 'the watch sent no event'});
  return {type: type as WatchEvent['type'], object: asObject(object, asked.type)};
}

interface ListAnswer {
  readonly items?: readonly unknown[] | null;
  readonly metadata?: {readonly resourceVersion?: string; readonly continue?: string};
}

function pageOf({items, metadata}: ListAnswer, type: ResourceType): Page {
  const more = metadata?.continue;
  return {
    items: (items ?? []).map((item) => asObject(item, type)),
    resourceVersion: metadata?.resourceVersion ?? '',
    ...(more !== undefined && more !== '' && {continue: more}),
  };
}

/** Lists of Kubernetes' own types leave out what each item is. */
function asObject(value: unknown, type: ResourceType): KubeObject {
  const object = value as KubeObject;
  return object.kind === undefined ? {...object, apiVersion: type.apiVersion, kind: type.kind} : object;
}

function askedOf(verb: Asked['verb'], type: ResourceType, {namespace}: ListOptions): Asked {
  return {verb, type, ...(namespace !== undefined && {namespace})};
}

function patchOf(ref: Ref, subresource: string | undefined): Asked {
  return {verb: 'patch', ...ref, ...(subresource !== undefined && {subresource})};
}

function selection({labelSelector, fieldSelector, resourceVersion}: ListOptions) {
  return {labelSelector, fieldSelector, resourceVersion};
}
