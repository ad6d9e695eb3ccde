import type {KubeObject} from '../schema/object.ts';

/**
 * Whose a thing is that AWS cannot tag (a rule, a template): the object remembers in its status when the thing was created
 * that it made or took.
 *
 * - `ours`: remembered.
 * - `same`: it says what the spec says, so taking it overwrites nothing; also what is left of a creation whose status could
 *   not be written.
 * - `adoptable`: the spec says to take it.
 * - `foreign`: it is left alone.
 */
export type Standing = 'ours' | 'same' | 'adoptable' | 'foreign';

export function standingOf(given: {
  /** When AWS created what was found. */
  readonly createdAt: string | undefined;
  /** When AWS created what the status remembers. */
  readonly knownSince: string | undefined;
  readonly isSame: boolean;
  readonly adoptionPolicy: 'IfOwned' | 'Adopt' | 'Never';
}): Standing {
  const {createdAt, knownSince, isSame, adoptionPolicy} = given;
  if (knownSince !== undefined && (createdAt === undefined || isSameSecond(knownSince, createdAt))) return 'ours';
  if (adoptionPolicy === 'Adopt') return 'adoptable';
  return isSame && adoptionPolicy === 'IfOwned' ? 'same' : 'foreign';
}

/** One API may answer milliseconds where another rounds to seconds. */
export function isSameSecond(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) < 1000;
}

/** Of the objects that want the same thing, the one that has it: the oldest; of two of one second, the first by name. */
export function elderOf(object: KubeObject, rivals: readonly KubeObject[]): KubeObject | undefined {
  const elders = rivals.filter((rival) => rival.metadata.deletionTimestamp === undefined && isOlder(rival, object));
  return elders.toSorted((a, b) => (isOlder(a, b) ? -1 : 1))[0];
}

function isOlder(one: KubeObject, other: KubeObject): boolean {
  const age = (one.metadata.creationTimestamp ?? '').localeCompare(other.metadata.creationTimestamp ?? '');
  return age === 0 ? one.metadata.name < other.metadata.name : age < 0;
}
