import type {KubeObject, Resource} from '../../schema/object.ts';
import {isRefused, refusal, summaryOf} from '../../translate/note.ts';
import {parseReference} from '../../translate/revision.ts';
import {settingsIn, unavailable} from '../cluster-ref.ts';
import type {Plan} from '../kind.ts';
import {awaitedOf} from '../made-objects/awaited.ts';
import {unwritten} from '../made-objects/inventory.ts';
import {noSecrets} from '../needed-secrets/observed.ts';
import {planRemoval, planSecrets} from '../needed-secrets/plan.ts';
import type {Outcome} from '../outcome.ts';
import {demandOf} from './demand.ts';
import {wantedOf} from './manifest.ts';
import type {Observed} from './observed.ts';
import type {TaskSpec} from './schema.ts';
import type {TaskStep} from './step.ts';

/** Runs the task, after what it needs has been made; or says what it waits for. */
export function toRun(resource: Resource<TaskSpec>, {revision, cluster, start, remembered = []}: Observed): Plan<TaskStep> {
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
  const awaited = awaitedOf(beside, remembered, 'Provisioning');
  if (awaited !== undefined) return {steps: awaited.missing.map(applyStep), then: awaited.then};
  const steps: readonly TaskStep[] = [
    ...[...filled, ...planRemoval(secrets)].map((secret): TaskStep => ({is: 'secret', call: secret.call, why: secret.why, secret})),
    ...beside.map(applyStep),
    {is: 'run', call: 'RunTask', why: `run ${revision.family}:${revision.revision}`, job},
  ];
  return {steps, then: provisioning(`${revision.family}:${revision.revision} has been run.`, 30)};
}

function applyStep(object: KubeObject): TaskStep {
  const why = `apply the ${object.kind} ${object.metadata.name}, which it needs`;
  return {is: 'apply', call: `Apply${object.kind}`, why, object};
}

function provisioning(message: string, seconds: number): Outcome {
  return {is: 'waiting', reason: 'Provisioning', message, seconds};
}

function notFound(taskDefinition: string): Outcome {
  if (parseReference(taskDefinition) === undefined) {
    return stalled('InvalidTaskDefinitionReference', 'taskDefinition must be a family, family:revision, or the ARN of a task definition.');
  }
  return stalled('TaskDefinitionNotFound', `The namespace has no TaskDefinition ${taskDefinition}; it is run as soon as there is one.`);
}

function stalled(reason: string, message: string): Outcome {
  return {is: 'stalled', reason, message};
}

function nothing(then: Outcome): Plan<TaskStep> {
  return {steps: [], then};
}
