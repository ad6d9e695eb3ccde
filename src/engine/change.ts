import {keyOf, keyText} from '../schema/object.ts';
import type {KubeObject} from '../schema/object.ts';
import type {WatchEvent} from '../kube/kube.ts';
import type {Store} from './store.ts';

/** What happened to an object of a source, as it is kept. For `deleted`, its last known state. */
export interface Change {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: KubeObject;
  /** For `modified`, what was known before. */
  readonly previous?: KubeObject;
}

/** Brings the store up to an event; undefined where it says nothing new. */
export function changeBy(store: Store, type: Exclude<WatchEvent['type'], 'BOOKMARK'>, object: KubeObject): Change | undefined {
  if (type !== 'DELETED') return changeTo(store, object);
  const {name, namespace} = object.metadata;
  return store.delete(name, namespace) === undefined ? undefined : {type: 'deleted', object};
}

/** Brings the store up to a whole list. Each change is told when the store has it, and before the next is made. */
export function* changesByList(store: Store, objects: readonly KubeObject[]): Generator<Change, void, undefined> {
  const listed = new Set(objects.map((object) => keyText(keyOf(object))));
  for (const object of store.list()) {
    if (listed.has(keyText(keyOf(object)))) continue;
    const {name, namespace} = object.metadata;
    store.delete(name, namespace);
    yield {type: 'deleted', object};
  }
  for (const object of objects) {
    const change = changeTo(store, object);
    if (change !== undefined) yield change;
  }
}

/**
 * An object that was deleted and created again under its name while nobody watched is told as `modified`; `previous`
 * has the other uid.
 */
function changeTo(store: Store, object: KubeObject): Change | undefined {
  const {name, namespace, resourceVersion} = object.metadata;
  const known = store.get(name, namespace);
  if (known === undefined) {
    store.set(object);
    return {type: 'added', object};
  }
  if (resourceVersion !== undefined && known.metadata.resourceVersion === resourceVersion) return undefined;
  store.set(object);
  return {type: 'modified', object, previous: known};
}
