import type {Resource} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {labelValue} from '../../translate/names.ts';
import type {Outcome} from '../outcome.ts';
import {continueKey, type Course} from './course.ts';
import {goBack, nameOf} from './decide.ts';
import type {Observed} from './observe.ts';
import {troubleOf} from './pod-trouble.ts';
import {progressOf} from './rollout.ts';
import type {ServiceSpec, ServiceStatus} from './schema.ts';
import {deploymentIdOf} from './slots.ts';

/** What of a deployment only time brings: a bake time, a pod that counts as healthy, an image that is pulled at last. */
const lookSeconds = 15;

/** What is true of a service of which everything is applied. */
export function outcomeOf(resource: Resource<ServiceSpec>, observed: Observed, course: Course): Outcome {
  const {decision, taskDefinition, desired, there, settings} = course;
  const {rollout, failed, pause} = decision;
  const service = `(service ${resource.metadata.name})`;
  const where = resource.metadata.namespace === undefined ? '' : ` -n ${resource.metadata.namespace}`;
  const workload = there.find((one) => deploymentIdOf(one) === rollout.id);
  const progress = workload === undefined ? undefined : progressOf(workload);
  if (rollout.state === 'FAILED') {
    const selector = `${serviceLabel}=${labelValue(resource.metadata.name)}`;
    const why = `${rollout.reason} ${textOf(course, observed)}`.trim();
    const message = `${service} (deployment ${nameOf(rollout.id)}) deployment failed: ${why} Nothing more is started for ${taskDefinition}. See why with: kubectl describe pods${where} -l ${selector}`;
    return {is: 'stalled', reason: 'DeploymentFailed', message};
  }
  if (pause !== undefined) {
    const command = `kubectl annotate ecssvc ${resource.metadata.name}${where} --overwrite ${continueKey}=${pause.key}`;
    const message = `${service} (deployment ${nameOf(rollout.id)}) waits until ${pause.until}. Let it go on with: ${command} (or take it back, with ${goBack} as the value).`;
    return waiting('WaitingToContinue', message, 60);
  }
  const isReady = rollout.state === 'COMPLETED' && progress?.isDone === true && progress.desired === desiredNow(course);
  if (isReady && failed !== undefined) {
    const message = `${service} (deployment ${nameOf(failed.id)}) deployment of ${failed.taskDefinition} failed: ${failed.reason} It was rolled back: ${progress.ready} of ${desired} tasks run ${taskDefinition}. It is tried again when the service or its task definition changes.`;
    return {is: 'stalled', reason: 'RolledBack', message};
  }
  if (isReady) {
    const message = `${service} has reached a steady state: ${progress.ready} of ${desired} tasks run ${taskDefinition}.`;
    return {is: 'settled', reason: 'SteadyState', message};
  }
  const isMoved = !isRemembered(resource, course);
  const {updated = 0, ready = 0} = progress ?? {};
  const stage = settings.strategy === 'ROLLING' || decision.step === undefined ? '' : ` Stage ${decision.step.key}.`;
  const trouble = textOf(course, observed);
  const message = `${service} ${updated} of ${desired} tasks run ${taskDefinition}, ${ready} are ready.${stage}${trouble === '' ? '' : ` ${trouble}`}`;
  return waiting(decision.target === 'wanted' ? 'DeploymentInProgress' : 'RollingBack', message, isMoved ? 1 : lookSeconds);
}

export function waiting(reason: string, message: string, seconds: number): Outcome {
  return {is: 'waiting', reason, message, seconds};
}

function desiredNow({there, desired, decision}: Course): number {
  const workload = there.find((one) => deploymentIdOf(one) === decision.rollout.id);
  return workload?.kind === 'DaemonSet' ? progressOf(workload).desired : desired;
}

/** Whether the status says already where the deployment is. */
function isRemembered({status}: Resource, {decision: {rollout}}: Course): boolean {
  const before = ((status ?? {}) as ServiceStatus).rollout;
  return before?.id === rollout.id && before.step === rollout.step && before.state === rollout.state;
}

/** What keeps pods from being made, and from running. */
function textOf({there}: Course, observed: Observed): string {
  const refused = there.map((one) => progressOf(one).trouble);
  return [...refused, troubleOf(observed.pods)].filter((one) => one !== undefined).join(' ');
}
