import type {KubeObject, Resource} from '../../schema/object.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import type {ImagePins} from '../../translate/image.ts';
import {taskLabel} from '../../translate/labels.ts';
import type {NeededSecret} from '../../translate/needs.ts';
import type {Note} from '../../translate/note.ts';
import type {Revision} from '../../translate/revision.ts';
import {translateTask} from '../../translate/translate-task.ts';
import {owned} from '../made-objects/owner.ts';
import {recordOf} from '../pinned-images/record.ts';
import {runOf} from './run-of.ts';
import type {TaskSpec} from './schema.ts';

export interface Wanted {
  /** Undefined where a note is refused. */
  readonly job?: KubeObject;
  /** What the Job needs beside it, in the order in which they are made. */
  readonly beside: readonly KubeObject[];
  readonly notes: readonly Note[];
  /** Secrets that must be filled from AWS before it may run. */
  readonly needs: readonly NeededSecret[];
}

/** What the task is when it runs this revision in this Cluster, with these digests; all of it owned. */
export function wantedOf(resource: Resource<TaskSpec>, revision: Revision, cluster: ClusterSettings, images: ImagePins = {}): Wanted {
  const {name, namespace, uid = ''} = resource.metadata;
  const settings = {name, revision: revision.revision, cluster, images, ...(namespace === undefined ? {} : {namespace})};
  const {manifests, notes, needs} = translateTask(revision.definition, runOf(resource.spec), settings);
  const [job, ...others] = manifests;
  if (job === undefined) return {beside: [], notes, needs};
  const annotations = {...job.metadata.annotations, ...recordOf({deployment: uid, images})};
  const recorded = {...job, metadata: {...job.metadata, annotations}};
  return {job: owned(recorded, resource), beside: others.map((object) => ofOwner(object, resource, revision)), notes, needs};
}

/** What has no label of the task is shared by those of its family: it belongs to the TaskDefinition, and stays when the task goes. */
function ofOwner(object: KubeObject, resource: Resource, {owner}: Revision): KubeObject {
  const {metadata} = object;
  if (owner === undefined || metadata.labels?.[taskLabel] !== undefined) return owned(object, resource);
  return {...object, metadata: {...metadata, ownerReferences: [owner]}};
}
