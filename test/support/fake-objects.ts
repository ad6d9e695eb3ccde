import type {KubeObject} from '../../src/schema/object.ts';

export interface FakeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** Path of the collection over all namespaces. */
  readonly path: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface FakeObjects {
  /** Creates or changes an object of a collection, such as `/api/v1/secrets`. */
  put(collection: string, object: KubeObject): KubeObject;
  remove(collection: string, name: string, namespace?: string): void;
  list(collection: string): readonly KubeObject[];
  onEvent(listener: (event: FakeEvent) => void): void;
  /** Events after a resourceVersion; undefined where they are compacted. */
  since(version: number): readonly FakeEvent[] | undefined;
  /** Forgets the past: older watches and continue tokens are answered with 410. */
  compact(): void;
  bookmark(): unknown;
  answer(method: string, url: URL, body: string, contentType: unknown): Answer;
}

/** The state of a fake API server: collections by path, one resourceVersion for all, history for watches. */
export function createObjects(): FakeObjects {
  const collections = new Map<string, Map<string, KubeObject>>();
  const history: (FakeEvent & {readonly version: number})[] = [];
  const listeners: ((event: FakeEvent) => void)[] = [];
  const snapshots = new Map<string, readonly KubeObject[]>();
  let version = 100;
  let oldest = 100;

  function collectionOf(path: string): Map<string, KubeObject> {
    const known = collections.get(path) ?? new Map<string, KubeObject>();
    collections.set(path, known);
    return known;
  }

  function record(type: FakeEvent['type'], path: string, object: KubeObject): void {
    const event = {type, path, object, version};
    history.push(event);
    for (const listener of listeners) listener(event);
  }

  function put(path: string, object: KubeObject): KubeObject {
    version += 1;
    const collection = collectionOf(path);
    const key = keyOf(object.metadata.name, object.metadata.namespace);
    const known = collection.get(key);
    const uid = known?.metadata.uid ?? `uid-${version}`;
    const stored = {...object, metadata: {...object.metadata, uid, resourceVersion: String(version)}};
    collection.set(key, stored);
    record(known === undefined ? 'ADDED' : 'MODIFIED', path, stored);
    return stored;
  }

  function remove(path: string, name: string, namespace?: string): void {
    const collection = collectionOf(path);
    const known = collection.get(keyOf(name, namespace));
    if (known === undefined) return;
    version += 1;
    collection.delete(keyOf(name, namespace));
    record('DELETED', path, {...known, metadata: {...known.metadata, resourceVersion: String(version)}});
  }

  function list(path: string, query: URLSearchParams): Answer {
    const [start, at] = (query.get('continue') ?? '0@').split('@');
    const limit = Number(query.get('limit') ?? 0);
    const listed = at === '' || at === undefined ? String(version) : at;
    if (Number(listed) < oldest) return {status: 410, body: status(410, 'Expired', 'the continue token is too old')};
    const snapshot = snapshots.get(`${path}@${listed}`) ?? [...collectionOf(path).values()];
    snapshots.set(`${path}@${listed}`, snapshot);
    const end = limit === 0 ? snapshot.length : Number(start) + limit;
    // As kube-apiserver: items of Kubernetes' own types say neither kind nor apiVersion.
    const items = snapshot.slice(Number(start), end).map((item) => ({...item, kind: undefined, apiVersion: undefined}));
    const more = end < snapshot.length ? {continue: `${end}@${listed}`} : {};
    return {status: 200, body: {kind: 'List', metadata: {resourceVersion: listed, ...more}, items}};
  }

  function answer(method: string, url: URL, body: string, contentType: unknown): Answer {
    const {path, name, namespace, subresource} = parsePath(url.pathname);
    if (method === 'GET' && name === undefined) return list(path, url.searchParams);
    const given = body === '' ? undefined : (JSON.parse(body) as KubeObject);
    if (method === 'POST' && given !== undefined) {
      const exists = collectionOf(path).has(keyOf(given.metadata.name, namespace));
      return exists ? {status: 409, body: status(409, 'AlreadyExists', 'already exists')} : {status: 201, body: put(path, given)};
    }
    const known = collectionOf(path).get(keyOf(name ?? '', namespace));
    if (method === 'PATCH' && contentType === 'application/apply-patch+yaml' && given !== undefined) {
      return {status: 200, body: put(path, {...known, ...given, metadata: {...known?.metadata, ...given.metadata}})};
    }
    if (known === undefined) return {status: 404, body: status(404, 'NotFound', `${name} not found`)};
    if (method === 'GET') return {status: 200, body: known};
    if (method === 'DELETE') {
      remove(path, name ?? '', namespace);
      return {status: 200, body: status(200, '', '')};
    }
    const wanted = given?.metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== known.metadata.resourceVersion) return {status: 409, body: status(409, 'Conflict', 'modified')};
    return {
      status: 200,
      body: put(path, {...known, ...given, metadata: {...known.metadata, ...given?.metadata}, ...(subresource && {subresource})}),
    };
  }

  return {
    put,
    remove,
    list: (path) => [...collectionOf(path).values()],
    onEvent: (listener) => listeners.push(listener),
    since: (from) => (from < oldest ? undefined : history.filter((event) => event.version > from)),
    compact: () => {
      version += 1;
      oldest = version;
      snapshots.clear();
    },
    bookmark: () => ({type: 'BOOKMARK', object: {kind: 'Secret', apiVersion: 'v1', metadata: {resourceVersion: String(version)}}}),
    answer,
  };
}

function keyOf(name: string, namespace: string | undefined): string {
  return `${namespace ?? ''}/${name}`;
}

function parsePath(pathname: string) {
  const parts = pathname.split('/').slice(1).map(decodeURIComponent);
  const root = parts.splice(0, parts[0] === 'api' ? 2 : 3);
  const namespaced = parts[0] === 'namespaces' && parts.length >= 3;
  const namespace = namespaced ? parts.splice(0, 2)[1] : undefined;
  const [plural, name, subresource] = parts;
  return {path: `/${[...root, plural].join('/')}`, name, namespace, subresource};
}

function status(code: number, reason: string, message: string) {
  return {kind: 'Status', apiVersion: 'v1', code, reason, message};
}
