import type {KubeObject, Resource} from '../../schema/object.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {deploymentIdOf} from '../../translate/deployment-id.ts';
import {driftIn} from '../../translate/drift.ts';
import {canonical, fingerprint} from '../../translate/fingerprint.ts';
import type {ImagePins} from '../../translate/image.ts';
import type {NeededSecret} from '../../translate/needs.ts';
import type {Note} from '../../translate/note.ts';
import {ownerReference, type Revision} from '../../translate/revision.ts';
import {translate, type Translation} from '../../translate/translate.ts';
import {recordOf} from '../pinned-images/record.ts';
import type {Observed} from './observe.ts';
import type {ServiceSpec} from './schema.ts';

const appliedKey = 'ecs.drayage.dev/applied';

export interface Wanted {
  /** Undefined where a note is refused. */
  readonly deployment?: KubeObject;
  readonly notes: readonly Note[];
  readonly needs: readonly NeededSecret[];
  /** Which deployment it is: see deploymentIdOf. */
  readonly id: string;
}

/** What a translation rests on besides the objects themselves. */
export interface Circumstances {
  readonly cluster?: ClusterSettings;
  /** Digests that were looked up for the deployment. */
  readonly images?: ImagePins;
}

export function circumstancesOf({cluster, start}: Pick<Observed, 'cluster' | 'start'>): Circumstances {
  return {...(cluster !== undefined && {cluster}), ...(start !== undefined && {images: start.images})};
}

/** The Deployment that the service is when it runs this revision, owned by the service. */
export function wantedOf(resource: Resource<ServiceSpec>, revision: Revision, {cluster, images = {}}: Circumstances = {}): Wanted {
  const plain = translationOf(resource, revision, cluster === undefined ? {} : {cluster});
  const id = plain.manifests[0] === undefined ? '' : deploymentIdOf(plain.manifests[0]);
  const isPlain = Object.keys(images).length === 0;
  const {manifests, notes, needs} = isPlain ? plain : translationOf(resource, revision, {...(cluster !== undefined && {cluster}), images});
  const [deployment] = manifests;
  if (deployment === undefined) return {notes, needs, id};
  const metadata = {
    ...deployment.metadata,
    annotations: {
      ...deployment.metadata.annotations,
      ...recordOf({deployment: id, images}),
      // A field that was taken away leaves nothing to compare; the fingerprint tells that it was.
      [appliedKey]: fingerprint(canonical(deployment)),
    },
    ownerReferences: [ownerReference(resource)],
  };
  return {deployment: {...deployment, metadata}, notes, needs, id};
}

function translationOf(
  {metadata, spec}: Resource<ServiceSpec>,
  {definition, revision}: Revision,
  circumstances: Circumstances,
): Translation {
  const {name, namespace} = metadata;
  return translate(definition, spec, {name, revision, ...(namespace === undefined ? {} : {namespace}), ...circumstances});
}

/** Why a Deployment must be applied again, for a person; undefined where it has all that is wanted. */
export function driftOf(observed: KubeObject | undefined, wanted: KubeObject): string | undefined {
  if (observed === undefined) return 'it is missing';
  if (observed.metadata.annotations?.[appliedKey] !== wanted.metadata.annotations?.[appliedKey])
    return 'the service or its task definition has changed';
  const drift = driftIn(observed, wanted);
  return drift === undefined ? undefined : `${drift} was changed by someone else`;
}
