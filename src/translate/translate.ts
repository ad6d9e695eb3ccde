import type {KubeObject} from '../schema/object.ts';
import {defaultCluster} from './cluster-settings.ts';
import type {Context, Settings} from './context.ts';
import {deploymentOf} from './deployment.ts';
import {deploymentSettingsOf, type DeploymentSettings} from './deployment-settings.ts';
import {reportLeftovers} from './leftovers.ts';
import {normalizeService, normalizeTaskDefinition} from './normalize.ts';
import type {NeededSecret} from './needs.ts';
import {isRefused, type Note} from './note.ts';
import {record} from './recorder.ts';
import {serviceVerdicts, taskVerdicts} from './verdicts.ts';

export interface Translation {
  /** The workload first, then what it needs beside it. Empty where a note is `refused`. */
  readonly manifests: readonly KubeObject[];
  readonly notes: readonly Note[];
  /** Secrets that must be filled from AWS before the workload may run. */
  readonly needs: readonly NeededSecret[];
  /** How the workload is deployed, beyond what it says itself. Undefined where a note is `refused`. */
  readonly deployment?: DeploymentSettings;
}

/**
 * What a task definition and a service (CreateService's input; with `{}` one task) mean in Kubernetes, and every field that
 * is not carried over as it stands. Takes any JSON and never throws.
 */
export function translate(taskDefinition: unknown, service: unknown, settings: Settings): Translation {
  const task = normalizeTaskDefinition(taskDefinition);
  const asked = normalizeService(service);
  const notes: Note[] = [...task.notes, ...asked.notes];
  if (task.value === undefined || asked.value === undefined) return {manifests: [], notes: unique(notes), needs: []};
  const report = (note: Note): void => void notes.push(note);
  const taskRecord = record(task.value);
  const serviceRecord = record(asked.value, 'service');
  const others: KubeObject[] = [];
  const needs: NeededSecret[] = [];
  const context: Context = {
    form: 'service',
    settings,
    cluster: settings.cluster ?? defaultCluster,
    report,
    add: (object) => void others.push(object),
    need: (secret) => void needs.push(secret),
  };
  const workload = deploymentOf(taskRecord.value, serviceRecord.value, context);
  void serviceRecord.value.taskDefinition; // Which definition it is has been decided by whoever calls.
  const walk = {report, unknown: 'RegisterTaskDefinition has no such field that is known here.'};
  reportLeftovers(task.value, '', {...walk, isRead: taskRecord.isRead, verdicts: taskVerdicts});
  const serviceWalk = {report, unknown: 'CreateService has no such field that is known here.'};
  reportLeftovers(asked.value, 'service', {...serviceWalk, isRead: serviceRecord.isRead, verdicts: serviceVerdicts});
  if (notes.some(isRefused)) return {manifests: [], notes: unique(notes), needs: []};
  return {
    manifests: [workload, ...others].map(structuredCopy),
    notes: unique(notes),
    needs: structuredCopy(needs),
    deployment: deploymentSettingsOf(asked.value, () => {}),
  };
}

/** Plain data, with nothing of the recording left in it. */
function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function unique(notes: readonly Note[]): readonly Note[] {
  const seen = new Set<string>();
  return notes.filter(({path, reason}) => {
    const key = `${path} ${reason}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
