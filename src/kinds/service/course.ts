import type {KubeObject, Resource} from '../../schema/object.ts';
import {deploymentLabel} from '../../translate/deployment.ts';
import type {DeploymentSettings} from '../../translate/deployment-settings.ts';
import type {Revision} from '../../translate/revision.ts';
import {settingsIn} from '../cluster-ref.ts';
import {decide, type Decision, type Facts} from './decide.ts';
import {areUnhealthy, failuresIn, isHealthy, judgementOf, type Judgement} from './failures.ts';
import {wantedOf, type Wanted} from './manifest.ts';
import type {Observed} from './observe.ts';
import {isLive, isReadyPod} from './pods.ts';
import {pinsIn} from '../pinned-images/shown.ts';
import {progressOf} from './rollout.ts';
import type {ServiceSpec, ServiceStatus} from './schema.ts';
import {deploymentIdOf, replicasAt, workloadsOf} from './slots.ts';
import type {Step} from './stages.ts';

/** The annotation of a Service by which someone ends a pause of its deployment. */
export const continueKey = 'ecs.drayage.dev/continue';

/** Where a service's deployment is, and what it is about. */
export interface Course {
  readonly settings: DeploymentSettings;
  readonly decision: Decision;
  /** What the deployment in hand is made of; undefined where the revision to go back to is gone. */
  readonly target: Wanted | undefined;
  readonly taskDefinition: string;
  readonly desired: number;
  /** The service's workloads as they are. */
  readonly there: readonly KubeObject[];
  /** The deployment that had the traffic before this one. */
  readonly production: string | undefined;
  readonly factsOf: (id: string, step: Step | undefined) => Facts;
}

/** Undefined where what is asked for cannot be made. */
export function courseOf(resource: Resource<ServiceSpec>, observed: Observed, asked: Wanted, now: Date): Course | undefined {
  const {revision, steady} = observed;
  if (revision === undefined || asked.workload === undefined || asked.settings === undefined) return undefined;
  const {settings} = asked;
  const status = (resource.status ?? {}) as ServiceStatus;
  const before =
    steady === undefined
      ? undefined
      : wantedOf(steadyService(resource), steady, settingsIn(observed.cluster), pinsIn(status.lastCompleted?.images));
  const there = workloadsOf(resource, observed.objects);
  const desired = desiredOf(asked.workload, resource.spec.desiredCount, there);
  const judgements = new Map([
    ...(steady === undefined || before?.workload === undefined
      ? []
      : [[before.id, judgementOf(steady.definition, before.workload)] as const]),
    [asked.id, judgementOf(revision.definition, asked.workload)],
  ]);
  const seen: Seen = {observed, there, judgements, desired, now};
  const factsOf = (id: string, step: Step | undefined): Facts => facts(id, step, seen);
  const {rollout, lastFailed} = status;
  const isFirst = there.every((one) => deploymentIdOf(one) === asked.id);
  const answer = resource.metadata.annotations?.[continueKey];
  const decision = decide({
    settings,
    desired,
    wanted: asked.id,
    wantedTask: nameOfRevision(revision),
    factsOf,
    isFirst,
    now,
    ...(before?.workload === undefined ? {} : {steady: before.id}),
    ...(rollout === undefined ? {} : {rollout}),
    ...(lastFailed === undefined ? {} : {failed: lastFailed}),
    ...(answer === undefined ? {} : {answer}),
  });
  const isWanted = decision.target === 'wanted';
  return {
    settings,
    decision,
    target: isWanted ? asked : before,
    taskDefinition: isWanted ? nameOfRevision(revision) : (status.lastCompleted?.taskDefinition ?? ''),
    desired,
    there,
    production: productionOf(decision.rollout.id, status, there),
    factsOf,
  };
}

export function nameOfRevision({family, revision}: Revision): string {
  return `${family}:${revision}`;
}

/** The service as it was when its last deployment was completed, but with today's numbers. */
function steadyService(resource: Resource<ServiceSpec>): Resource<ServiceSpec> {
  const {lastCompleted} = (resource.status ?? {}) as ServiceStatus;
  const {desiredCount, deploymentConfiguration} = resource.spec;
  const {desiredCount: _, deploymentConfiguration: __, ...kept} = (lastCompleted?.service ?? resource.spec) as ServiceSpec;
  return {...resource, spec: {...kept, desiredCount, ...(deploymentConfiguration === undefined ? {} : {deploymentConfiguration})}};
}

/** A DAEMON service has as many tasks as there are nodes for it. */
function desiredOf(asked: KubeObject, desiredCount: number, there: readonly KubeObject[]): number {
  if (asked.kind !== 'DaemonSet') return desiredCount;
  const daemon = there.find(({kind}) => kind === 'DaemonSet');
  return daemon === undefined ? 0 : progressOf(daemon).desired;
}

function productionOf(id: string, {lastCompleted, lastFailed}: ServiceStatus, there: readonly KubeObject[]): string | undefined {
  const others = there.map(deploymentIdOf).filter((one) => one !== id);
  const known = others.find((one) => one === lastCompleted?.id);
  return known ?? others.find((one) => one !== lastFailed?.id);
}

interface Seen {
  readonly observed: Observed;
  readonly there: readonly KubeObject[];
  readonly judgements: ReadonlyMap<string, Judgement>;
  readonly desired: number;
  readonly now: Date;
}

const none: Judgement = {containers: new Set(), isHealthChecked: true};

function facts(id: string, step: Step | undefined, {observed, there, judgements, desired, now}: Seen): Facts {
  const judgement = judgements.get(id) ?? none;
  const mine = observed.pods.filter(({metadata}) => metadata.labels?.[deploymentLabel] === id);
  const workload = there.find((one) => deploymentIdOf(one) === id);
  const progress = workload === undefined ? undefined : progressOf(workload);
  return {
    failures: failuresIn(mine, judgement, now),
    hasHealthy: mine.some((pod) => isHealthy(pod, judgement, now)),
    isUnhealthy: areUnhealthy(mine, judgement),
    ready: mine.filter((pod) => isLive(pod) && isReadyPod(pod)).length,
    isDone: progress?.isDone === true && progress.desired === replicasAt(step, desired),
    isAlone:
      there.every((one) => deploymentIdOf(one) === id) &&
      observed.pods.every((pod) => !isLive(pod) || pod.metadata.labels?.[deploymentLabel] === id),
  };
}
