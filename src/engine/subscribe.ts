import {createHash} from 'node:crypto';
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
  const looks = new Map<string, string>();
  const ends = [
    cache.subscribe(own, onOwn),
    ...kind.watches.map((watch) => cache.subscribe(watch.source, (event) => onWatched(watch, event))),
  ];
  for (const object of cache.list(own)) add(keyText(keyOf(object)));
  return () => {
    for (const end of ends) end();
  };

  function onOwn({type, object}: CacheEvent): void {
    const key = keyText(keyOf(object));
    if (type === 'deleted') {
      looks.delete(key);
      return add(key);
    }
    const look = lookOf(kind, object);
    const isNew = looks.get(key) !== look;
    looks.set(key, look);
    if (isNew || type === 'added') add(key);
  }

  function onWatched(watch: Watch, {object}: CacheEvent): void {
    try {
      for (const key of watch.keys(object, cache.list(own))) add(keyText(key));
    } catch (error) {
      log.error({err: error, source: watch.source.name}, 'kind cannot tell whom a change concerns');
    }
  }
}

/** What of an own object a walk depends on, but for its status. Hashed, because annotations can be long. */
function lookOf(kind: Kind, object: KubeObject): string {
  const {uid, generation, deletionTimestamp, labels, annotations, ownerReferences} = object.metadata;
  const parts = [uid, generation, deletionTimestamp, labels, annotations, ownerReferences, hasFinalizer(kind.definition, object)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
