import {managedBy, managedByLabel} from '../../schema/labels.ts';
import type {KubeObject, Resource} from '../../schema/object.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {driftIn} from '../../translate/drift.ts';
import {canonical, fingerprint} from '../../translate/fingerprint.ts';
import {labelValue} from '../../translate/names.ts';
import type {Note} from '../../translate/note.ts';
import type {Revision} from '../../translate/revision.ts';
import {translate} from '../../translate/translate.ts';
import {owned} from './owner.ts';
import type {ServiceSpec} from './schema.ts';

const appliedKey = 'ecs.drayage.dev/applied';

export interface Wanted {
  /** What runs the tasks; undefined where a note is refused. */
  readonly workload?: KubeObject;
  /** What it needs beside it, in the order in which they are made. */
  readonly beside: readonly KubeObject[];
  readonly notes: readonly Note[];
}

/** What the service is made of when it runs this revision, each object the service's own. */
export function wantedOf(resource: Resource<ServiceSpec>, {definition, revision}: Revision): Wanted {
  const {name, namespace} = resource.metadata;
  const {manifests, notes} = translate(definition, resource.spec, {name, revision, ...(namespace === undefined ? {} : {namespace})});
  const [workload, ...beside] = manifests.map((manifest) => finished(manifest, resource));
  return {...(workload === undefined ? {} : {workload}), beside, notes};
}

/** As it is applied: labelled, owned, and with a fingerprint of what was asked for. */
export function finished(manifest: KubeObject, resource: Resource<ServiceSpec>): KubeObject {
  const {metadata} = manifest;
  const labels = {...metadata.labels, [managedByLabel]: managedBy, [serviceLabel]: labelValue(resource.metadata.name)};
  const labelled = owned({...manifest, metadata: {...metadata, labels}}, resource);
  // A field that was taken away leaves nothing to compare; the fingerprint tells that it was.
  const annotations = {...labelled.metadata.annotations, [appliedKey]: fingerprint(canonical(manifest))};
  return {...labelled, metadata: {...labelled.metadata, annotations}};
}

/** Why an object must be applied again, for a person; undefined where it has all that is wanted. */
export function driftOf(observed: KubeObject | undefined, wanted: KubeObject): string | undefined {
  if (observed === undefined) return 'it is missing';
  if (observed.metadata.annotations?.[appliedKey] !== wanted.metadata.annotations?.[appliedKey])
    return 'the service or its task definition has changed';
  const drift = driftIn(observed, wanted);
  return drift === undefined ? undefined : `${drift} was changed by someone else`;
}
