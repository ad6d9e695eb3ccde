import * as z from 'zod';
import {listMap, mapOf, rule} from '../../schema/rules.ts';
import {labelKey, labelValue} from '../../schema/selector.ts';

const providerName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[A-Za-z0-9_-]+$/);

const Toleration = rule(
  z.object({
    key: labelKey.optional().describe('The taint. Left out with operator Exists: every taint.'),
    operator: z.enum(['Exists', 'Equal']).optional().describe('How value is compared. Default Equal.'),
    value: labelValue.optional().describe('The value of the taint, for Equal.'),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional().describe('The effect of the taint. Left out, every one.'),
    tolerationSeconds: z.int32().min(0).optional().describe('How long a NoExecute taint is tolerated, in seconds. Left out, for ever.'),
  }),
  {
    rule: "has(self.key) || (has(self.operator) && self.operator == 'Exists')",
    message: 'without a key, operator must be Exists',
    test: ({key, operator}) => key !== undefined || operator === 'Exists',
  },
);

const CapacityProvider = z.object({
  name: providerName.describe(
    'As services and tasks call it. FARGATE, FARGATE_SPOT, EC2, EXTERNAL and MANAGED_INSTANCES also answer the launch type of that name.',
  ),
  compute: z
    .enum(['Any', 'EKSFargate', 'EKSAutoMode', 'Karpenter', 'ManagedNodes', 'Hybrid'])
    .optional()
    .describe(
      'The sort of nodes, which decides the labels that they have and what they cannot do. EKSFargate: a Fargate profile selects the pods (see podLabels), and what EKS Fargate does not have is refused. Default Any.',
    ),
  capacityType: z
    .enum(['Spot', 'OnDemand'])
    .optional()
    .describe('Only nodes of that price. For EKSAutoMode, Karpenter and ManagedNodes; EKS Fargate has no Spot. Left out, both.'),
  nodeSelector: mapOf(labelValue, {max: 32}).optional().describe('Labels that its nodes have, beyond what compute says.'),
  tolerations: z.array(Toleration).max(32).optional().describe('Taints of its nodes that pods tolerate.'),
  podLabels: mapOf(labelValue, {max: 32})
    .optional()
    .describe(
      'Labels for the pods: those by which an EKS Fargate profile selects them. Not given where a strategy mixes several providers.',
    ),
});

const StrategyItem = z.object({
  capacityProvider: providerName.describe('The name of a capacity provider of this Cluster.'),
  base: z.int32().min(0).max(100_000).optional().describe('As in ECS. Default 0.'),
  weight: z.int32().min(0).max(1000).optional().describe('As in ECS. Default 0.'),
});

export const capacityFields = {
  capacityProviders: listMap(CapacityProvider, 'name')
    .max(20)
    .optional()
    .describe('The capacity providers, and on which nodes their tasks run. Left out, launch types and strategies are noted and not used.'),
  defaultCapacityProviderStrategy: z
    .array(StrategyItem)
    .min(1)
    .max(20)
    .optional()
    .describe('For services and tasks that name neither a launch type nor a strategy. Left out, they run on any node.'),
  attributes: z
    .object({
      labelPrefix: z
        .string()
        .max(254)
        .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?$/)
        .optional()
        .describe(
          'What stands before the name of a custom attribute in the label that nodes have for it; may be empty. Default `attribute.ecs.drayage.dev/`.',
        ),
      labels: mapOf(labelKey, {max: 64})
        .optional()
        .describe(
          'The whole node label of an attribute, by its name without `attribute:`; also of `ec2InstanceId`, and of `instance-family` (t3, m6i).',
        ),
    })
    .optional()
    .describe('Which node labels the attributes of placement constraints and strategies are.'),
};

type Capacity = z.output<z.ZodObject<typeof capacityFields>>;

/** The default strategy names providers that there are. */
export function withCapacityRule<S extends z.ZodType<Capacity>>(schema: S): S {
  return rule(schema, {
    rule: '!has(self.defaultCapacityProviderStrategy) || (has(self.capacityProviders) && self.defaultCapacityProviderStrategy.all(item, self.capacityProviders.exists(one, one.name == item.capacityProvider)))',
    message: 'defaultCapacityProviderStrategy names a provider that capacityProviders does not have',
    fieldPath: '.defaultCapacityProviderStrategy',
    test: ({defaultCapacityProviderStrategy: strategy = [], capacityProviders = []}) =>
      strategy.every((item) => capacityProviders.some(({name}) => name === item.capacityProvider)),
  });
}
