import type {Observed} from '../../../src/kinds/service/observe.ts';
import {plan} from '../../../src/kinds/service/plan.ts';
import type {ServiceSpec} from '../../../src/kinds/service/schema.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';
import {normalizeTaskDefinition} from '../../../src/translate/normalize.ts';
import type {Revision} from '../../../src/translate/revision.ts';

export function service(
  spec: Partial<ServiceSpec> = {},
  more: {status?: unknown; deletionTimestamp?: string; uid?: string} = {},
): Resource<ServiceSpec> {
  const {status, ...metadata} = more;
  return {
    apiVersion: 'ecs.drayage.dev/v1alpha1',
    kind: 'Service',
    metadata: {name: 'shop', namespace: 'ns', uid: 'uid-1', ...metadata},
    spec: {taskDefinition: 'web', desiredCount: 2, ...spec},
    ...(status === undefined ? {} : {status}),
  };
}

export function revision(over: Record<string, unknown> = {}, number = 3): Revision {
  const {value} = normalizeTaskDefinition({family: 'web', containerDefinitions: [{name: 'web', image: 'nginx:1', memory: 64}], ...over});
  if (value === undefined) throw new Error('not a definition');
  return {family: 'web', revision: number, definition: value};
}

export const now = new Date('2026-01-01T00:00:00Z');

/** What a walk has seen. */
export function seen(of: Revision | undefined, objects: readonly KubeObject[] = [], pods: readonly KubeObject[] = []): Observed {
  return {...(of === undefined ? {} : {revision: of}), objects, pods};
}

/** What was applied, as the API server has it. */
export function made(resource: Resource<ServiceSpec>, of: Revision): readonly KubeObject[] {
  return plan(resource, seen(of), now).steps.flatMap((step) =>
    'object' in step ? [{...step.object, metadata: {...step.object.metadata, uid: `uid of ${step.object.kind}`}}] : [],
  );
}

/** The Deployment as the API server has it after it was applied. */
export function deployed(resource: Resource<ServiceSpec>, of: Revision, status: Record<string, unknown> = {}): KubeObject {
  const deployment = made(resource, of).at(-1);
  if (deployment === undefined) throw new Error('nothing was applied');
  return {...deployment, metadata: {...deployment.metadata, generation: 1}, status: {observedGeneration: 1, ...status}};
}

export const steady = {replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2};
