import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {immutable, rule} from '../../schema/rules.ts';
import {pullThroughCaches} from '../../schema/types.ts';
import {adoptionPolicy, deletionPolicy, driftPolicy} from '../policies.ts';
import {registryRef} from '../registry-ref.ts';
import {templateRules, templateSettings} from '../template-document.ts';
import {reasons} from './reasons.ts';
import {upstreamNames, upstreamOf} from './upstreams.ts';

const prefixPattern = /^(?:ROOT|(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*)$/;
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const CacheFields = z.object({
  registryRef: registryRef().describe("The registry that caches. `default` is the operator's own account and region. Cannot be changed."),
  ecrRepositoryPrefix: immutable(z.string().min(2).max(30).regex(prefixPattern))
    .optional()
    .describe(
      'Where cached images are: in repositories whose names begin with it and a `/`. ROOT: without a prefix. Left out, the name of the object. Cannot be changed.',
    ),
  upstreamRegistry: z.enum(upstreamNames).describe('Which registry is cached. Changed, the rule is made anew; what was cached stays.'),
  upstreamRegistryUrl: z
    .string()
    .min(3)
    .max(253)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
    .optional()
    .describe(
      'Host of the upstream, without a scheme. Left out, the one that the upstream is known by. Needed for ecr (<account>.dkr.ecr.<region>.amazonaws.com) and azure-container-registry (<name>.azurecr.io).',
    ),
  upstreamRepositoryPrefix: z
    .string()
    .min(2)
    .max(256)
    .regex(prefixPattern)
    .default('ROOT')
    .describe('Only repositories of the upstream whose names begin with it and a `/`. ROOT: all.'),
  credentialArn: z
    .string()
    .min(40)
    .max(612)
    .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:ecr-pullthroughcache\/[A-Za-z0-9/_+=.@-]+$/)
    .optional()
    .describe(
      'ARN of a secret in AWS Secrets Manager, named ecr-pullthroughcache/…, in the account and region of the registry, that holds username and accessToken. Instead of credentialSecretRef.',
    ),
  credentialSecretRef: z
    .object({
      namespace: z.string().min(1).max(63).regex(dnsLabel).describe('The namespace of the Secret.'),
      name: z
        .string()
        .min(1)
        .max(253)
        .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
        .describe('The name of the Secret.'),
    })
    .optional()
    .describe(
      'A Kubernetes Secret with the credentials for the upstream, which the operator carries into AWS Secrets Manager. It must have the label drayage.dev/upstream-credentials: "true", by which its owner agrees. Keys: username, and accessToken or password; or .dockerconfigjson. Instead of credentialArn.',
    ),
  customRoleArn: z
    .string()
    .min(20)
    .max(2048)
    .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/)
    .optional()
    .describe('ARN of the role that ECR assumes to pull from an ECR registry of another account. Only with upstreamRegistry ecr.'),
  template: templateRules(z.object(templateSettings))
    .optional()
    .describe(
      'How ECR sets up the repositories that it caches in: a creation template with the prefix of the rule, applied for PULL_THROUGH_CACHE. Taken away here, it is taken away in AWS too, if it was set from here.',
    ),
  deletionPolicy: deletionPolicy('rule').describe(
    'What becomes of the rule, its template, and the secret that was made for it, when the object is deleted. Cached repositories stay in any case.',
  ),
  adoptionPolicy: adoptionPolicy('rule'),
  driftPolicy: driftPolicy('rule'),
});

const secretUpstreams = upstreamNames.filter((name) => upstreamOf(name).credentials === 'secret');
const celList = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`;
const withoutUrl = upstreamNames.filter((name) => upstreamOf(name).url === undefined);

const Located = rule(CacheFields, {
  rule: `has(self.upstreamRegistryUrl) || !(self.upstreamRegistry in ${celList(withoutUrl)})`,
  message: `upstreamRegistry ${withoutUrl.join(' and ')} need upstreamRegistryUrl`,
  test: ({upstreamRegistry, upstreamRegistryUrl}) => upstreamRegistryUrl !== undefined || !withoutUrl.includes(upstreamRegistry),
});

const WithCredentials = rule(Located, {
  rule: `(self.upstreamRegistry in ${celList(secretUpstreams)}) == (has(self.credentialArn) || has(self.credentialSecretRef))`,
  message: `${secretUpstreams.join(', ')} need credentialArn or credentialSecretRef; the other upstreams take neither`,
  test: ({upstreamRegistry, credentialArn, credentialSecretRef}) =>
    secretUpstreams.includes(upstreamRegistry) === (credentialArn !== undefined || credentialSecretRef !== undefined),
});

const WithOne = rule(WithCredentials, {
  rule: '!(has(self.credentialArn) && has(self.credentialSecretRef))',
  message: 'either credentialArn or credentialSecretRef, and not both',
  test: ({credentialArn, credentialSecretRef}) => credentialArn === undefined || credentialSecretRef === undefined,
});

/** What a user writes of a PullThroughCache. */
export type PullThroughCacheSpec = z.output<typeof PullThroughCacheSpec>;
export const PullThroughCacheSpec = rule(WithOne, {
  rule: "!has(self.customRoleArn) || self.upstreamRegistry == 'ecr'",
  message: 'customRoleArn is only for upstreamRegistry ecr',
  test: ({customRoleArn, upstreamRegistry}) => customRoleArn === undefined || upstreamRegistry === 'ecr',
}).describe('A pull-through cache: which upstream registry ECR caches, where, and with which credentials.');

/** What the operator shows of a PullThroughCache. */
export type PullThroughCacheStatus = z.output<typeof PullThroughCacheStatus>;
export const PullThroughCacheStatus = z.object({
  ecrRepositoryPrefix: z.string().max(30).optional().describe('The prefix of cached repositories.'),
  upstreamRegistryUrl: z.string().max(253).optional().describe('The host of the upstream.'),
  uri: z.string().max(512).optional().describe('What stands in an image reference in the place of the upstream: <uri>/library/nginx:1.'),
  uris: z
    .object({
      ipv4: z.string().max(512).optional().describe('IPv4; the same as uri.'),
      dualStack: z.string().max(512).optional().describe('IPv4 and IPv6; not through AWS PrivateLink.'),
      fips: z.string().max(512).optional().describe('FIPS 140-3 endpoint, where the region has one.'),
    })
    .optional()
    .describe('All forms of uri.'),
  registryId: z.string().max(12).optional().describe('The AWS account that the rule is in.'),
  region: z.string().max(32).optional().describe('The AWS region that it is in.'),
  createdAt: z.string().max(40).optional().describe('When AWS created the rule. It is how the object knows it for its own.'),
  updatedAt: z.string().max(40).optional().describe('When it was last changed.'),
  credentialArn: z.string().max(612).optional().describe('The secret in AWS Secrets Manager that ECR logs in with.'),
  template: z
    .object({
      createdAt: z.string().max(40).describe('When AWS created it.'),
      updatedAt: z.string().max(40).optional().describe('When it was last changed.'),
    })
    .optional()
    .describe('The creation template that was made or taken from the spec.'),
  appliedGeneration: z.int().optional().describe('The generation of the spec that was last in force in AWS.'),
  cachedRepositories: z
    .object({
      count: z.int().describe('How many repositories there are under the prefix. Counted anew at most every five minutes.'),
      names: z.array(z.string().max(256)).max(100).describe('The first hundred of them.'),
    })
    .optional()
    .describe('What was cached so far. Not for ROOT, where every repository could be meant.'),
});

export const definition: Definition<PullThroughCacheSpec> = {
  ...pullThroughCaches,
  singular: 'pullthroughcache',
  shortNames: ['ecrptc'],
  description: 'An Amazon ECR pull-through cache: the rule, and the credentials for the upstream registry.',
  spec: PullThroughCacheSpec,
  status: PullThroughCacheStatus,
  columns: [
    {name: 'Upstream', type: 'string', jsonPath: '.status.upstreamRegistryUrl'},
    {name: 'URI', type: 'string', jsonPath: '.status.uri'},
    {
      name: 'Cached',
      type: 'integer',
      jsonPath: '.status.cachedRepositories.count',
      description: 'Repositories under the prefix.',
      priority: 1,
    },
    {name: 'Registry', type: 'string', jsonPath: '.spec.registryRef.name', priority: 1},
  ],
  actions: [
    'ecr:CreatePullThroughCacheRule',
    'ecr:CreateRepositoryCreationTemplate',
    'ecr:DeletePullThroughCacheRule',
    'ecr:DeleteRepositoryCreationTemplate',
    'ecr:DescribePullThroughCacheRules',
    'ecr:DescribeRepositories',
    'ecr:DescribeRepositoryCreationTemplates',
    'ecr:UpdatePullThroughCacheRule',
    'ecr:UpdateRepositoryCreationTemplate',
    'ecr:ValidatePullThroughCacheRule',
    'secretsmanager:CreateSecret',
    'secretsmanager:DeleteSecret',
    'secretsmanager:DescribeSecret',
    'secretsmanager:PutSecretValue',
    'secretsmanager:RestoreSecret',
    'secretsmanager:TagResource',
  ],
  reasons,
};
