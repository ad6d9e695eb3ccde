import type {Cache} from '../kinds/cache.ts';
import type {Source} from '../kinds/kind.ts';
import type {KubeObject} from '../schema/object.ts';

export interface CacheEvent {
  readonly type: 'added' | 'modified' | 'deleted';
  /** As the cache has it now; the last state known where it was deleted. */
  readonly object: KubeObject;
}

/** A cache that says when it changes. */
export interface ObservableCache extends Cache {
  /** The handler runs after the cache has changed. The answer ends the subscription. */
  subscribe(source: Source, handler: (event: CacheEvent) => void): () => void;
  /** Resolves when every source has been listed once; rejects, or resolves, when `signal` aborts before. */
  waitForSync(signal: AbortSignal): Promise<void>;
}
