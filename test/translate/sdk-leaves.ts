import * as ecs from '@aws-sdk/client-ecs';
import {enumsOf, typesOfEcs} from '../../src/generate/ecs/enums.ts';
import type {Leaf} from '../../src/generate/ecs/leaf.ts';
import {leavesOfInput} from '../../src/generate/ecs/operation.ts';
import {type Shape, shapeOf} from '../../src/generate/ecs/shape.ts';

const enumOf = await enumsOf(ecs, typesOfEcs);

/** RegisterTaskDefinition's input as the SDK has it. */
export const taskShape: Shape = shapeOf(ecs.RegisterTaskDefinitionRequest$, enumOf);

/** CreateService's input as the SDK has it. */
export const serviceShape: Shape = shapeOf(ecs.CreateServiceRequest$, enumOf);

/** The fields of both, a service's below `service`, as a TaskDefinition object has them. */
export const sdkLeaves: readonly Leaf[] = [
  ...leavesOfInput(ecs, enumOf, 'RegisterTaskDefinition'),
  ...leavesOfInput(ecs, enumOf, 'CreateService'),
];

/** RunTask's input as the SDK has it. */
export const runTaskShape: Shape = shapeOf(ecs.RunTaskRequest$, enumOf);

/** Its fields, below `runTask`. */
export const runTaskLeaves: readonly Leaf[] = leavesOfInput(ecs, enumOf, 'RunTask');
