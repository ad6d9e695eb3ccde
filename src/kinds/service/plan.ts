import type {KubeObject, Resource} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {labelValue} from '../../translate/names.ts';
import {isRefused, refusal, summaryOf} from '../../translate/note.ts';
import {isOwnedBy, parseReference} from '../../translate/revision.ts';
import {settingsIn, unavailable} from '../cluster-ref.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {endedTasks, whyStopped} from './ended-tasks.ts';
import {driftOf, wantedOf} from './manifest.ts';
import type {Observed} from './observe.ts';
import {rolloutOf} from './rollout.ts';
import type {ServiceSpec} from './schema.ts';

export type ServiceStep =
  | {readonly call: 'ApplyDeployment'; readonly why: string; readonly manifest: KubeObject}
  /** Of the pods of the workload, which then makes another. */
  | {readonly call: 'StopTask'; readonly why: string; readonly pod: KubeObject; readonly workload: KubeObject};

/** The Deployment as the service and its task definition want it. */
export function plan(resource: Resource<ServiceSpec>, observed: Observed, now: Date): Plan<ServiceStep> {
  const {revision, deployment, cluster} = observed;
  if (resource.metadata.deletionTimestamp !== undefined) {
    return nothing({is: 'settled', reason: 'Deleting', message: 'Kubernetes removes the Deployment together with the object.'});
  }
  if (deployment !== undefined && !isOwnedBy(deployment, resource)) {
    const message = `The Deployment ${deployment.metadata.name} exists and was not made by this object; delete it, or choose another name.`;
    // A Deployment that is not ours sends no event when it goes.
    return nothing({is: 'stalled', reason: 'DeploymentNotOwned', message, seconds: 60});
  }
  if (cluster !== undefined && cluster.is !== 'ready') return nothing(unavailable(cluster));
  if (revision === undefined) return nothing(notFound(resource.spec.taskDefinition));
  const wanted = wantedOf(resource, revision, settingsIn(cluster));
  if (wanted.deployment === undefined) {
    const refused = wanted.notes.filter(isRefused);
    return nothing({is: 'stalled', reason: refusal(refused), message: summaryOf(refused)});
  }
  const why = driftOf(deployment, wanted.deployment);
  const name = `${revision.family}:${revision.revision}`;
  if (why === undefined && deployment !== undefined) {
    const ended = endedTasks(observed.tasks ?? [], now);
    const stops = ended.map((task): ServiceStep => ({call: 'StopTask', why: whyStopped(task), pod: task.pod, workload: deployment}));
    return planned(stops, progressOf(resource, observed, deployment, name));
  }
  const then: Outcome = {
    is: 'waiting',
    reason: 'DeploymentInProgress',
    message: `The Deployment of ${name} has been applied.`,
    seconds: 30,
  };
  const step: ServiceStep = {call: 'ApplyDeployment', why: `apply the Deployment: ${why ?? 'it is missing'}`, manifest: wanted.deployment};
  return planned([step], then);
}

function notFound(taskDefinition: string): Outcome {
  if (parseReference(taskDefinition) === undefined) {
    const message = 'taskDefinition must be a family, family:revision, or the ARN of a task definition.';
    return {is: 'stalled', reason: 'InvalidTaskDefinitionReference', message};
  }
  const message = `The namespace has no TaskDefinition ${taskDefinition}; it goes on as soon as there is one.`;
  return {is: 'stalled', reason: 'TaskDefinitionNotFound', message};
}

/** Pods that cannot start change nothing in their Deployment, so it sends no event for them. */
const podsSeconds = 15;

function progressOf(resource: Resource<ServiceSpec>, observed: Observed, deployment: KubeObject, taskDefinition: string): Outcome {
  const {state, desired, ready, updated, ...rollout} = rolloutOf(deployment);
  const trouble = [rollout.trouble, observed.trouble].filter((one) => one !== undefined).join(' ') || undefined;
  const service = `service ${resource.metadata.name}`;
  if (state === 'COMPLETED') {
    const message = `(${service}) has reached a steady state: ${ready} of ${desired} tasks run ${taskDefinition}.`;
    return {is: 'settled', reason: 'SteadyState', message};
  }
  if (state === 'FAILED') {
    const selector = `${serviceLabel}=${labelValue(resource.metadata.name)}`;
    const message = `(${service}) deployment failed: ${trouble ?? 'no progress.'} See why with: kubectl describe pods -l ${selector}`;
    return {is: 'stalled', reason: 'DeploymentFailed', message};
  }
  const progress = `(${service}) ${updated} of ${desired} tasks run ${taskDefinition}, ${ready} are ready.`;
  return {
    is: 'waiting',
    reason: 'DeploymentInProgress',
    message: trouble === undefined ? progress : `${progress} ${trouble}`,
    seconds: podsSeconds,
  };
}

function nothing(then: Outcome): Plan<ServiceStep> {
  return planned([], then);
}

function planned(steps: readonly ServiceStep[], then: Outcome): Plan<ServiceStep> {
  return {steps, then};
}
