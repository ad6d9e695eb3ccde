import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {rule, set} from '../../schema/rules.ts';
import {labelSelector} from '../../schema/selector.ts';
import {clusterPullSecrets} from '../../schema/types.ts';
import {reasons} from './reasons.ts';

const dnsLabel = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
const dnsSubdomain = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

const RegistryChoice = rule(
  z.object({
    registryRef: z
      .object({name: dnsSubdomain.describe('The name of a Registry.')})
      .optional()
      .describe("A Registry object. `default` is the operator's own account and region."),
    accountId: z
      .string()
      .max(12)
      .regex(/^[0-9]{12}$/)
      .optional()
      .describe('AWS account. Left out, the one of the operator.'),
    region: z
      .string()
      .max(32)
      .regex(/^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$/)
      .optional()
      .describe('AWS region. Left out, the one of the operator.'),
  }),
  {
    rule: '!has(self.registryRef) || (!has(self.accountId) && !has(self.region))',
    message: 'name a Registry (registryRef), or an accountId and region, not both',
    test: ({registryRef, accountId, region}) => registryRef === undefined || (accountId === undefined && region === undefined),
  },
);

const ServiceAccountChoice = z.object({
  names: set(dnsSubdomain.describe('The name of a ServiceAccount.'))
    .max(64)
    .optional()
    .describe('ServiceAccounts by name, in every selected namespace.'),
  selector: labelSelector().optional().describe('ServiceAccounts by label. An empty selector matches all.'),
  all: z.boolean().optional().describe('Every ServiceAccount.'),
});

/** What a user writes of a ClusterPullSecret. */
export type ClusterPullSecretSpec = z.output<typeof ClusterPullSecretSpec>;
export const ClusterPullSecretSpec = z
  .object({
    registries: z
      .array(RegistryChoice)
      .min(1)
      .max(20)
      .default([{registryRef: {name: 'default'}}])
      .describe('The ECR registries that the secret opens, each an account in a region.'),
    secretName: dnsLabel
      .default('ecr-pull')
      .describe('The name of the Secret in each namespace. After a change the old Secrets go once the new ones are in use.'),
    namespaceSelector: labelSelector()
      .optional()
      .describe('The namespaces that get the secret, by label. Left out, all but the excluded ones.'),
    excludedNamespaces: set(dnsLabel.describe('The name of a namespace.'))
      .max(256)
      .default(['kube-system', 'kube-public', 'kube-node-lease'])
      .describe('Namespaces that never get the secret, whatever their labels.'),
    serviceAccounts: ServiceAccountChoice.prefault({names: ['default']}).describe(
      'The ServiceAccounts whose imagePullSecrets name the secret: those that any member matches. An empty object matches none.',
    ),
    refreshBeforeSeconds: z
      .int32()
      .min(5)
      .max(39_600)
      .optional()
      .describe(
        'How long before it expires a token is replaced. Left out, at 40 to 50 % of its life, at a point that differs from object to object.',
      ),
  })
  .describe('Keeps an image pull secret for Amazon ECR in many namespaces, and renews it before it expires.');

const time = z.iso.datetime();

export const ClusterPullSecretStatus = z.object({
  namespaces: z
    .object({
      selected: z.int32().describe('Namespaces that should have the secret; those that are being deleted do not count.'),
      ready: z.int32().describe('Those where it is valid, and attached to every chosen ServiceAccount that exists.'),
      failed: z.int32().describe('Those that could not be served; see failures.'),
    })
    .optional()
    .describe('How many namespaces there are.'),
  failures: z
    .array(
      z.object({
        namespace: z.string().max(63).describe('The namespace.'),
        reason: z.string().max(64).describe('Why, in one word.'),
        message: z.string().max(1024).describe('Why, for a person.'),
      }),
    )
    .max(10)
    .optional()
    .describe('The first 10 namespaces that could not be served, by name.'),
  registries: z
    .array(
      z.object({
        registry: z.string().max(64).describe("Account and region as asked for; `own` stands for the operator's."),
        host: z.string().max(253).describe('The host that the token opens.'),
        expiresAt: time.describe('When the oldest copy of the token expires.'),
        refreshedAt: time.describe('When that token was first written.'),
      }),
    )
    .max(20)
    .optional()
    .describe('The registries that the secrets open.'),
  expiresAt: time.optional().describe('The earliest expiry among all secrets.'),
  nextRefresh: time.optional().describe('When the next token is due.'),
});

export const definition: Definition<ClusterPullSecretSpec> = {
  ...clusterPullSecrets,
  singular: 'clusterpullsecret',
  shortNames: ['cps'],
  description: 'ClusterPullSecret keeps an image pull secret for Amazon ECR in many namespaces, and renews it before it expires.',
  spec: ClusterPullSecretSpec,
  status: ClusterPullSecretStatus,
  columns: [
    {name: 'Secret', type: 'string', jsonPath: '.spec.secretName', description: 'The name of the Secret.', priority: 1},
    {name: 'Selected', type: 'integer', jsonPath: '.status.namespaces.selected', description: 'Namespaces that should have the secret.'},
    {name: 'Served', type: 'integer', jsonPath: '.status.namespaces.ready', description: 'Namespaces that have it.'},
    {
      name: 'Failed',
      type: 'integer',
      jsonPath: '.status.namespaces.failed',
      description: 'Namespaces that could not be served.',
      priority: 1,
    },
    // Not `date`: kubectl prints a date that is still to come as <invalid>.
    {name: 'Expires', type: 'string', jsonPath: '.status.expiresAt', description: 'The earliest expiry among all secrets.'},
    {name: 'Next', type: 'string', jsonPath: '.status.nextRefresh', description: 'When the next token is due.', priority: 1},
  ],
  actions: ['ecr:GetAuthorizationToken'],
  reasons,
};
