import {hash} from 'node:crypto';
import type {Kind, Watch} from '../kinds/kind.ts';
import {sourceOf} from '../kinds/sources.ts';
import {keyOf, keyText, type KubeObject} from '../schema/object.ts';
import {hasFinalizer} from './finalizer.ts';
import type {Logger} from './log.ts';
import type {CacheEvent, ObservableCache} from './observable-cache.ts';

export interface Subscribing {
  readonly kind: Kind;
  readonly cache: ObservableCache;
  readonly log: Logger;
  readonly add: (key: string) => void;
}

/**
 * Adds the keys of the kind's own objects: of all there are, of each that changes, and of those that a watch names. A change
 * of an own object's status alone is none, or every walk would be followed by another that its own status write set off, and
 * a failure whose message differs each time would be retried without a pause. The answer ends it.
 */
export function subscribe({kind, cache, log, add}: Subscribing): () => void {
  const own = sourceOf(kind.definition);
  const looks = new Map<string, {readonly look: string; readonly isHeld: boolean}>();
  // All own objects are looked at below, so what the cache tells at once, of objects that are there already, adds nothing.
  let isStarting = true;
  const ends = [
    cache.subscribe(own, onOwn),
    ...kind.watches.map((watch) => cache.subscribe(watch.source, (event) => onWatched(watch, event))),
  ];
  isStarting = false;
  for (const object of cache.list(own)) onOwn({type: 'added', object});
  return () => {
    for (const end of ends) end();
  };

  function onOwn({type, object}: CacheEvent): void {
    const key = keyText(keyOf(object));
    if (type === 'deleted') {
      looks.delete(key);
      return add(key);
    }
    const before = looks.get(key);
    const now = {look: lookOf(object), isHeld: hasFinalizer(kind.definition, object)};
    looks.set(key, now);
    // That our finalizer came is our own doing; that it went without us is not.
    if (type === 'added' || before?.look !== now.look || (before.isHeld && !now.isHeld)) add(key);
  }

  /** Asks about the state before as well: whom a change concerns no longer must hear of it too. */
  function onWatched(watch: Watch, {object, previous}: CacheEvent): void {
    if (isStarting) return;
    try {
      const all = cache.list(own);
      const states = previous === undefined ? [object] : [previous, object];
      for (const key of new Set(states.flatMap((state) => watch.keys(state, all)).map(keyText))) add(key);
    } catch (error) {
      log.error({err: error, source: watch.source.name}, 'kind cannot tell whom a change concerns');
    }
  }
}

/** What of an own object a walk depends on, but for its status and our finalizer. Hashed, because annotations can be long. */
function lookOf(object: KubeObject): string {
  const {uid, generation, deletionTimestamp, labels, annotations, ownerReferences} = object.metadata;
  const parts = [uid, generation, deletionTimestamp, labels, annotations, ownerReferences];
  return hash('sha256', JSON.stringify(parts), 'base64');
}
