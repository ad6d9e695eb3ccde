import type {KubeObject, Resource} from '../../schema/object.ts';
import {jobs} from '../../schema/types.ts';
import {jobName} from '../../translate/job.ts';
import {findRevision, isOwnedBy} from '../../translate/revision.ts';
import {clusterOf} from '../cluster-ref.ts';
import type {Doors} from '../doors.ts';
import {managedControllerRevisions, managedJobs, taskPods} from '../sources.ts';
import {observeRemembered, observeStart} from './observe-start.ts';
import type {Observed} from './observed.ts';
import type {TaskSpec, TaskStatus} from './schema.ts';

/**
 * From the synced copies. One call asks for a Job that they do not have, as long as the task has not stopped: whether someone else
 * has made one of that name, and whether ours is gone or only not seen yet. What the task is to be run with is asked for until it
 * was run.
 */
export async function observe(resource: Resource<TaskSpec>, doors: Doors): Promise<Observed> {
  const {name, namespace} = resource.metadata;
  const {createdAt, lastStatus} = (resource.status ?? {}) as TaskStatus;
  const cached = doors.cache.get(managedJobs, jobName(name), namespace);
  const job = cached ?? (lastStatus === 'STOPPED' ? undefined : await jobOf(resource, doors));
  const pods = job === undefined ? [] : doors.cache.list(taskPods, namespace).filter((pod) => isOwnedBy(pod, job));
  const there = {pods, ...(job === undefined ? {} : {job})};
  const isGoing = resource.metadata.deletionTimestamp !== undefined;
  const remembered = createdAt === undefined || isGoing ? {remembered: await observeRemembered(resource, doors)} : {};
  if (createdAt !== undefined || isGoing) return {...there, ...remembered};
  const revision = findRevision(resource.spec.taskDefinition, doors.cache.list(managedControllerRevisions, namespace));
  const cluster = clusterOf(resource.spec.cluster, namespace, doors);
  if (revision === undefined) return {...there, ...remembered, cluster};
  const isToRun = job === undefined && !resource.spec.stop;
  const start = isToRun ? await observeStart(resource, revision, cluster, doors) : undefined;
  return {...there, ...remembered, cluster, revision, ...(start && {start})};
}

function jobOf({metadata: {name, namespace}}: Resource<TaskSpec>, doors: Doors): Promise<KubeObject | undefined> {
  return doors.kube.get({type: jobs, name: jobName(name), ...(namespace === undefined ? {} : {namespace})});
}
