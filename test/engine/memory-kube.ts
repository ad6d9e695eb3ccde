import {isDeepStrictEqual} from 'node:util';
import type {CacheEvent, ObservableCache} from '../../src/engine/observable-cache.ts';
import type {Source} from '../../src/kinds/kind.ts';
import type {Kube, Page, Ref, WatchEvent} from '../../src/kube/kube.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import type {ResourceType} from '../../src/schema/resource-type.ts';

export class Refused extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`refused with ${code}`);
    this.code = code;
  }
}

interface Mutable {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown> & {name: string; resourceVersion?: string};
  [field: string]: unknown;
}

/** What of the API server the engine leans on: versions, conflicts, generations, finalizers, uids, /status. */
export class MemoryKube implements Kube {
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<(type: ResourceType, event: WatchEvent) => void>();
  #version = 0;
  #uid = 0;
  readonly calls: string[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  objects(plural: string): readonly KubeObject[] {
    return [...this.#objects].filter(([path]) => path.startsWith(`${plural} `)).map(([, object]) => object);
  }

  onEvent(listener: (type: ResourceType, event: WatchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async get(ref: Ref): Promise<KubeObject | undefined> {
    this.calls.push(`get ${ref.type.plural}`);
    return this.#objects.get(pathOf(ref));
  }

  async page(type: ResourceType): Promise<Page> {
    return {items: this.objects(type.plural), resourceVersion: `${this.#version}`};
  }

  list(type: ResourceType): Promise<Page> {
    return this.page(type);
  }

  async create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    this.calls.push(`create ${type.plural}`);
    if (this.#objects.has(pathOf({type, ...object.metadata}))) throw new Refused(409);
    return this.#put(type, {...copy(object), metadata: {...object.metadata, uid: `uid-${++this.#uid}`, generation: 1}}, 'ADDED');
  }

  async apply(type: ResourceType, object: KubeObject, options?: {readonly subresource?: 'status'}): Promise<KubeObject> {
    this.calls.push(`apply ${type.plural} ${options?.subresource ?? ''}`);
    const found = this.#objects.get(pathOf({type, ...object.metadata}));
    if (found === undefined) throw new Refused(404);
    if (object.metadata.uid !== undefined && object.metadata.uid !== found.metadata.uid) throw new Refused(409);
    if (options?.subresource !== 'status') throw new Error('only the status is applied here');
    if (isDeepStrictEqual(found['status'], copy(object)['status'])) return found;
    return this.#put(type, {...copy(found), status: object['status']}, 'MODIFIED');
  }

  async merge(ref: Ref, patch: Readonly<Record<string, unknown>>): Promise<KubeObject> {
    this.calls.push(`merge ${ref.type.plural}`);
    const found = this.#objects.get(pathOf(ref));
    if (found === undefined) throw new Refused(404);
    const {metadata = {}, ...rest} = copy(patch) as {metadata?: Record<string, unknown>};
    const version = metadata['resourceVersion'];
    if (version !== undefined && version !== found.metadata.resourceVersion) throw new Refused(409);
    const merged = mergeInto(copy(found), rest) as Mutable;
    merged.metadata = {...merged.metadata, ...metadata};
    if (!isDeepStrictEqual(merged['spec'], found['spec'])) merged.metadata['generation'] = (found.metadata.generation ?? 0) + 1;
    return this.#put(ref.type, merged, 'MODIFIED');
  }

  async serviceAccountToken({name}: {readonly name: string}, audience: string): Promise<never> {
    throw new Error(`the engine asks for no token of ${name} for ${audience}`);
  }

  async delete(ref: Ref): Promise<boolean> {
    const found = this.#objects.get(pathOf(ref));
    if (found === undefined) return false;
    if (found.metadata.deletionTimestamp !== undefined) return true;
    this.#put(ref.type, {...copy(found), metadata: {...found.metadata, deletionTimestamp: this.#now().toISOString()}}, 'MODIFIED');
    return true;
  }

  async *watch(type: ResourceType, options: {readonly signal: AbortSignal}): AsyncIterable<WatchEvent> {
    const events: WatchEvent[] = [];
    let wake: (() => void) | undefined;
    const end = this.onEvent((changed, event) => {
      if (changed.plural !== type.plural) return;
      events.push(event);
      wake?.();
    });
    try {
      while (!options.signal.aborted) {
        const event = events.shift();
        if (event !== undefined) yield event;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
            options.signal.addEventListener('abort', () => resolve(), {once: true});
          });
        }
      }
    } finally {
      end();
    }
  }

  #put(type: ResourceType, object: KubeObject, event: 'ADDED' | 'MODIFIED'): KubeObject {
    const stored = copy({...object, metadata: {...object.metadata, resourceVersion: `${++this.#version}`}});
    const path = pathOf({type, ...stored.metadata});
    const isGone = stored.metadata.deletionTimestamp !== undefined && (stored.metadata.finalizers ?? []).length === 0;
    if (isGone) this.#objects.delete(path);
    else this.#objects.set(path, stored);
    for (const listener of this.#listeners) listener(type, {type: isGone ? 'DELETED' : event, object: stored});
    return stored;
  }
}

/** A cache of a MemoryKube that follows it, at once or only when told. */
export class MemoryCache implements ObservableCache {
  readonly #kube: MemoryKube;
  readonly #objects = new Map<string, KubeObject>();
  readonly #handlers = new Map<string, Set<(event: CacheEvent) => void>>();
  #held: (() => void)[] | undefined;

  constructor(kube: MemoryKube, plurals: readonly string[]) {
    this.#kube = kube;
    for (const plural of plurals) for (const object of kube.objects(plural)) this.#objects.set(key(plural, object.metadata), object);
    kube.onEvent((type, {type: what, object}) => {
      const path = key(type.plural, object.metadata);
      const take = (): void => {
        const previous = this.#objects.get(path);
        if (what === 'DELETED') this.#objects.delete(path);
        else this.#objects.set(path, object);
        const kind = what === 'DELETED' ? 'deleted' : what === 'ADDED' ? 'added' : 'modified';
        for (const handler of this.#handlers.get(type.plural) ?? [])
          handler({type: kind, object, ...(kind === 'modified' && previous !== undefined && {previous})});
      };
      if (this.#held) this.#held.push(take);
      // After the answer to the write, or before it, as it comes: a watch is another connection.
      else queueMicrotask(take);
    });
  }

  /** Falls behind until it is released. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const take of held) take();
  }

  get(source: Source, name: string, namespace?: string): KubeObject | undefined {
    return this.#objects.get(key(source.type.plural, {name, ...(namespace !== undefined && {namespace})}));
  }

  list(source: Source, namespace?: string): readonly KubeObject[] {
    return [...this.#objects]
      .filter(
        ([path, object]) =>
          path.startsWith(`${source.type.plural} `) && (namespace ?? object.metadata.namespace) === object.metadata.namespace,
      )
      .map(([, object]) => object);
  }

  subscribe(source: Source, handler: (event: CacheEvent) => void): () => void {
    const handlers = this.#handlers.get(source.type.plural) ?? new Set();
    for (const object of this.list(source)) handler({type: 'added', object});
    this.#handlers.set(source.type.plural, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  waitForSync(): Promise<void> {
    return Promise.resolve();
  }

  get kube(): MemoryKube {
    return this.#kube;
  }
}

function mergeInto(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = typeof target === 'object' && target !== null && !Array.isArray(target) ? {...target} : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete merged[field];
    else merged[field] = mergeInto(merged[field], value);
  }
  return merged;
}

function key(plural: string, {name, namespace}: {readonly name: string; readonly namespace?: string}): string {
  return `${plural} ${namespace ?? ''}/${name}`;
}

function pathOf({type, name, namespace}: Ref): string {
  return key(type.plural, {name, ...(namespace !== undefined && {namespace})});
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
