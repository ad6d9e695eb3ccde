import type {KubeObject, Resource} from '../../schema/object.ts';
import {driftIn} from '../../translate/drift.ts';
import {canonical, fingerprint} from '../../translate/fingerprint.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import type {Note} from '../../translate/note.ts';
import {ownerReference, type Revision} from '../../translate/revision.ts';
import {translate} from '../../translate/translate.ts';
import type {ServiceSpec} from './schema.ts';

const appliedKey = 'ecs.drayage.dev/applied';

export interface Wanted {
  /** Undefined where a note is refused. */
  readonly deployment?: KubeObject;
  readonly notes: readonly Note[];
}

/** The Deployment that the service is when it runs this revision in this Cluster, owned by the service. */
export function wantedOf(resource: Resource<ServiceSpec>, {definition, revision}: Revision, cluster: ClusterSettings = {}): Wanted {
  const {name, namespace} = resource.metadata;
  const {manifests, notes} = translate(definition, resource.spec, {
    name,
    revision,
    cluster,
    ...(namespace === undefined ? {} : {namespace}),
  });
  const [deployment] = manifests;
  if (deployment === undefined) return {notes};
  const metadata = {
    ...deployment.metadata,
    // A field that was taken away leaves nothing to compare; the fingerprint tells that it was.
    annotations: {...deployment.metadata.annotations, [appliedKey]: fingerprint(canonical(deployment))},
    ownerReferences: [ownerReference(resource)],
  };
  return {deployment: {...deployment, metadata}, notes};
}

/** Why a Deployment must be applied again, for a person; undefined where it has all that is wanted. */
export function driftOf(observed: KubeObject | undefined, wanted: KubeObject): string | undefined {
  if (observed === undefined) return 'it is missing';
  if (observed.metadata.annotations?.[appliedKey] !== wanted.metadata.annotations?.[appliedKey])
    return 'the service or its task definition has changed';
  const drift = driftIn(observed, wanted);
  return drift === undefined ? undefined : `${drift} was changed by someone else`;
}
