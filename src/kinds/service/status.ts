import type {Resource} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {labelValue} from '../../translate/names.ts';
import {notesShown} from '../../translate/note-schema.ts';
import {translatedClaim} from '../../translate/translated-claim.ts';
import {settingsIn} from '../cluster-ref.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {resolvedClaim} from '../needed-secrets/claim.ts';
import {courseOf, type Course} from './course.ts';
import {demandOf} from './demand.ts';
import {countsOf, deploymentsOf} from './deployments.ts';
import {nextInventory} from '../made-objects/inventory.ts';
import {wantedOf} from './manifest.ts';
import type {Observed} from './observe.ts';
import {shownPins} from '../pinned-images/shown.ts';
import {progressOf} from './rollout.ts';
import type {ServiceSpec, ServiceStatus} from './schema.ts';
import {eventsOf} from './service-events.ts';
import {workloadsOf} from './slots.ts';

type Fields = Partial<ServiceStatus>;

/** The service as `describe-services` shows it. Where nothing could be read the status stays as it was. */
export function status(resource: Resource<ServiceSpec>, observed: Observed | undefined, outcome: Outcome, now: Date): Report {
  const before = (resource.status ?? {}) as ServiceStatus & {conditions?: unknown; observedGeneration?: unknown};
  const {conditions: _, observedGeneration: __, ...kept} = before;
  if (observed === undefined) return {fields: kept, conditions: []};
  const isGoing = resource.metadata.deletionTimestamp !== undefined;
  const asked =
    observed.revision === undefined
      ? undefined
      : wantedOf(resource, observed.revision, settingsIn(observed.cluster), observed.start?.images);
  const course = asked === undefined || isGoing ? undefined : courseOf(resource, observed, asked, now);
  const notes = asked?.notes;
  const {lastFailed: ___, ...rest} = kept;
  const fields: Fields = {
    ...(course === undefined ? kept : rest),
    status: isGoing ? 'DRAINING' : 'ACTIVE',
    desiredCount: course?.desired ?? resource.spec.desiredCount,
    ...countsOf(undefined, observed.pods),
    selector: `${serviceLabel}=${labelValue(resource.metadata.name)}`,
    objects: nextInventory(resource, course?.target?.beside ?? [], observed.objects),
    ...(notes === undefined ? {} : {noteCount: notes.length, notes: notes.slice(0, notesShown)}),
    ...(observed.start === undefined ? {} : {images: shownPins(observed.start.images)}),
    ...(course === undefined ? {} : courseFields(resource, observed, course, outcome, now)),
  };
  const {start, cluster} = observed;
  const resolved = start && asked?.workload ? resolvedClaim(demandOf(resource, asked, settingsIn(cluster)), start.secrets) : [];
  return {fields, conditions: [...(notes === undefined ? [] : [translatedClaim(notes)]), ...resolved, ...available(resource, observed)]};
}

function courseFields(resource: Resource<ServiceSpec>, observed: Observed, course: Course, outcome: Outcome, now: Date): Fields {
  const {decision, taskDefinition} = course;
  const {rollout, failed} = decision;
  const deployments = deploymentsOf(resource, observed, course);
  return {
    taskDefinition,
    deployments,
    events: eventsOf(resource, {outcome, deployments, pods: observed.pods, course, now}),
    rollout: {...rollout},
    ...(failed === undefined ? {} : {lastFailed: {...failed}}),
    ...completedBy(resource, course),
  };
}

/** What a failed deployment is rolled back to, from the moment when one is completed. */
function completedBy(resource: Resource<ServiceSpec>, course: Course): Fields {
  const {decision, taskDefinition} = course;
  const {rollout, target} = decision;
  if (rollout.state !== 'COMPLETED' || target !== 'wanted') return {};
  const images = shownPins(course.target?.images ?? {});
  const {desiredCount: _, deploymentConfiguration: __, ...service} = resource.spec;
  return {lastCompleted: {id: rollout.id, taskDefinition, service, ...(images.length > 0 && {images})}};
}

/** By all of its workloads: while two share the traffic, one that has enough will do. */
function available(resource: Resource<ServiceSpec>, {objects}: Observed): readonly ConditionClaim[] {
  const progress = workloadsOf(resource, objects).map(progressOf);
  const [first] = progress;
  if (first === undefined) return [];
  const best = progress.find(({isAvailable}) => isAvailable) ?? first;
  const message = `${best.ready} of ${best.desired} pods are ready.`;
  if (best.isAvailable) return [{type: 'Available', status: 'True', reason: 'Available', message}];
  return [{type: 'Available', status: 'False', reason: 'NotAvailable', message}];
}
