import {managedBy, managedByLabel} from '../../schema/labels.ts';
import type {KubeObject, Resource} from '../../schema/object.ts';
import {ecsApiVersion} from '../../schema/types.ts';
import {canonical, fingerprint} from '../../translate/fingerprint.ts';
import {ownerReference} from '../../translate/revision.ts';
import type {TaskDefinitionSpec} from './schema.ts';

/** The Service that `spec.service` asks for; undefined where it asks for none. */
export function serviceManifest(resource: Resource<TaskDefinitionSpec>, family: string): KubeObject | undefined {
  const {service} = resource.spec;
  if (service === undefined) return undefined;
  const {name, namespace} = resource.metadata;
  const spec = {taskDefinition: family, ...withoutNulls(service)};
  return {
    apiVersion: ecsApiVersion,
    kind: 'Service',
    metadata: {
      name,
      ...(namespace === undefined ? {} : {namespace}),
      labels: {[managedByLabel]: managedBy},
      // A field that was taken away leaves nothing to compare; the fingerprint tells that it was.
      annotations: {'ecs.drayage.dev/applied': fingerprint(canonical(spec))},
      ownerReferences: [ownerReference(resource)],
    },
    spec,
  };
}

// The API server drops or refuses null where the schema knows the field, and to ECS it means «not set».
function withoutNulls(service: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(service)
      .filter(([, value]) => value !== null && value !== '')
      .map(([key, value]) => [key, isObject(value) ? withoutNulls(value) : value]),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
