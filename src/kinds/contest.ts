import type {Doors} from './doors.ts';
import type {Source} from './kind.ts';
import {ownerOf} from './ownership.ts';

/** Whether the owner is another object of this cluster, and that object is still there. `source`: all objects of the kind. */
export function isContested(
  owner: string | undefined,
  own: string,
  source: Source,
  {cache, clusterId}: Pick<Doors, 'cache' | 'clusterId'>,
): boolean {
  if (owner === undefined || owner === own || !owner.startsWith(`${clusterId}/`)) return false;
  return cache
    .list(source)
    .some(
      ({metadata}) => metadata.deletionTimestamp === undefined && ownerOf(clusterId, metadata.namespace ?? '', metadata.name) === owner,
    );
}
