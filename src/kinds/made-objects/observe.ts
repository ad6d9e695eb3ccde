import type {KubeObject} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import type {Entry} from './inventory.ts';
import {isInNamespace} from './owner.ts';
import {typeOf} from './types.ts';

/** An object as it is now, whoever made it; undefined also for one of a kind that is not known here. */
export async function readObject(
  entry: Entry,
  namespace: string | undefined,
  {kube}: Pick<Doors, 'kube'>,
): Promise<KubeObject | undefined> {
  const type = typeOf(entry);
  if (type === undefined) return undefined;
  return kube.get({type, name: entry.name, ...(namespace === undefined || !isInNamespace(entry) ? {} : {namespace})});
}
