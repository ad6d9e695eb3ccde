import type {KubeObject} from '../schema/object.ts';
import {defaultCluster} from './cluster-settings.ts';
import {reportOnEksFargate} from './compute/eks-fargate.ts';
import type {Context, Settings} from './context.ts';
import {jobOf} from './job.ts';
import {reportLeftovers} from './leftovers.ts';
import {addNetworkConfiguration} from './network-configuration.ts';
import {normalizeRunTask, normalizeTaskDefinition} from './normalize.ts';
import type {NeededSecret} from './needs.ts';
import type {Note, Report} from './note.ts';
import {overridden} from './overrides.ts';
import {record} from './recorder.ts';
import {runTaskVerdicts} from './run-task-verdicts.ts';
import {judged, type Translation, unique} from './translate.ts';
import {taskVerdicts} from './verdicts.ts';

/**
 * What a task definition and RunTask's input mean in Kubernetes: a Job first, then what it needs beside it. Takes any JSON and
 * never throws. Notes on RunTask's own fields begin with `runTask.`, also where they are found in the definition that an override
 * became part of.
 */
export function translateTask(taskDefinition: unknown, runTask: unknown, settings: Settings): Translation {
  const plain = normalizeTaskDefinition(taskDefinition);
  const asked = normalizeRunTask(runTask);
  const notes: Note[] = [...plain.notes, ...asked.notes];
  const refused = (): Translation => ({manifests: [], notes: unique(notes), needs: []});
  if (plain.value === undefined || asked.value === undefined) return refused();
  const runRecord = record(asked.value, 'runTask');
  const {definition, origin} = overridden(plain.value, runRecord.value.overrides, (note) => void notes.push(note));
  const report: Report = ({path, ...note}) => void notes.push({path: origin(path), ...note});
  const together = normalizeTaskDefinition(definition);
  together.notes.forEach(report);
  if (together.value === undefined) return refused();
  const taskRecord = record(together.value);
  const others: KubeObject[] = [];
  const needs: NeededSecret[] = [];
  const context: Context = {
    form: 'task',
    settings,
    cluster: settings.cluster ?? defaultCluster,
    report,
    launch: {
      path: 'runTask.volumeConfigurations',
      volumeConfigurations: runRecord.value.volumeConfigurations ?? [],
      tags: runRecord.value.tags ?? [],
    },
    add: (object) => void others.push(object),
    need: (secret) => void needs.push(secret),
  };
  const workload = jobOf(taskRecord.value, runRecord.value, context);
  addNetworkConfiguration(runRecord.value.networkConfiguration, 'runTask.networkConfiguration', taskRecord.value, context);
  reportOnEksFargate(together.value, asked.value, 'runTask', context);
  // Whoever names a Cluster has looked up which one the task asks for.
  if (settings.cluster !== undefined) void runRecord.value.cluster;
  void runRecord.value.taskDefinition; // Which definition it is has been decided by whoever calls.
  const walk = {report, unknown: 'RegisterTaskDefinition has no such field that is known here.'};
  reportLeftovers(together.value, '', {...walk, isRead: taskRecord.isRead, verdicts: taskVerdicts});
  const runWalk = {report, unknown: 'RunTask has no such field that is known here.'};
  reportLeftovers(asked.value, 'runTask', {...runWalk, isRead: runRecord.isRead, verdicts: runTaskVerdicts});
  return judged({manifests: [workload, ...others], notes, needs}, context.cluster);
}
