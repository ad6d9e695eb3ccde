import type {KubeObject, Resource} from '../../schema/object.ts';
import {tagsToPin} from '../../translate/image.ts';
import type {Revision} from '../../translate/revision.ts';
import {settingsIn, type ClusterPlace} from '../cluster-ref.ts';
import type {Doors} from '../doors.ts';
import {inventoryOf, unwritten} from '../made-objects/inventory.ts';
import {readObject} from '../made-objects/observe.ts';
import {observeSecrets} from '../needed-secrets/observe.ts';
import {lookUp} from '../pinned-images/observe.ts';
import {demandOf} from './demand.ts';
import {wantedOf} from './manifest.ts';
import type {Start} from './observed.ts';
import type {TaskSpec} from './schema.ts';

/**
 * What the task is to be run with. Undefined, and nothing is asked of AWS, where it cannot be run yet: its Cluster is not there, a
 * field is refused, or what it is made of has to be written down first.
 */
export async function observeStart(
  resource: Resource<TaskSpec>,
  revision: Revision,
  cluster: ClusterPlace,
  doors: Doors,
): Promise<Start | undefined> {
  if (cluster.is !== 'ready') return undefined;
  const wanted = wantedOf(resource, revision, cluster.settings);
  if (wanted.job === undefined || unwritten(resource, wanted.beside).length > 0) return undefined;
  const [images, secrets] = await Promise.all([
    lookUp(tagsToPin(revision.definition), doors),
    observeSecrets(demandOf(resource, wanted, settingsIn(cluster)), doors),
  ]);
  return {images, secrets};
}

/** One call for each object that the status remembers: no copy is kept of them. */
export async function observeRemembered(resource: Resource<TaskSpec>, doors: Doors): Promise<readonly KubeObject[]> {
  const read = await Promise.all(inventoryOf(resource).map((entry) => readObject(entry, resource.metadata.namespace, doors)));
  return read.filter((object) => object !== undefined);
}
