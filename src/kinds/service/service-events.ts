import type {KubeObject, Resource} from '../../schema/object.ts';
import {fingerprint} from '../../translate/fingerprint.ts';
import type {Outcome} from '../outcome.ts';
import type {Course} from './course.ts';
import {nameOf} from './decide.ts';
import {idOfPod} from './deployments.ts';
import {conditionOfPod, isLive} from './pods.ts';
import {eventsKept, type DeploymentState, type ServiceEvent, type ServiceStatus} from './schema.ts';

const mostNamed = 10;

export interface Happening {
  readonly outcome: Outcome;
  readonly deployments: readonly DeploymentState[];
  readonly pods: readonly KubeObject[];
  readonly course: Course;
  readonly now: Date;
}

/** The service's events, the newest first, with what has happened since the status was written. In the words of ECS. */
export function eventsOf(resource: Resource, happening: Happening): ServiceEvent[] {
  const status = (resource.status ?? {}) as ServiceStatus & {conditions?: readonly {type: string; reason: string}[]};
  const said = [
    ...tasksSaid(status, happening),
    ...placementSaid(status.events ?? [], happening),
    ...rolloutSaid(status, happening),
    ...steadySaid(status.conditions ?? [], happening),
  ];
  const createdAt = `${happening.now.toISOString().slice(0, 19)}Z`;
  const fresh = said.map((text, index): ServiceEvent => {
    const message = `(service ${resource.metadata.name}) ${text}`;
    return {id: fingerprint(`${status.events?.[0]?.id ?? ''} ${createdAt} ${index} ${message}`), createdAt, message};
  });
  return [...fresh.toReversed(), ...(status.events ?? [])].slice(0, eventsKept);
}

function tasksSaid({deployments: before = [], events = []}: ServiceStatus, {deployments, pods}: Happening): readonly string[] {
  const ids = new Set([...before, ...deployments].map(({id}) => id));
  return [...ids].flatMap((id) => {
    const more = tasksIn(deployments, id) - tasksIn(before, id);
    if (more === 0) return [];
    const mine = pods.filter((pod) => nameOf(idOfPod(pod) ?? '') === id);
    if (more > 0) {
      // Pods of one second cannot be told apart by their age.
      const tasks = named(
        mine.filter((pod) => isLive(pod) && !isNamed(pod, ' has started ', events)),
        more,
      );
      return [`has started ${more} tasks${tasks === '' ? '' : `: ${tasks}`}.`];
    }
    const ending = named(
      mine.filter((pod) => !isLive(pod) && !isNamed(pod, ' has stopped ', events)),
      -more,
    );
    return [`has stopped ${-more} running tasks${ending === '' ? '' : `: ${ending}`}.`];
  });
}

function isNamed({metadata}: KubeObject, what: string, events: readonly ServiceEvent[]): boolean {
  return events.some(({message}) => message.includes(what) && message.includes(`(task ${metadata.name})`));
}

function tasksIn(deployments: readonly DeploymentState[], id: string): number {
  const found = deployments.find((one) => one.id === id);
  return found === undefined ? 0 : found.runningCount + found.pendingCount;
}

/** The newest of them by name. */
function named(pods: readonly KubeObject[], count: number): string {
  const newest = pods.toSorted((a, b) => ((a.metadata.creationTimestamp ?? '') > (b.metadata.creationTimestamp ?? '') ? -1 : 1));
  return newest
    .slice(0, Math.min(count, mostNamed))
    .map(({metadata}) => `(task ${metadata.name})`)
    .join(' ');
}

/** Once for each reason, however long it lasts. */
function placementSaid(events: readonly ServiceEvent[], {pods}: Happening): readonly string[] {
  const waiting = pods.filter(isLive).find((pod) => conditionOfPod(pod, 'PodScheduled')?.status === 'False');
  if (waiting === undefined) return [];
  const why = (conditionOfPod(waiting, 'PodScheduled')?.message ?? '').slice(0, 512);
  const text = `was unable to place a task. Reason: ${why}`;
  return events.some(({message}) => message.endsWith(text)) ? [] : [text];
}

function rolloutSaid({rollout: before, lastFailed}: ServiceStatus, {course: {decision}}: Happening): readonly string[] {
  const {rollout, failed} = decision;
  const said: string[] = [];
  const failedOne = failed !== undefined && failed.id !== lastFailed?.id ? failed : undefined;
  if (failedOne !== undefined) {
    said.push(`(deployment ${nameOf(failedOne.id)}) deployment failed: ${causeIn(failedOne.reason)}`);
    said.push(`rolling back to deployment ${nameOf(rollout.id)}.`);
  }
  const isNew = before?.id !== rollout.id || before.state !== rollout.state;
  if (isNew && rollout.state === 'COMPLETED') said.push(`(deployment ${nameOf(rollout.id)}) deployment completed.`);
  if (isNew && rollout.state === 'FAILED') said.push(`(deployment ${nameOf(rollout.id)}) deployment failed: ${causeIn(rollout.reason)}`);
  return said;
}

function causeIn(reason: string): string {
  return reason.replace('ECS deployment circuit breaker: ', '');
}

function steadySaid(before: readonly {type: string; reason: string}[], {outcome}: Happening): readonly string[] {
  const steady = new Set(['SteadyState', 'RolledBack']);
  const was = before.find(({type}) => type === 'Ready')?.reason ?? '';
  return steady.has(outcome.reason) && !steady.has(was) ? ['has reached a steady state.'] : [];
}
