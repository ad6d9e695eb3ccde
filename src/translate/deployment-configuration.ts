import * as z from 'zod';

const minutes = z.int().min(0).max(1440);

const CircuitBreaker = z.looseObject({
  enable: z.boolean(),
  rollback: z.boolean().optional(),
  resetOnHealthyTask: z.boolean().optional(),
  thresholdConfiguration: z
    .looseObject({
      type: z.enum(['BOUNDED_PERCENT', 'UNBOUNDED_PERCENT', 'COUNT']).optional(),
      value: z.int().min(1).max(1_000_000).optional(),
    })
    .optional(),
});

/** Where a deployment can be told to wait. Two more stages, at which traffic moves, take no PAUSE. */
export const pauseStages = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;
const shiftStages = ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'] as const;

const LifecycleHook = z.looseObject({
  targetType: z.enum(['AWS_LAMBDA', 'PAUSE']).optional(),
  lifecycleStages: z
    .array(z.enum([...pauseStages, ...shiftStages]))
    .max(8)
    .optional(),
  timeoutConfiguration: z
    .looseObject({timeoutInMinutes: z.int().min(1).max(1_000_000).optional(), action: z.enum(['CONTINUE', 'ROLLBACK']).optional()})
    .optional(),
});

/** How a service's tasks are replaced, as CreateService takes it. */
export const DeploymentConfiguration = z.looseObject({
  minimumHealthyPercent: z.int().min(0).max(1000).optional(),
  maximumPercent: z.int().min(0).max(1000).optional(),
  strategy: z.enum(['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY']).optional(),
  deploymentCircuitBreaker: CircuitBreaker.optional(),
  bakeTimeInMinutes: minutes.optional(),
  linearConfiguration: z
    .looseObject({stepPercent: z.number().min(3).max(100).optional(), stepBakeTimeInMinutes: minutes.optional()})
    .optional(),
  canaryConfiguration: z
    .looseObject({canaryPercent: z.number().min(0.1).max(100).optional(), canaryBakeTimeInMinutes: minutes.optional()})
    .optional(),
  earlySuccessCriteria: z
    .looseObject({
      enable: z.boolean(),
      healthyPercent: z.int().min(0).max(100).optional(),
      sourceServiceRevisionCleanup: z.enum(['BLOCKING', 'DEFERRED']).optional(),
    })
    .optional(),
  lifecycleHooks: z.array(LifecycleHook).max(50).optional(),
});

export type DeploymentConfiguration = z.infer<typeof DeploymentConfiguration>;
