import type {KubeObject, Resource} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {labelValue} from '../../translate/names.ts';
import {isRefused, summaryOf} from '../../translate/note.ts';
import {isOwnedBy, parseReference} from '../../translate/revision.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {planRemoval, planSecrets, type SecretStep} from '../needed-secrets/plan.ts';
import {noSecrets} from '../needed-secrets/observed.ts';
import {demandOf} from './demand.ts';
import {circumstancesOf, driftOf, wantedOf} from './manifest.ts';
import type {Observed} from './observe.ts';
import {rolloutOf} from './rollout.ts';
import type {ServiceSpec} from './schema.ts';

export type ServiceStep = {readonly call: 'ApplyDeployment'; readonly why: string; readonly manifest: KubeObject} | SecretStep;

/** The Deployment as the service and its task definition want it. */
export function plan(resource: Resource<ServiceSpec>, observed: Observed): Plan<ServiceStep> {
  const {revision, deployment} = observed;
  if (resource.metadata.deletionTimestamp !== undefined) {
    return nothing({is: 'settled', reason: 'Deleting', message: 'Kubernetes removes the Deployment together with the object.'});
  }
  if (deployment !== undefined && !isOwnedBy(deployment, resource)) {
    const message = `The Deployment ${deployment.metadata.name} exists and was not made by this object; delete it, or choose another name.`;
    // A Deployment that is not ours sends no event when it goes.
    return nothing({is: 'stalled', reason: 'DeploymentNotOwned', message, seconds: 60});
  }
  if (revision === undefined) return nothing(notFound(resource.spec.taskDefinition));
  const wanted = wantedOf(resource, revision, circumstancesOf(observed));
  if (wanted.deployment === undefined) {
    return nothing({is: 'stalled', reason: 'NotTranslatable', message: summaryOf(wanted.notes.filter(isRefused))});
  }
  const seen = observed.start?.secrets ?? noSecrets;
  const secrets = planSecrets(demandOf(resource, wanted, observed.cluster), seen);
  if ('is' in secrets) return nothing(secrets);
  const why = driftOf(deployment, wanted.deployment);
  const name = `${revision.family}:${revision.revision}`;
  if (why === undefined && deployment !== undefined) {
    const then = progressOf(resource, observed, deployment, name);
    // Pods of an earlier deployment may start again for as long as there are any.
    return planned(then.reason === 'SteadyState' ? [...secrets, ...planRemoval(seen)] : secrets, then);
  }
  const then: Outcome = {
    is: 'waiting',
    reason: 'DeploymentInProgress',
    message: `The Deployment of ${name} has been applied.`,
    seconds: 30,
  };
  const step: ServiceStep = {call: 'ApplyDeployment', why: `apply the Deployment: ${why ?? 'it is missing'}`, manifest: wanted.deployment};
  return planned([...secrets, step], then);
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
