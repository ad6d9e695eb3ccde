import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {readSpec} from '../../engine/read-spec.ts';
import type {KubeObject} from '../../schema/object.ts';
import {CommandError} from '../command.ts';
import type {GivenRun} from './answer.ts';
import {otherTool} from './foreign.ts';
import {isJson, type Json} from './json.ts';
import {aboutOf} from './question.ts';
import {valuesOf} from './read-file.ts';
import {runOfSchedule, runOfService, runOfTask} from './run.ts';

/** The service in a file: CreateService's input, what describe-services prints of one, or a Service object. Throws CommandError. */
export async function serviceIn(file: string, input: () => Promise<string>): Promise<GivenRun> {
  const value = await onlyObject(file, input);
  const {services, kind, spec} = value;
  if (kind === 'Service' && isJson(spec)) return {...aboutOf(value), run: runOfService(spec)};
  if (kind !== undefined) throw new CommandError(`${file}: a ${JSON.stringify(kind)} is no service`);
  if (!Array.isArray(services)) {
    mayRun(file, value, '--service');
    return {run: {is: 'service', service: value}};
  }
  const [service, ...more] = services as readonly unknown[];
  if (!isJson(service) || more.length > 0) throw new CommandError(`${file}: has ${services.length} services, and one is needed`);
  return {run: {is: 'service', service}};
}

/** The run in a file: RunTask's input, or a Task or ScheduledTask object. Throws CommandError. */
export async function runTaskIn(file: string, input: () => Promise<string>): Promise<GivenRun> {
  const value = await onlyObject(file, input);
  const {kind, spec} = value;
  if (kind === 'Task' && isJson(spec)) return {...aboutOf(value), run: runOfTask(spec)};
  if (kind === 'ScheduledTask' && isJson(spec)) return {...aboutOf(value), run: runOfSchedule(spec)};
  if (kind !== undefined)
    throw new CommandError(`${file}: a ${JSON.stringify(kind)} runs no task; give a Task, a ScheduledTask or RunTask's input`);
  mayRun(file, value, '--run-task');
  return {run: runOfTask(value)};
}

/** Throws for what says nothing of how to run. */
function mayRun(file: string, value: Json, flag: string): void {
  const other = otherTool(value);
  if (other !== undefined) throw new CommandError(`${file} ${other}`);
  if ('containerDefinitions' in value || isJson(value['taskDefinition'])) {
    throw new CommandError(`${file}: is a task definition; name it as FILE, and what runs it with ${flag}`);
  }
}

/** The settings of the Cluster object in a file. Throws CommandError. */
export async function clusterIn(file: string, input: () => Promise<string>): Promise<ClusterSettings> {
  const object = await onlyObject(file, input);
  const {apiVersion, kind, spec} = object;
  if (kind !== 'Cluster' || !String(apiVersion).startsWith('ecs.drayage.dev/')) {
    throw new CommandError(`${file}: is no Cluster (apiVersion ecs.drayage.dev/v1alpha1, kind Cluster)`);
  }
  // Every kind's schema comes with it: only when it is asked for.
  const {kinds} = await import('../../kinds/registry.ts');
  const cluster = kinds.find(({definition}) => definition.kind === 'Cluster');
  if (cluster !== undefined) return readSpec(cluster.definition, object as KubeObject).spec as ClusterSettings;
  const {policy = 'Warn'} = isJson(spec) ? spec : {};
  if (policy !== 'Warn' && policy !== 'Strict') throw new CommandError(`${file}: spec.policy must be Warn or Strict`);
  return {policy};
}

async function onlyObject(file: string, input: () => Promise<string>): Promise<Json> {
  const {values, faults} = await valuesOf(file, input);
  const [fault] = faults;
  if (fault !== undefined) throw new CommandError(`${fault.where} ${fault.message}`);
  const [only, ...more] = values;
  if (only === undefined || more.length > 0) throw new CommandError(`${file}: has ${values.length} documents, and one is needed`);
  if (!isJson(only.value)) throw new CommandError(`${only.where} is neither JSON nor YAML with an object in it`);
  return only.value;
}
