import type {Cache} from '../kinds/cache.ts';
import type {Source} from '../kinds/kind.ts';
import type {KubeObject} from '../schema/object.ts';

export interface CacheEvent {
  readonly type: 'added' | 'modified' | 'deleted';
  /** As the cache has it now; the last state known where it was deleted. */
  readonly object: KubeObject;
  /** What was known before, where it was modified. */
  readonly previous?: KubeObject;
}

/** When the API server was last heard of for a source; undefined before its first answer. */
export interface SourceContact {
  readonly source: string;
  readonly contactAgeSeconds?: number;
}

/** A cache that says when it changes. */
export interface ObservableCache extends Cache {
  /**
   * The handler runs after the cache has changed; for what is there already it may run at once, as `added`. The answer ends the subscription.
   */
  subscribe(source: Source, handler: (event: CacheEvent) => void): () => void;
  /** Resolves when every source has been listed once; rejects, or resolves, when `signal` aborts before. */
  waitForSync(signal: AbortSignal): Promise<void>;
  /** One for each source. Where it is there, /healthz fails when one source has fallen silent while others are heard. */
  health?(): readonly SourceContact[];
}
