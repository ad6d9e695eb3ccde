import type {Logger} from 'pino';
import type {Source} from '../kinds/kind.ts';
import {isGone, KubeError} from '../kube/errors.ts';
import type {Kube, WatchEvent} from '../kube/kube.ts';
import {readPages} from '../kube/paging.ts';
import type {KubeObject} from '../schema/object.ts';
import {createBackoff, reflectorBackoff} from './backoff.ts';
import {changeBy, changesByList} from './change.ts';
import type {Change} from './change.ts';
import type {Store} from './store.ts';

export interface ReflectorOptions {
  readonly kube: Pick<Kube, 'page' | 'watch'>;
  readonly source: Source;
  /** Kept equal to what the API server has; nobody else writes to it. */
  readonly store: Store;
  /** Called after the store has changed. What it throws is logged. */
  readonly onChange: (change: Change) => void;
  /** Called once, after the first whole list and its changes. */
  readonly onSynced?: () => void;
  readonly hooks?: ReflectorHooks;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** The only thing that stops it. */
  readonly signal: AbortSignal;
  readonly doors: ReflectorDoors;
  readonly timings?: Partial<ReflectorTimings>;
}

/** Time and chance. `now` is in milliseconds and never goes back; `sleep` rejects when its signal aborts. */
export interface ReflectorDoors {
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** For metrics. */
export interface ReflectorHooks {
  readonly onList?: (source: Source, result: 'ok' | 'error', seconds: number) => void;
  readonly onWatchEnd?: (source: Source, result: 'ok' | 'error', seconds: number) => void;
  readonly onEvent?: (source: Source, type: WatchEvent['type']) => void;
}

export interface ReflectorTimings {
  /** Seconds that the server is asked to end a watch after: between this and twice this, as client-go. Default 300. */
  readonly watchSeconds: number;
  /** Milliseconds beyond that after which a watch that is still there is cut. Default 30 s. */
  readonly grace: number;
  /** Milliseconds: a watch that ends sooner counts as an error, so that it is not begun again at once. Default 5 s. */
  readonly shortWatch: number;
  /** A watch that failed this often in a row is given up for a list, whatever the errors said. Default 5. */
  readonly watchFailures: number;
}

export interface Reflector {
  /** True once a whole list was read; it stays true. */
  isSynced(): boolean;
  /** When (by `now`) the API server last answered: a page, an event or a bookmark (one a minute); undefined before. */
  lastContact(): number | undefined;
  /** Resolves after `signal` has stopped it. Never rejects. */
  readonly done: Promise<void>;
}

const defaultTimings: ReflectorTimings = {watchSeconds: 300, grace: 30_000, shortWatch: 5000, watchFailures: 5};

/**
 * Keeps a store equal to what the API server has, whatever happens to the connection: lists, then watches from there.
 * A watch that breaks is begun again where it broke; one that cannot be (410) is replaced by a list, and the
 * difference to what was known is told as changes, so no change is lost, though several may be told as one.
 */
export function startReflector(options: ReflectorOptions): Reflector {
  const {kube, source, store, log, signal, doors, hooks} = options;
  const timings = {...defaultTimings, ...options.timings};
  const {type, labelSelector} = source;
  const project = source.project ?? ((object: KubeObject) => object);
  const selection = {...(labelSelector !== undefined && {labelSelector})};
  const backoff = createBackoff({...reflectorBackoff, now: doors.now, random: doors.random});
  let version: string | undefined;
  let synced = false;
  let contact: number | undefined;
  let failures = 0;

  function tell(change: Change | undefined): void {
    if (change === undefined) return;
    try {
      options.onChange(change);
    } catch (error) {
      log.error({err: error, source: source.name}, 'handler of a change failed');
    }
  }

  async function list(): Promise<void> {
    const start = doors.now();
    try {
      const page: Kube['page'] = async (...asked) => {
        const answer = await kube.page(...asked);
        contact = doors.now();
        return answer;
      };
      const {items, resourceVersion} = await readPages({page}, type, {...selection, signal}, project);
      for (const change of changesByList(store, items)) tell(change);
      version = resourceVersion;
      failures = 0;
    } catch (error) {
      hooks?.onList?.(source, 'error', (doors.now() - start) / 1000);
      throw error;
    }
    hooks?.onList?.(source, 'ok', (doors.now() - start) / 1000);
    if (synced) return;
    synced = true;
    options.onSynced?.();
  }

  function take(event: WatchEvent): void {
    contact = doors.now();
    hooks?.onEvent?.(source, event.type);
    if (event.type !== 'BOOKMARK') tell(changeBy(store, event.type, project(event.object)));
    version = event.object.metadata.resourceVersion ?? version;
    failures = 0;
  }

  async function watch(resourceVersion: string): Promise<void> {
    const start = doors.now();
    const timeoutSeconds = Math.round(timings.watchSeconds * (1 + doors.random()));
    const over = new AbortController();
    const cut = new AbortController();
    const timer = doors.sleep(timeoutSeconds * 1000 + timings.grace, over.signal).then(
      () => cut.abort(),
      () => {},
    );
    let result: 'ok' | 'error' = 'error';
    try {
      const watchSignal = AbortSignal.any([signal, cut.signal]);
      const events = kube.watch(type, {...selection, resourceVersion, timeoutSeconds, signal: watchSignal});
      for await (const event of events) take(event);
      if (signal.aborted) return;
      if (cut.signal.aborted) throw new Error('the watch outlived its time-out');
      if (doors.now() - start < timings.shortWatch) throw new Error('the watch ended at once');
      result = 'ok';
    } finally {
      over.abort();
      await timer;
      hooks?.onWatchEnd?.(source, result, (doors.now() - start) / 1000);
    }
  }

  async function recover(error: unknown): Promise<void> {
    const duringList = version === undefined;
    failures += 1;
    if (cannotResume(error) || failures >= timings.watchFailures) version = undefined;
    const asked = error instanceof KubeError ? (error.retryAfter ?? 0) * 1000 : 0;
    const milliseconds = Math.max(backoff.next(), asked);
    const message = error instanceof Error ? error.message : String(error);
    const facts = {source: source.name, error: message, seconds: Math.round(milliseconds / 100) / 10, relist: version === undefined};
    if (duringList) log.warn(facts, 'list failed');
    else log.info(facts, 'watch ended');
    await doors.sleep(milliseconds, signal);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        if (version === undefined) await list();
        if (version !== undefined) await watch(version);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        await recover(error).catch(() => {});
      }
    }
  }

  return {isSynced: () => synced, lastContact: () => contact, done: run()};
}

/** What says that the resourceVersion is no good, or that something other than the connection is wrong. */
function cannotResume(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false;
  if (isGone(error)) return true;
  // «Too large resource version»: the API server was restored from a backup, or is far behind its peers.
  if (error.causes.some((cause) => cause.reason === 'ResourceVersionTooLarge')) return true;
  return error.status >= 400 && error.status < 500 && error.status !== 429;
}
