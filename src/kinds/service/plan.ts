import type {KubeObject, Resource} from '../../schema/object.ts';
import {isRefused, refusal, summaryOf} from '../../translate/note.ts';
import {parseReference} from '../../translate/revision.ts';
import {settingsIn, unavailable} from '../cluster-ref.ts';
import type {Plan} from '../kind.ts';
import {planRemoval, planSecrets} from '../needed-secrets/plan.ts';
import type {Outcome} from '../outcome.ts';
import {courseOf, type Course} from './course.ts';
import {demandOf} from './demand.ts';
import {awaitedOf} from '../made-objects/awaited.ts';
import {unwritten} from '../made-objects/inventory.ts';
import {madeOf, resized} from './made.ts';
import {wantedOf} from './manifest.ts';
import type {Observed} from './observe.ts';
import {outcomeOf, waiting} from './outcome.ts';
import type {ServiceSpec} from './schema.ts';
import {deploymentIdOf, workloadsOf} from './slots.ts';
import {applySteps, foreignIn, pruneSteps, scaleStep, secretSteps, stopSteps, undoSteps, type ServiceStep} from './steps.ts';

const deleting: Outcome = {
  is: 'settled',
  reason: 'Deleting',
  message: 'Kubernetes removes what the service is made of together with it.',
};

/** What the service is made of as the service and its task definition want it: first what the tasks need, then what runs them. */
export function plan(resource: Resource<ServiceSpec>, observed: Observed, now: Date): Plan<ServiceStep> {
  const {revision, objects, cluster} = observed;
  if (resource.metadata.deletionTimestamp !== undefined) return planned(undoSteps(resource, objects), deleting);
  if (cluster !== undefined && cluster.is !== 'ready') return nothing(unavailable(cluster));
  if (revision === undefined) return nothing(notFound(resource.spec.taskDefinition));
  const asked = wantedOf(resource, revision, settingsIn(cluster), observed.start?.images);
  const course = courseOf(resource, observed, asked, now);
  if (asked.workload === undefined || course === undefined) {
    const refused = asked.notes.filter(isRefused);
    return nothing({is: 'stalled', reason: refusal(refused), message: summaryOf(refused)});
  }
  const other = workloadsOf(resource, objects).find(({kind}) => kind !== asked.workload?.kind);
  if (other !== undefined) return nothing(otherStrategy(other));
  const then = outcomeOf(resource, observed, course);
  // Nothing of the new deployment is made before someone lets it go on.
  if (course.decision.step?.stage === 'PRE_SCALE_UP' || course.decision.isFresh) return nothing(then);
  const made = planOf(resource, observed, course, then);
  // A task that has ended is replaced by one of what is asked for now.
  return made.steps.length > 0 || made.then !== then ? made : planned(stopSteps(observed, now), then);
}

function planOf(resource: Resource<ServiceSpec>, {objects, start, cluster}: Observed, course: Course, then: Outcome): Plan<ServiceStep> {
  const made = madeOf(resource, course);
  const foreign = foreignIn(resource, made, objects);
  if (foreign !== undefined) return nothing(notOwned(foreign));
  if (unwritten(resource, made).length > 0) {
    return nothing(waiting('DeploymentInProgress', 'What the service is made of is written down before it is made.', 1));
  }
  const isWanted = course.decision.target === 'wanted' && course.target !== undefined;
  const filled = isWanted && start ? planSecrets(demandOf(resource, course.target, settingsIn(cluster)), start.secrets) : [];
  if ('is' in filled) return nothing(filled);
  const awaited = isBegun(course) ? undefined : awaitedOf(made, objects, 'DeploymentInProgress');
  if (awaited !== undefined) return planned([...secretSteps(filled), ...applySteps(besideOf(made), objects)], awaited.then);
  const resize = resized(course);
  const steps = [
    ...secretSteps(filled),
    ...applySteps(made, objects),
    ...(resize === undefined ? [] : [scaleStep(resize.workload, resize.replicas)]),
  ];
  const {rollout, step, target} = course.decision;
  if (steps.length > 0) {
    const message = `What ${course.taskDefinition} is made of has been applied.`;
    return planned(steps, waiting(target === 'wanted' ? 'DeploymentInProgress' : 'RollingBack', message, 15));
  }
  if (made.length === 0) return nothing(then);
  if (step?.stage === 'CLEAN_UP') {
    return planned(pruneSteps(resource, made, workloadsOf(resource, objects)), then);
  }
  // Older pods may still use what is not wanted any more.
  const {isDone, isAlone} = course.factsOf(rollout.id, step);
  const isOver = rollout.state === 'COMPLETED' && isDone && (isAlone || course.settings.strategy === 'ROLLING');
  // Pods of an earlier deployment may start again for as long as there are any.
  const unneeded = start ? secretSteps(planRemoval(start.secrets)) : [];
  return planned(isOver ? [...pruneSteps(resource, made, objects), ...unneeded] : [], then);
}

/** Pods of this deployment have been asked for. What they need is not asked about again. */
function isBegun({decision, there}: Course): boolean {
  return there.some((one) => deploymentIdOf(one) === decision.rollout.id);
}

/** The workload is the last. */
function besideOf(made: readonly KubeObject[]): readonly KubeObject[] {
  return made.slice(0, -1);
}

function otherStrategy({kind, metadata}: KubeObject): Outcome {
  const [was, is] = kind === 'DaemonSet' ? ['DAEMON', 'REPLICA'] : ['REPLICA', 'DAEMON'];
  const message = `A service cannot change from ${was} to ${is}, as in ECS: the ${kind} ${metadata.name} runs on. Make a service of another name, and delete this one.`;
  return {is: 'stalled', reason: 'SchedulingStrategyImmutable', message};
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

function nothing(then: Outcome): Plan<ServiceStep> {
  return planned([], then);
}

function planned(steps: readonly ServiceStep[], then: Outcome): Plan<ServiceStep> {
  return {steps, then};
}
