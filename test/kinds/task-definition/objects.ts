import type {KubeObject, Resource} from '../../../src/schema/object.ts';
import type {Applied} from '../../../src/kinds/kind.ts';
import type {Observed} from '../../../src/kinds/task-definition/observe.ts';
import {apply} from '../../../src/kinds/task-definition/apply.ts';
import type {TaskDefinitionStep} from '../../../src/kinds/task-definition/plan.ts';
import type {TaskDefinitionSpec} from '../../../src/kinds/task-definition/schema.ts';
import type {Doors} from '../../../src/kinds/doors.ts';

export const web = {family: 'web', containerDefinitions: [{name: 'web', image: 'nginx:1', memory: 64}]};

export function taskDefinition(
  spec: TaskDefinitionSpec,
  more: {status?: unknown; uid?: string; deletionTimestamp?: string} = {},
): Resource<TaskDefinitionSpec> {
  const {status, uid = 'uid-1', ...metadata} = more;
  return {
    apiVersion: 'ecs.drayage.dev/v1alpha1',
    kind: 'TaskDefinition',
    metadata: {name: 'shop', namespace: 'ns', uid, ...metadata},
    spec,
    ...(status === undefined ? {} : {status}),
  };
}

/** Stores what is applied, as the API server would, and forgets what is deleted. */
export async function carryOut(steps: readonly TaskDefinitionStep[], observed: Observed): Promise<Observed> {
  let now = observed;
  const kube = {
    apply: async (_type: unknown, object: KubeObject) => ({
      ...object,
      metadata: {...object.metadata, uid: `uid of ${object.metadata.name}`},
    }),
    delete: async () => true,
  };
  for (const step of steps) {
    const applied: Applied<Observed> = await apply(step, {kube} as unknown as Doors);
    now = applied.advance(now);
  }
  return now;
}
