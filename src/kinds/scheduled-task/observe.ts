import type {Resource} from '../../schema/object.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import type {Doors} from '../doors.ts';
import {tasks} from '../sources.ts';
import type {Observed} from './observed.ts';
import type {ScheduledTaskSpec} from './schema.ts';
import {taskName} from './task-manifest.ts';

/** From the synced copy only: no call is made. */
export async function observe(resource: Resource<ScheduledTaskSpec>, doors: Doors): Promise<Observed> {
  const {name, namespace} = resource.metadata;
  const stem = taskName(name, new Date(0)).slice(0, -1);
  const all = doors.cache.list(tasks, namespace);
  return {tasks: all.filter((task) => isOwnedBy(task, resource) || task.metadata.name.startsWith(stem))};
}
