import {managedBy, managedByLabel} from '../../schema/labels.ts';
import type {KubeObject, Resource} from '../../schema/object.ts';
import {ecsApiVersion} from '../../schema/types.ts';
import {labelName, labelValue} from '../../translate/names.ts';
import {ownerReference} from '../../translate/revision.ts';
import type {RunTaskInput} from '../../translate/run-task-input.ts';
import type {ScheduledTaskSpec} from './schema.ts';

/** On each Task: which schedule made it. */
export const scheduleLabel = 'ecs.drayage.dev/scheduled-task';
/** On each Task: the time for which it was made, RFC 3339. */
export const scheduledAtAnnotation = 'ecs.drayage.dev/scheduled-at';

/** Leaves room for a `-` and the minutes since 1970. */
const longestStem = 50;

/** The same for each time, so that no time is run twice, by whichever process and after whatever end of another. */
export function taskName(schedule: string, time: Date): string {
  return `${labelName(schedule, longestStem)}-${Math.floor(time.getTime() / 60_000)}`;
}

/** The Task for one time. `startedBy` is what EventBridge Scheduler writes there. */
export function taskManifest(resource: Resource<ScheduledTaskSpec>, run: RunTaskInput, time: Date): KubeObject {
  const {name, namespace} = resource.metadata;
  const startedBy = `chronos-schedule/${name.replaceAll('.', '-')}`.slice(0, 128);
  return {
    apiVersion: ecsApiVersion,
    kind: 'Task',
    metadata: {
      name: taskName(name, time),
      ...(namespace === undefined ? {} : {namespace}),
      labels: {[managedByLabel]: managedBy, [scheduleLabel]: labelValue(name)},
      annotations: {[scheduledAtAnnotation]: `${time.toISOString().slice(0, 19)}Z`},
      ownerReferences: [ownerReference(resource)],
    },
    spec: {startedBy, ...run},
  };
}

export function scheduledAt({metadata}: KubeObject): Date | undefined {
  const time = Date.parse(metadata.annotations?.[scheduledAtAnnotation] ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}
