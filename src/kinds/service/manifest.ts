import {managedBy, managedByLabel} from '../../schema/labels.ts';
import type {KubeObject, Resource} from '../../schema/object.ts';
import {deploymentLabel, serviceLabel} from '../../translate/deployment.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import type {DeploymentSettings} from '../../translate/deployment-settings.ts';
import {driftIn} from '../../translate/drift.ts';
import {canonical, fingerprint} from '../../translate/fingerprint.ts';
import type {ImagePins} from '../../translate/image.ts';
import {labelValue} from '../../translate/names.ts';
import type {NeededSecret} from '../../translate/needs.ts';
import type {Note} from '../../translate/note.ts';
import type {Revision} from '../../translate/revision.ts';
import {translate} from '../../translate/translate.ts';
import {recordOf} from '../pinned-images/record.ts';
import {owned} from '../made-objects/owner.ts';
import type {ServiceSpec} from './schema.ts';

const appliedKey = 'ecs.drayage.dev/applied';

export interface Wanted {
  /** What runs the tasks; undefined where a note is refused. */
  readonly workload?: KubeObject;
  /** Which deployment it is: the same pods make the same one. Empty where there is no workload. */
  readonly id: string;
  /** What it needs beside it, in the order in which they are made. */
  readonly beside: readonly KubeObject[];
  readonly notes: readonly Note[];
  /** Secrets that must be filled from AWS before it may run. */
  readonly needs: readonly NeededSecret[];
  /** Digests that its images are pinned to. */
  readonly images: ImagePins;
  /** How it is deployed; undefined where there is no workload. */
  readonly settings?: DeploymentSettings;
}

/**
 * What the service is made of when it runs this revision in this Cluster, with these digests. Nothing in it is owned yet. Digests
 * are looked up for a deployment, so they do not make another one of it.
 */
export function wantedOf(
  resource: Resource<ServiceSpec>,
  {definition, revision}: Revision,
  cluster: ClusterSettings,
  images: ImagePins = {},
): Wanted {
  const {name, namespace} = resource.metadata;
  const settings = {name, revision, cluster, ...(namespace === undefined ? {} : {namespace})};
  const plain = translate(definition, resource.spec, settings);
  const isPlain = Object.keys(images).length === 0;
  const {manifests, notes, needs, deployment} = isPlain ? plain : translate(definition, resource.spec, {...settings, images});
  const [unpinned] = plain.manifests;
  const [workload, ...beside] = manifests;
  if (unpinned === undefined || workload === undefined || deployment === undefined) return {id: '', beside: [], notes, needs, images};
  const id = fingerprint(`${resource.metadata.uid ?? ''} ${unpinned.kind} ${canonical((unpinned.spec as Workload).template)}`);
  const annotations = {...workload.metadata.annotations, ...recordOf({deployment: id, images})};
  const recorded = {...workload, metadata: {...workload.metadata, annotations}};
  return {workload: marked(recorded, id), id, beside, notes, needs, images, settings: deployment};
}

interface Workload {
  readonly template: {readonly metadata: {readonly labels?: Labels}};
  readonly selector: {readonly matchLabels: Labels};
}

type Labels = Readonly<Record<string, string>>;

/** The workload and its pods with the label that tells which deployment they belong to. */
function marked(workload: KubeObject, id: string): KubeObject {
  return labelled(workload, {[deploymentLabel]: id});
}

/** With labels on it and on its pods. */
export function labelled(workload: KubeObject, labels: Labels): KubeObject {
  const spec = workload.spec as Workload;
  const pod = {...spec.template.metadata, labels: {...spec.template.metadata.labels, ...labels}};
  return {
    ...workload,
    metadata: {...workload.metadata, labels: {...workload.metadata.labels, ...labels}},
    spec: {...spec, template: {...spec.template, metadata: pod}},
  };
}

/** As it is applied: labelled, owned, and with a fingerprint of what was asked for. */
export function finished(manifest: KubeObject, resource: Resource): KubeObject {
  const {metadata} = manifest;
  const labels = {...metadata.labels, [managedByLabel]: managedBy, [serviceLabel]: labelValue(resource.metadata.name)};
  const mine = owned({...manifest, metadata: {...metadata, labels}}, resource);
  // A field that was taken away leaves nothing to compare; the fingerprint tells that it was.
  const annotations = {...mine.metadata.annotations, [appliedKey]: fingerprint(canonical(manifest))};
  return {...mine, metadata: {...mine.metadata, annotations}};
}

/** Why an object must be applied again, for a person; undefined where it has all that is wanted. */
export function driftOf(observed: KubeObject | undefined, wanted: KubeObject): string | undefined {
  if (observed === undefined) return 'it is missing';
  if (observed.metadata.annotations?.[appliedKey] !== wanted.metadata.annotations?.[appliedKey])
    return 'the service or its task definition has changed';
  const drift = driftIn(observed, wanted);
  return drift === undefined ? undefined : `${drift} was changed by someone else`;
}
