import type {KubeObject} from '../schema/object.ts';
import {type ClusterSettings, defaultCluster} from './cluster-settings.ts';
import {reportOnEksFargate} from './compute/eks-fargate.ts';
import type {Context, Settings} from './context.ts';
import {deploymentOf} from './deployment.ts';
import {deploymentSettingsOf, type DeploymentSettings} from './deployment-settings.ts';
import {exposeService} from './expose.ts';
import {reportLeftovers} from './leftovers.ts';
import {normalizeService, normalizeTaskDefinition} from './normalize.ts';
import type {ServiceInput} from './ecs.ts';
import type {NeededSecret} from './needs.ts';
import {isRefused, type Note} from './note.ts';
import {bounded} from './note-schema.ts';
import {record} from './recorder.ts';
import {byPolicy} from './strict.ts';
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
    ...launchOf(serviceRecord.value),
    add: (object) => void others.push(object),
    need: (secret) => void needs.push(secret),
  };
  const workload = deploymentOf(taskRecord.value, serviceRecord.value, context);
  exposeService(taskRecord.value, serviceRecord.value, context);
  reportOnEksFargate(task.value, asked.value, 'service', context);
  // Whoever names a Cluster has looked up which one the service asks for.
  if (settings.cluster !== undefined) void serviceRecord.value.cluster;
  void serviceRecord.value.taskDefinition; // Which definition it is has been decided by whoever calls.
  const walk = {report, unknown: 'RegisterTaskDefinition has no such field that is known here.'};
  reportLeftovers(task.value, '', {...walk, isRead: taskRecord.isRead, verdicts: taskVerdicts});
  const serviceWalk = {report, unknown: 'CreateService has no such field that is known here.'};
  reportLeftovers(asked.value, 'service', {...serviceWalk, isRead: serviceRecord.isRead, verdicts: serviceVerdicts});
  const deployment = deploymentSettingsOf(asked.value, () => {});
  return {...judged({manifests: [workload, ...others], notes, needs}, context.cluster), deployment};
}

/** What may be made of it, by the policy of the cluster; plain data, with nothing of the recording left in it. */
export function judged({manifests, notes, needs}: Translation, cluster: ClusterSettings): Translation {
  const shown = byPolicy(unique(notes), cluster).map(bounded);
  if (shown.some(isRefused)) return {manifests: [], notes: shown, needs: []};
  return {manifests: manifests.map(structuredCopy), notes: shown, needs: structuredCopy(needs)};
}

/** A service that says nothing at all is none: then a task definition is looked at by itself. */
function launchOf(service: ServiceInput): Pick<Context, 'launch'> {
  if (Object.keys(service).length === 0) return {};
  return {
    launch: {path: 'service.volumeConfigurations', volumeConfigurations: service.volumeConfigurations ?? [], tags: service.tags ?? []},
  };
}

/** Plain data, with nothing of the recording left in it. */
export function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function unique(notes: readonly Note[]): readonly Note[] {
  const seen = new Set<string>();
  return notes.filter(({path, reason}) => {
    const key = `${path} ${reason}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
