import * as z from 'zod';
import {placementFields} from './ecs.ts';
import {VolumeConfiguration} from './ecs-volumes.ts';
import {NetworkConfiguration} from './ecs-service-networking.ts';

const text = z.string().max(65536);
const tags = z.array(z.looseObject({key: z.string().max(128), value: z.string().max(256).optional()})).max(50);

export const ContainerOverride = z.looseObject({
  name: z.string('must name the container that it is for').min(1).max(255),
  command: z.array(text).max(1000).optional(),
  environment: z
    .array(z.looseObject({name: z.string().min(1).max(4096), value: text.optional()}))
    .max(1000)
    .optional(),
  environmentFiles: z.array(z.looseObject({})).max(10).optional(),
  cpu: z.int().min(0).max(196608).optional(),
  memory: z.int().min(6).max(1_000_000_000).optional(),
  memoryReservation: z.int().min(6).max(1_000_000_000).optional(),
  resourceRequirements: z.array(z.looseObject({})).max(10).optional(),
});

export const TaskOverride = z.looseObject({
  containerOverrides: z.array(ContainerOverride).max(10).optional(),
  cpu: z.union([z.string(), z.int()]).optional(),
  memory: z.union([z.string(), z.int()]).optional(),
  taskRoleArn: z.string().max(2048).optional(),
  executionRoleArn: z.string().max(2048).optional(),
  ephemeralStorage: z.looseObject({sizeInGiB: z.int().min(20).max(200).optional()}).optional(),
});

/** RunTask's input: the fields that are carried, with ECS's own limits. */
export const RunTaskInput = z.looseObject({
  ...placementFields,
  cluster: z.string().max(512).optional(),
  networkConfiguration: NetworkConfiguration.optional(),
  volumeConfigurations: z.array(VolumeConfiguration).max(10).optional(),
  taskDefinition: z.string().max(512).optional(),
  count: z.int('must be 1 to 10').min(1, 'must be 1 to 10').max(10, 'must be 1 to 10').optional(),
  group: z.string().max(255).optional(),
  startedBy: z
    .string()
    .regex(/^[A-Za-z0-9_/-]{1,128}$/, 'must be 1 to 128 letters, digits, "-", "/" or "_"')
    .optional(),
  referenceId: z.string().max(1024).optional(),
  propagateTags: z.enum(['TASK_DEFINITION', 'NONE', 'SERVICE']).optional(),
  tags: tags.optional(),
  overrides: TaskOverride.optional(),
});

export type RunTaskInput = z.infer<typeof RunTaskInput>;
export type TaskOverride = z.infer<typeof TaskOverride>;
export type ContainerOverride = z.infer<typeof ContainerOverride>;
