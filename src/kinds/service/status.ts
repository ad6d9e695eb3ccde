import type {KubeObject, Resource} from '../../schema/object.ts';
import {serviceLabel, taskDefinitionAnnotation} from '../../translate/deployment.ts';
import {fingerprint} from '../../translate/fingerprint.ts';
import type {ImagePins} from '../../translate/image.ts';
import {labelValue} from '../../translate/names.ts';
import {isRefused, summaryOf, type Note} from '../../translate/note.ts';
import {notesShown} from '../../translate/note-schema.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import {resolvedClaim} from '../needed-secrets/claim.ts';
import {demandOf} from './demand.ts';
import {circumstancesOf, wantedOf} from './manifest.ts';
import type {Observed} from './observe.ts';
import {rolloutOf, type Rollout} from './rollout.ts';
import type {DeploymentState, ServiceSpec, ServiceStatus} from './schema.ts';

/** The service as `describe-services` shows it. Where nothing could be read the status stays as it was. */
export function status(resource: Resource<ServiceSpec>, observed: Observed | undefined): Report {
  const before = (resource.status ?? {}) as ServiceStatus & {conditions?: unknown; observedGeneration?: unknown};
  const {conditions: _, observedGeneration: __, ...kept} = before;
  if (observed === undefined) return {fields: kept, conditions: []};
  const wanted = observed.revision === undefined ? undefined : wantedOf(resource, observed.revision, circumstancesOf(observed));
  const notes = wanted?.notes;
  const rollout = rolloutOfOurs(resource, observed);
  const fields: ServiceStatus = {
    ...kept,
    status: resource.metadata.deletionTimestamp === undefined ? 'ACTIVE' : 'DRAINING',
    desiredCount: resource.spec.desiredCount,
    runningCount: rollout?.ready ?? 0,
    pendingCount: Math.max(0, (rollout?.total ?? 0) - (rollout?.ready ?? 0)),
    selector: `${serviceLabel}=${labelValue(resource.metadata.name)}`,
    ...(notes === undefined ? {} : {noteCount: notes.length, notes: notes.slice(0, notesShown)}),
    ...deploymentFields(observed.deployment, rollout),
    ...(observed.start === undefined ? {} : {images: imagesShown(observed.start.images)}),
  };
  const {start, cluster} = observed;
  const resolved = start && wanted?.deployment ? resolvedClaim(demandOf(resource, wanted, cluster), start.secrets) : [];
  return {fields, conditions: [...translated(notes), ...resolved, ...available(rollout)]};
}

function imagesShown(images: ImagePins): ServiceStatus['images'] {
  return Object.entries(images).map(([image, pin]) => ({image, ...('digest' in pin && {imageDigest: pin.digest})}));
}

function rolloutOfOurs(resource: Resource<ServiceSpec>, {deployment}: Observed): Rollout | undefined {
  return deployment !== undefined && isOwnedBy(deployment, resource) ? rolloutOf(deployment) : undefined;
}

function deploymentFields(
  deployment: KubeObject | undefined,
  rollout: Rollout | undefined,
): Pick<ServiceStatus, 'taskDefinition' | 'deployments'> {
  if (deployment === undefined || rollout === undefined) return {deployments: []};
  const taskDefinition = deployment.metadata.annotations?.[taskDefinitionAnnotation] ?? '';
  const id = `ecs-svc/${fingerprint(`${deployment.metadata.uid ?? ''} ${taskDefinition}`)}`;
  return {taskDefinition, deployments: deploymentStates(id, taskDefinition, rollout)};
}

// A Deployment does not say which of its ready pods are new. The old ones are taken to be ready, so that the new are never counted too soon.
function deploymentStates(id: string, taskDefinition: string, rollout: Rollout): DeploymentState[] {
  const old = Math.max(0, rollout.total - rollout.updated);
  const running = Math.min(rollout.updated, Math.max(0, rollout.ready - old));
  const primary: DeploymentState = {
    id,
    status: 'PRIMARY',
    taskDefinition,
    desiredCount: rollout.desired,
    runningCount: running,
    pendingCount: rollout.updated - running,
    rolloutState: rollout.state,
    rolloutStateReason: stateReason(id, rollout),
  };
  if (old === 0) return [primary];
  const oldReady = Math.min(old, rollout.ready);
  return [primary, {id: `${id}-before`, status: 'ACTIVE', desiredCount: 0, runningCount: oldReady, pendingCount: old - oldReady}];
}

function stateReason(id: string, {state, trouble}: Rollout): string {
  if (state === 'COMPLETED') return `ECS deployment ${id} completed.`;
  return state === 'FAILED' ? `ECS deployment ${id} failed: ${trouble ?? 'no progress.'}` : `ECS deployment ${id} in progress.`;
}

function translated(notes: readonly Note[] | undefined): readonly ConditionClaim[] {
  if (notes === undefined) return [];
  const refused = notes.filter(isRefused);
  if (refused.length > 0) return [{type: 'Translated', status: 'False', reason: 'NotTranslatable', message: summaryOf(refused)}];
  const message =
    notes.length === 0 ? 'Every field is honoured.' : `${notes.length} fields are approximated or ignored; status.notes says how.`;
  return [{type: 'Translated', status: 'True', reason: 'Translated', message}];
}

function available(rollout: Rollout | undefined): readonly ConditionClaim[] {
  if (rollout === undefined) return [];
  const message = `${rollout.ready} of ${rollout.desired} pods are ready.`;
  if (rollout.isAvailable) return [{type: 'Available', status: 'True', reason: 'Available', message}];
  return [{type: 'Available', status: 'False', reason: 'NotAvailable', message}];
}
