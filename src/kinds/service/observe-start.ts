import type {KubeObject, Resource} from '../../schema/object.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {tagsToPin, type ImagePins} from '../../translate/image.ts';
import {isOwnedBy, type Revision} from '../../translate/revision.ts';
import type {Doors} from '../doors.ts';
import {observeSecrets} from '../needed-secrets/observe.ts';
import type {SeenSecrets} from '../needed-secrets/observed.ts';
import {lookUp} from '../pinned-images/observe.ts';
import {recordedIn} from '../pinned-images/record.ts';
import {demandOf} from './demand.ts';
import {wantedOf} from './manifest.ts';
import type {ServiceSpec} from './schema.ts';

export interface Start {
  readonly images: ImagePins;
  readonly secrets: SeenSecrets;
}

/**
 * What a deployment starts with, and keeps for as long as it lasts: the digests of its images, and Secrets with what is in AWS.
 * Of a deployment that has both nothing is asked. Undefined where there is nothing to start.
 */
export async function observeStart(
  resource: Resource<ServiceSpec>,
  revision: Revision,
  {deployment, cluster}: {readonly deployment: KubeObject | undefined; readonly cluster: ClusterSettings},
  doors: Doors,
): Promise<Start | undefined> {
  if (resource.metadata.deletionTimestamp !== undefined) return undefined;
  if (deployment !== undefined && !isOwnedBy(deployment, resource)) return undefined;
  const wanted = wantedOf(resource, revision, {cluster});
  if (wanted.deployment === undefined) return undefined;
  const [images, secrets] = await Promise.all([
    recordedIn(deployment, wanted.id) ?? lookUp(tagsToPin(revision.definition), doors),
    observeSecrets(demandOf(resource, wanted, cluster), doors),
  ]);
  return {images, secrets};
}
