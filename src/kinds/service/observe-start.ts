import type {KubeObject, Resource} from '../../schema/object.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {tagsToPin, type ImagePins} from '../../translate/image.ts';
import type {Revision} from '../../translate/revision.ts';
import type {Doors} from '../doors.ts';
import {observeSecrets} from '../needed-secrets/observe.ts';
import type {SeenSecrets} from '../needed-secrets/observed.ts';
import {lookUp} from '../pinned-images/observe.ts';
import {recordedIn} from '../pinned-images/record.ts';
import {demandOf} from './demand.ts';
import {wantedOf} from './manifest.ts';
import type {ServiceSpec, ServiceStatus} from './schema.ts';

export interface Start {
  readonly images: ImagePins;
  readonly secrets: SeenSecrets;
}

/**
 * What a deployment starts with, and keeps for as long as it lasts: the digests of its images, and Secrets with what is in AWS.
 * Of a deployment that has both nothing is asked. Undefined where there is nothing to start, or it has failed already.
 */
export async function observeStart(
  resource: Resource<ServiceSpec>,
  revision: Revision,
  {objects, cluster}: {readonly objects: readonly KubeObject[]; readonly cluster: ClusterSettings},
  doors: Doors,
): Promise<Start | undefined> {
  if (resource.metadata.deletionTimestamp !== undefined) return undefined;
  const wanted = wantedOf(resource, revision, cluster);
  const {lastFailed} = (resource.status ?? {}) as ServiceStatus;
  if (wanted.workload === undefined || lastFailed?.id === wanted.id) return undefined;
  const known = objects.map((object) => recordedIn(object, wanted.id)).find((images) => images !== undefined);
  const [images, secrets] = await Promise.all([
    known ?? lookUp(tagsToPin(revision.definition), doors),
    observeSecrets(demandOf(resource, wanted, cluster), doors),
  ]);
  return {images, secrets};
}
