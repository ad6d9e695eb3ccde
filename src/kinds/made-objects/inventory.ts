import type {KubeObject, Resource} from '../../schema/object.ts';
import {isInNamespace} from './owner.ts';
import type {MadeObjects} from './schema.ts';
import {isRemembered} from './types.ts';

/** Which object, as the status remembers it. */
export interface Entry {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/**
 * The objects of which no copy is kept, as far as the status says. An object is written down before it is made, so that a
 * process that dies in between leaves nothing that nobody knows of.
 */
export function inventoryOf({status}: Resource): readonly Entry[] {
  return (status as {objects?: MadeObjects} | undefined)?.objects ?? [];
}

export function entryOf({apiVersion, kind, metadata}: KubeObject): Entry {
  return {apiVersion, kind, name: metadata.name};
}

export function isSameObject(one: Entry, other: Entry): boolean {
  return one.kind === other.kind && one.apiVersion === other.apiVersion && one.name === other.name;
}

/** What of the wanted objects has to be written down first. */
export function unwritten(resource: Resource, wanted: readonly KubeObject[]): readonly Entry[] {
  const known = inventoryOf(resource);
  return wanted
    .filter(isRemembered)
    .map(entryOf)
    .filter((entry) => !known.some((one) => isSameObject(one, entry)));
}

/** What is to be remembered from now on: what is wanted, and what is still there. */
export function nextInventory(resource: Resource, wanted: readonly KubeObject[], there: readonly KubeObject[]): Entry[] {
  const present = there.map(entryOf);
  const kept = inventoryOf(resource).filter((entry) => present.some((one) => isSameObject(one, entry)));
  const added = wanted
    .filter(isRemembered)
    .map(entryOf)
    .filter((entry) => !kept.some((one) => isSameObject(one, entry)));
  return [...kept, ...added];
}

/** Something that is in no namespace has been made, or is about to be: Kubernetes would not remove it with its owner. */
export function isHeld(resource: Resource): boolean {
  return inventoryOf(resource).some((entry) => !isInNamespace(entry));
}
