import type {Cache} from '../kinds/cache.ts';
import type {Source} from '../kinds/kind.ts';
import {Interruption} from '../kinds/outcome.ts';
import type {Change} from './change.ts';
import {startReflector} from './reflector.ts';
import type {Reflector, ReflectorOptions} from './reflector.ts';
import {createStore} from './store.ts';
import type {Store} from './store.ts';

export type ChangeHandler = (change: Change) => void;

/** Copies of sources that keep themselves up to date. */
export interface LiveCache extends Cache {
  /**
   * Every change from now on, after an `added` for each object that is already there; so it does not matter when
   * one subscribes. A handler that throws is logged, and hinders no other. Returns how to stop.
   */
  subscribe(source: Source, handler: ChangeHandler): () => void;
  /** Resolves when every source has been listed once; rejects when `signal` aborts. */
  waitForSync(signal: AbortSignal): Promise<void>;
  isSynced(): boolean;
  /** For health and metrics, one for each source. */
  health(): readonly SourceHealth[];
  /** Resolves when every reflector has stopped. */
  readonly done: Promise<void>;
}

export interface SourceHealth {
  readonly source: string;
  readonly synced: boolean;
  readonly objects: number;
  /** Seconds since the API server last answered for this source; undefined before the first answer. A quiet source hears once a minute. */
  readonly contactAgeSeconds?: number;
}

export type CacheOptions = Omit<ReflectorOptions, 'source' | 'store' | 'onChange' | 'onSynced'>;

interface Copy {
  readonly source: Source;
  readonly store: Store;
  readonly handlers: Set<ChangeHandler>;
  readonly reflector: Reflector;
  readonly synced: Promise<void>;
}

/** Starts a reflector for each source that has a name of its own. Two sources of one name must select the same. */
export function createCache(sources: readonly Source[], options: CacheOptions): LiveCache {
  const {log, doors, signal} = options;
  const copies = new Map<string, Copy>();
  for (const source of sources) {
    const known = copies.get(source.name)?.source;
    if (known === undefined) copies.set(source.name, copyOf(source));
    else if (!sameSelection(known, source)) throw new Error(`two sources are named ${source.name} and differ`);
  }

  function copyOf(source: Source): Copy {
    const store = createStore();
    const handlers = new Set<ChangeHandler>();
    const {promise: synced, resolve} = Promise.withResolvers<void>();
    const onChange = (change: Change) => {
      for (const handler of handlers) tell(source, handler, change);
    };
    return {source, store, handlers, synced, reflector: startReflector({...options, source, store, onChange, onSynced: resolve})};
  }

  function tell(source: Source, handler: ChangeHandler, change: Change): void {
    try {
      handler(change);
    } catch (error) {
      log.error({err: error, source: source.name}, 'handler of a change failed');
    }
  }

  function copy(source: Source): Copy {
    const found = copies.get(source.name);
    if (found === undefined) throw new Error(`no kind watches the source ${source.name}`);
    return found;
  }

  /** What is not yet known to be there must not be taken for missing: a kind might delete for it. */
  function readable(source: Source): Store {
    const {store, reflector} = copy(source);
    if (reflector.isSynced()) return store;
    throw new Interruption({is: 'waiting', reason: 'CacheNotSynced', message: `${source.name} are not listed yet`, seconds: 1});
  }

  function subscribe(source: Source, handler: ChangeHandler): () => void {
    const {handlers, store} = copy(source);
    for (const object of store.list()) tell(source, handler, {type: 'added', object});
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  function healthOf({source, store, reflector}: Copy): SourceHealth {
    const contact = reflector.lastContact();
    return {
      source: source.name,
      synced: reflector.isSynced(),
      objects: store.size,
      ...(contact !== undefined && {contactAgeSeconds: (doors.now() - contact) / 1000}),
    };
  }

  const all = [...copies.values()];
  return {
    get: (source, name, namespace) => readable(source).get(name, namespace),
    list: (source, namespace) => readable(source).list(namespace),
    subscribe,
    waitForSync: (waiting) => untilAborted(Promise.all(all.map(({synced}) => synced)), AbortSignal.any([signal, waiting])),
    isSynced: () => all.every(({reflector}) => reflector.isSynced()),
    health: () => all.map((each) => healthOf(each)),
    done: allDone(all),
  };
}

async function allDone(copies: readonly Copy[]): Promise<void> {
  await Promise.all(copies.map(({reflector}) => reflector.done));
}

function sameSelection(a: Source, b: Source): boolean {
  return (
    a.type.apiVersion === b.type.apiVersion &&
    a.type.plural === b.type.plural &&
    a.labelSelector === b.labelSelector &&
    a.project === b.project
  );
}

async function untilAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const {promise: aborted, reject} = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, {once: true});
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
