import type {KubeObject, Resource} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {labelValue} from '../../translate/names.ts';
import {isRefused, summaryOf} from '../../translate/note.ts';
import {parseReference} from '../../translate/revision.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {entryOf, isSameObject, unwritten} from './inventory.ts';
import {wantedOf} from './manifest.ts';
import type {Observed} from './observe.ts';
import {troubleOf} from './pod-trouble.ts';
import {rolloutOf} from './rollout.ts';
import type {ServiceSpec} from './schema.ts';
import {applySteps, foreignIn, pruneSteps, undoSteps, type ServiceStep} from './steps.ts';

const deleting: Outcome = {
  is: 'settled',
  reason: 'Deleting',
  message: 'Kubernetes removes what the service is made of together with it.',
};

/** What the service is made of as the service and its task definition want it: first what the tasks need, then what runs them. */
export function plan(resource: Resource<ServiceSpec>, observed: Observed): Plan<ServiceStep> {
  const {revision} = observed;
  if (resource.metadata.deletionTimestamp !== undefined) return planned(undoSteps(resource, observed.objects), deleting);
  if (revision === undefined) return nothing(notFound(resource.spec.taskDefinition));
  const {workload, beside, notes} = wantedOf(resource, revision);
  if (workload === undefined) return nothing({is: 'stalled', reason: 'NotTranslatable', message: summaryOf(notes.filter(isRefused))});
  const wanted = [...beside, workload];
  const foreign = foreignIn(resource, wanted, observed.objects);
  if (foreign !== undefined) return nothing(notOwned(foreign));
  if (unwritten(resource, wanted).length > 0) {
    const message = 'What the service is made of is written down before it is made.';
    return nothing({is: 'waiting', reason: 'DeploymentInProgress', message, seconds: 1});
  }
  const name = `${revision.family}:${revision.revision}`;
  const steps = applySteps(wanted, observed.objects);
  if (steps.length > 0) {
    const message = `What ${name} is made of has been applied.`;
    return planned(steps, {is: 'waiting', reason: 'DeploymentInProgress', message, seconds: 30});
  }
  const deployment = observed.objects.find((object) => isSameObject(entryOf(object), entryOf(workload))) ?? workload;
  const then = progressOf(resource, observed, deployment, name);
  // Older pods may still use what is not wanted any more.
  return planned(then.is === 'settled' ? pruneSteps(resource, wanted, observed.objects) : [], then);
}

function notOwned({kind, metadata}: KubeObject): Outcome {
  const message = `The ${kind} ${metadata.name} exists and was not made by this object; delete it, or choose another name.`;
  // What is not ours sends no event when it goes.
  return {is: 'stalled', reason: 'ObjectNotOwned', message, seconds: 60};
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
  const trouble = [rollout.trouble, troubleOf(observed.pods)].filter((one) => one !== undefined).join(' ') || undefined;
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
