import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {rule, set} from '../../schema/rules.ts';
import {labelSelector} from '../../schema/selector.ts';
import {clusterPullSecrets, pullSecrets} from '../../schema/types.ts';
import {reasons} from './reasons.ts';
import {dnsLabel, sharedFields, withSharedRules} from './spec-schema.ts';
import {secretColumn, sharedStatus, timeColumns} from './status-schema.ts';

/** What a user writes of a ClusterPullSecret. */
export type ClusterPullSecretSpec = z.output<typeof ClusterPullSecretSpec>;
export const ClusterPullSecretSpec = withSharedRules(
  z.object({
    ...sharedFields,
    namespaceSelector: labelSelector()
      .optional()
      .describe('The namespaces that get the secret, by label. Left out, all but the excluded ones.'),
    excludedNamespaces: set(dnsLabel.describe('The name of a namespace.'))
      .max(256)
      .default(['kube-system', 'kube-public', 'kube-node-lease'])
      .describe('Namespaces that never get the secret, whatever their labels.'),
  }),
).describe('Keeps an image pull secret for Amazon ECR in many namespaces, and renews it before it expires.');

/** What a user writes of a PullSecret. */
export type PullSecretSpec = z.output<typeof PullSecretSpec>;
export const PullSecretSpec = rule(withSharedRules(z.object(sharedFields)), {
  rule: "self.identity.type != 'Operator' || self.registries.all(r, !has(r.accountId) && !has(r.region))",
  message: "with the operator's identity, name a Registry (registryRef): it says which namespaces may use it",
  fieldPath: '.registries',
  test: ({identity, registries}) =>
    identity.type !== 'Operator' || registries.every(({accountId, region}) => accountId === undefined && region === undefined),
}).describe('Keeps an image pull secret for Amazon ECR in its own namespace, and renews it before it expires.');

/** What both kinds are planned by. */
export type AnySpec = PullSecretSpec & Partial<Pick<ClusterPullSecretSpec, 'namespaceSelector' | 'excludedNamespaces'>>;

const actions = ['ecr-public:GetAuthorizationToken', 'ecr:GetAuthorizationToken', 'sts:GetServiceBearerToken'];

export const clusterDefinition: Definition<ClusterPullSecretSpec> = {
  ...clusterPullSecrets,
  singular: 'clusterpullsecret',
  shortNames: ['cps'],
  description: 'ClusterPullSecret keeps an image pull secret for Amazon ECR in many namespaces, and renews it before it expires.',
  spec: ClusterPullSecretSpec,
  status: z.object({
    namespaces: z
      .object({
        selected: z.int32().describe('Namespaces that should have the secret; those that are being deleted do not count.'),
        ready: z.int32().describe('Those where it is valid, and attached to every chosen ServiceAccount that exists.'),
        failed: z.int32().describe('Those that could not be served; see failures.'),
      })
      .optional()
      .describe('How many namespaces there are.'),
    ...sharedStatus,
  }),
  columns: [
    secretColumn,
    {name: 'Selected', type: 'integer', jsonPath: '.status.namespaces.selected', description: 'Namespaces that should have the secret.'},
    {name: 'Served', type: 'integer', jsonPath: '.status.namespaces.ready', description: 'Namespaces that have it.'},
    {
      name: 'Failed',
      type: 'integer',
      jsonPath: '.status.namespaces.failed',
      description: 'Namespaces that could not be served.',
      priority: 1,
    },
    ...timeColumns,
  ],
  actions,
  reasons,
};

export const definition: Definition<PullSecretSpec> = {
  ...pullSecrets,
  singular: 'pullsecret',
  shortNames: ['ps'],
  description: 'PullSecret keeps an image pull secret for Amazon ECR in its own namespace, and renews it before it expires.',
  spec: PullSecretSpec,
  status: z.object(sharedStatus),
  columns: [{...secretColumn, priority: 0}, ...timeColumns],
  actions,
  reasons,
};
