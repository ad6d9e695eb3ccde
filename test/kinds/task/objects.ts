import type {TaskSpec, TaskStatus} from '../../../src/kinds/task/schema.ts';
import {plan} from '../../../src/kinds/task/plan.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';
import {normalizeTaskDefinition} from '../../../src/translate/normalize.ts';
import type {Revision} from '../../../src/translate/revision.ts';

export const now = new Date('2026-11-24T12:00:00Z');

export function at(seconds: number): string {
  return `${new Date(now.getTime() + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function task(spec: Partial<TaskSpec> = {}, more: {status?: TaskStatus; deletionTimestamp?: string} = {}): Resource<TaskSpec> {
  const {status, ...metadata} = more;
  return {
    apiVersion: 'ecs.drayage.dev/v1alpha1',
    kind: 'Task',
    metadata: {name: 'report', namespace: 'ns', uid: 'uid-1', ...metadata},
    spec: {taskDefinition: 'web', count: 1, stop: false, ...spec},
    ...(status === undefined ? {} : {status}),
  };
}

export const containers = [
  {name: 'web', image: 'nginx:1', memory: 64},
  {name: 'Other_1', image: 'nginx:1', memory: 64},
];

export function revision(over: Record<string, unknown> = {}, number = 3): Revision {
  const {value} = normalizeTaskDefinition({family: 'web', containerDefinitions: containers, ...over});
  if (value === undefined) throw new Error('not a definition');
  return {family: 'web', revision: number, definition: value};
}

/** The Job as the API server has it after it was made. */
export function ran(resource: Resource<TaskSpec>, status: Record<string, unknown> = {}): KubeObject {
  const step = plan(task({...resource.spec, stop: false}), {revision: revision(), pods: []}, now).steps.at(-1);
  if (step?.is !== 'run') throw new Error('nothing was run');
  return {...step.job, metadata: {...step.job.metadata, uid: 'job-1', creationTimestamp: at(-100)}, status};
}

interface Given {
  readonly index?: number;
  readonly node?: string | undefined;
  readonly annotations?: Record<string, string>;
  readonly deletionTimestamp?: string;
}

/** A pod of that Job, with a status as a kubelet writes it. */
export function pod(job: KubeObject, status: Record<string, unknown> = {}, given: Given = {}): KubeObject {
  const {index = 0, annotations = {}, deletionTimestamp} = given;
  const {template} = job['spec'] as {
    template: {metadata: {labels: object; annotations: object}; spec: {containers: readonly {name: string}[]}};
  };
  const label = {'batch.kubernetes.io/job-completion-index': String(index)};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `report-${index}-abcde`,
      namespace: 'ns',
      uid: `pod-${index}`,
      creationTimestamp: at(-99),
      labels: {...template.metadata.labels, ...label},
      annotations: {...template.metadata.annotations, ...annotations},
      ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', name: 'report', uid: 'job-1', controller: true}],
      ...(deletionTimestamp === undefined ? {} : {deletionTimestamp}),
    },
    spec: {...template.spec, ...('node' in given && given.node === undefined ? {} : {nodeName: given.node ?? 'node-1'})},
    status: {phase: 'Running', startTime: at(-90), ...status},
  };
}

export function nameOf(job: KubeObject, which: number): string {
  const {template} = job['spec'] as {template: {spec: {containers: readonly {name: string}[]}}};
  return template.spec.containers[which]?.name ?? '';
}

export function running(name: string): Record<string, unknown> {
  return {name, imageID: `registry/x@sha256:${'a'.repeat(64)}`, state: {running: {startedAt: at(-80)}}};
}

export function exited(name: string, exitCode: number, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name,
    imageID: `registry/x@sha256:${'a'.repeat(64)}`,
    state: {terminated: {exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: at(-80), finishedAt: at(-10), ...over}},
  };
}

export function waiting(name: string, reason: string, message: string): Record<string, unknown> {
  return {name, state: {waiting: {reason, message}}};
}
