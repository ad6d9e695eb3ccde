import type {KubeObject} from '../schema/object.ts';
import {deploymentOf} from './deployment.ts';
import {reportLeftovers} from './leftovers.ts';
import {normalizeService, normalizeTaskDefinition} from './normalize.ts';
import {isRefused, type Note} from './note.ts';
import {record} from './recorder.ts';
import {serviceVerdicts, taskVerdicts} from './verdicts.ts';

export interface Settings {
  /** Name of the Deployment. */
  readonly name: string;
  readonly namespace?: string;
  /** The revision of the task definition, where it has one. */
  readonly revision?: number;
}

export interface Translation {
  /** Empty where a note is `refused`. */
  readonly manifests: readonly KubeObject[];
  readonly notes: readonly Note[];
}

/**
 * What a task definition and a service (CreateService's input; with `{}` one task) mean in Kubernetes, and every field that
 * is not carried over as it stands. Takes any JSON and never throws.
 */
export function translate(taskDefinition: unknown, service: unknown, settings: Settings): Translation {
  const task = normalizeTaskDefinition(taskDefinition);
  const asked = normalizeService(service);
  const notes: Note[] = [...task.notes, ...asked.notes];
  if (task.value === undefined || asked.value === undefined) return {manifests: [], notes: unique(notes)};
  const report = (note: Note): void => void notes.push(note);
  const taskRecord = record(task.value);
  const serviceRecord = record(asked.value, 'service');
  const deployment = deploymentOf(taskRecord.value, serviceRecord.value, settings, report);
  void serviceRecord.value.taskDefinition; // Which definition it is has been decided by whoever calls.
  const walk = {report, unknown: 'RegisterTaskDefinition has no such field that is known here.'};
  reportLeftovers(task.value, '', {...walk, isRead: taskRecord.isRead, verdicts: taskVerdicts});
  const serviceWalk = {report, unknown: 'CreateService has no such field that is known here.'};
  reportLeftovers(asked.value, 'service', {...serviceWalk, isRead: serviceRecord.isRead, verdicts: serviceVerdicts});
  return {manifests: notes.some(isRefused) ? [] : [structuredCopy(deployment)], notes: unique(notes)};
}

/** Plain data, with nothing of the recording left in it. */
function structuredCopy(object: KubeObject): KubeObject {
  return JSON.parse(JSON.stringify(object)) as KubeObject;
}

function unique(notes: readonly Note[]): readonly Note[] {
  const seen = new Set<string>();
  return notes.filter(({path, reason}) => {
    const key = `${path} ${reason}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
