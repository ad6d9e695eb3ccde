import type {KubeObject, Resource} from '../../schema/object.ts';
import {isRefused, refusal, summaryOf} from '../../translate/note.ts';
import {isOwnedBy, parseReference} from '../../translate/revision.ts';
import {settingsIn, unavailable} from '../cluster-ref.ts';
import type {Plan} from '../kind.ts';
import {unwritten} from '../made-objects/inventory.ts';
import {leftBehind} from '../made-objects/owner.ts';
import {planRemoval, planSecrets, type SecretStep} from '../needed-secrets/plan.ts';
import {noSecrets} from '../needed-secrets/observed.ts';
import type {Outcome} from '../outcome.ts';
import {demandOf} from './demand.ts';
import {wantedOf} from './manifest.ts';
import type {Observed} from './observed.ts';
import {outcomeOf} from './task-outcome.ts';
import type {TaskSpec, TaskStatus} from './schema.ts';
import {seen} from './pod-status.ts';
import {stopOf, stopPatch} from './stop-pod.ts';
import {taskStates} from './task-states.ts';

export type TaskStep =
  /** Something that the Job needs. */
  | {readonly is: 'apply'; readonly call: string; readonly why: string; readonly object: KubeObject}
  | {readonly is: 'secret'; readonly call: string; readonly why: string; readonly secret: SecretStep}
  /** Something in no namespace, which would stay when the task goes. */
  | {readonly is: 'delete'; readonly call: string; readonly why: string; readonly object: KubeObject}
  | {readonly is: 'run'; readonly call: 'RunTask'; readonly why: string; readonly job: KubeObject}
  | {
      readonly is: 'stop';
      readonly call: 'StopTask';
      readonly why: string;
      readonly pod: KubeObject;
      readonly patch: Readonly<Record<string, unknown>>;
    }
  /** A pod that is on no node has nothing to be told, and no log. */
  | {readonly is: 'remove'; readonly call: 'StopTask'; readonly why: string; readonly pod: KubeObject}
  /** No pod may be made any more. */
  | {readonly is: 'suspend'; readonly call: 'StopTask'; readonly why: string; readonly job: KubeObject}
  | {readonly is: 'expire'; readonly call: 'DeleteTask'; readonly why: string; readonly task: KubeObject};

const deleting: Outcome = {is: 'settled', reason: 'Deleting', message: 'Kubernetes removes the Job together with the object.'};

/** Runs the task once; stops what has to stop; forgets it when its time is over. */
export function plan(resource: Resource<TaskSpec>, observed: Observed, now: Date): Plan<TaskStep> {
  if (resource.metadata.deletionTimestamp !== undefined) {
    return {steps: undoSteps(resource, observed), then: deleting};
  }
  if (observed.isGone) return nothing({is: 'settled', reason: 'Expired', message: 'The object is being deleted.'});
  const {job} = observed;
  if (!hasRun(resource, observed)) return job === undefined ? toRun(resource, observed) : nothing(notOwned(job));
  const stops = stopSteps(resource, observed, now);
  const states = taskStates(resource, observed, now);
  const outcome = outcomeOf(resource, observed, states, now);
  if (stops.length > 0) return {steps: stops, then: outcome};
  const stoppedAt = states
    .flatMap((state) => state.stoppedAt ?? [])
    .toSorted()
    .at(-1);
  return expiry(resource, stoppedAt, outcome, now);
}

/** Whether it was run, by the status or by its Job; or never will be. */
export function hasRun(resource: Resource<TaskSpec>, {job}: Pick<Observed, 'job'>): boolean {
  const {createdAt} = (resource.status ?? {}) as TaskStatus;
  return createdAt !== undefined || (job === undefined ? resource.spec.stop : isOwnedBy(job, resource));
}

function toRun(resource: Resource<TaskSpec>, {revision, cluster, start}: Observed): Plan<TaskStep> {
  if (cluster !== undefined && cluster.is !== 'ready') return nothing(unavailable(cluster));
  if (revision === undefined) return nothing(notFound(resource.spec.taskDefinition));
  const wanted = wantedOf(resource, revision, settingsIn(cluster), start?.images);
  const {job, beside, notes} = wanted;
  if (job === undefined) {
    const refused = notes.filter(isRefused);
    return nothing(stalled(refusal(refused), summaryOf(refused)));
  }
  if (unwritten(resource, beside).length > 0) {
    return nothing(provisioning('What the task is made of is written down before it is made.', 1));
  }
  const secrets = start?.secrets ?? noSecrets;
  const filled = planSecrets(demandOf(resource, wanted, settingsIn(cluster)), secrets);
  if ('is' in filled) return nothing(filled);
  const steps: readonly TaskStep[] = [
    ...[...filled, ...planRemoval(secrets)].map((secret): TaskStep => ({is: 'secret', call: secret.call, why: secret.why, secret})),
    ...beside.map((object): TaskStep => {
      const why = `apply the ${object.kind} ${object.metadata.name}, which it needs`;
      return {is: 'apply', call: `Apply${object.kind}`, why, object};
    }),
    {is: 'run', call: 'RunTask', why: `run ${revision.family}:${revision.revision}`, job},
  ];
  return {steps, then: provisioning(`${revision.family}:${revision.revision} has been run.`, 30)};
}

function provisioning(message: string, seconds: number): Outcome {
  return {is: 'waiting', reason: 'Provisioning', message, seconds};
}

/** Kubernetes removes what the task owns; what no object in a namespace can own is removed before. */
function undoSteps(resource: Resource<TaskSpec>, {remembered = []}: Observed): readonly TaskStep[] {
  return leftBehind(resource, remembered).map((object) => ({
    is: 'delete',
    call: `Delete${object.kind}`,
    why: `delete the ${object.kind} ${object.metadata.name}: its task is deleted`,
    object,
  }));
}

function stopSteps(resource: Resource<TaskSpec>, {job, pods}: Observed, now: Date): readonly TaskStep[] {
  const steps = pods.flatMap((pod): readonly TaskStep[] => {
    const stop = stopOf(pod, resource.spec, now);
    if (stop === undefined) return [];
    const why = `stop ${pod.metadata.name}: ${stop.reason}`;
    if (seen(pod).spec.nodeName === undefined) return [{is: 'remove', call: 'StopTask', why, pod}];
    return [{is: 'stop', call: 'StopTask', why, pod, patch: stopPatch(stop)}];
  });
  const isWithoutPods = resource.spec.stop && pods.length === 0 && job !== undefined && !isOver(job);
  return isWithoutPods ? [{is: 'suspend', call: 'StopTask', why: 'make no pods: the task is stopped', job}] : steps;
}

function isOver(job: KubeObject): boolean {
  const {suspend} = (job['spec'] ?? {}) as {suspend?: boolean};
  const {completionTime, conditions = []} = (job['status'] ?? {}) as {
    completionTime?: string;
    conditions?: readonly {type: string; status: string}[];
  };
  return suspend === true || completionTime !== undefined || conditions.some(({type, status}) => type === 'Failed' && status === 'True');
}

function expiry(resource: Resource<TaskSpec>, stoppedAt: string | undefined, outcome: Outcome, now: Date): Plan<TaskStep> {
  const {ttlSecondsAfterStopped} = resource.spec;
  if (ttlSecondsAfterStopped === undefined || stoppedAt === undefined || outcome.is === 'waiting') return nothing(outcome);
  const seconds = Math.ceil((Date.parse(stoppedAt) - now.getTime()) / 1000) + ttlSecondsAfterStopped;
  if (seconds > 0) return nothing({...outcome, seconds});
  const why = `delete the object: it stopped ${ttlSecondsAfterStopped} seconds ago`;
  return {steps: [{is: 'expire', call: 'DeleteTask', why, task: resource}], then: outcome};
}

function notFound(taskDefinition: string): Outcome {
  if (parseReference(taskDefinition) === undefined) {
    return stalled('InvalidTaskDefinitionReference', 'taskDefinition must be a family, family:revision, or the ARN of a task definition.');
  }
  return stalled('TaskDefinitionNotFound', `The namespace has no TaskDefinition ${taskDefinition}; it is run as soon as there is one.`);
}

function notOwned({metadata: {name}}: KubeObject): Outcome {
  const message = `The Job ${name} exists and was not made by this object; delete it, or give the Task another name.`;
  // A Job that is not ours sends no event when it goes.
  return {is: 'stalled', reason: 'JobNotOwned', message, seconds: 60};
}

function stalled(reason: string, message: string): Outcome {
  return {is: 'stalled', reason, message};
}

function nothing(then: Outcome): Plan<TaskStep> {
  return {steps: [], then};
}
