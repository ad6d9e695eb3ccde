import * as z from 'zod';
import {immutable, rule, set} from '../../schema/rules.ts';
import {labelSelector} from '../../schema/selector.ts';

export const dnsLabel = z
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
  rule(
    z.object({
      registryRef: z
        .object({name: dnsSubdomain.describe('The name of a Registry.')})
        .optional()
        .describe(
          "A Registry object: its account, region and role. `default` is the operator's own account and region; it is meant where nothing is named.",
        ),
      accountId: z
        .string()
        .max(12)
        .regex(/^[0-9]{12}$/)
        .optional()
        .describe('AWS account whose registry is opened. Left out, the one of the identity. `709825985650` is the AWS Marketplace.'),
      region: z
        .string()
        .max(32)
        .regex(/^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$/)
        .optional()
        .describe('AWS region. Left out, the one of the operator.'),
      public: z
        .boolean()
        .optional()
        .describe('ECR Public (`public.ecr.aws`), in place of a private registry. Of a Registry that is named, only the role counts.'),
    }),
    {
      rule: '!has(self.registryRef) || (!has(self.accountId) && !has(self.region))',
      message: 'name a Registry (registryRef), or an accountId and region, not both',
      test: ({registryRef, accountId, region}) => registryRef === undefined || (accountId === undefined && region === undefined),
    },
  ),
  {
    rule: '!(has(self.public) && self.public) || (!has(self.accountId) && !has(self.region))',
    message: 'ECR Public has no accountId and no region',
    test: ({public: isPublic, accountId, region}) => isPublic !== true || (accountId === undefined && region === undefined),
  },
);

const ServiceAccountChoice = z.object({
  names: set(dnsSubdomain.describe('The name of a ServiceAccount.'))
    .max(64)
    .optional()
    .describe('ServiceAccounts by name, in every namespace that is served.'),
  selector: labelSelector().optional().describe('ServiceAccounts by label. An empty selector matches all.'),
  all: z.boolean().optional().describe('Every ServiceAccount.'),
});

const Identity = rule(
  z.object({
    type: z
      .enum(['Operator', 'ServiceAccount', 'EachServiceAccount'])
      .default('Operator')
      .describe(
        "Whose tokens these are. `Operator`: the operator's own, or the Registry's role. `ServiceAccount`: the role of serviceAccountRef, assumed with its own web identity. `EachServiceAccount`: every chosen ServiceAccount that has the annotation `eks.amazonaws.com/ecr-role-arn` gets a Secret of its own, `<secretName>-<serviceaccount>`, with a token of that role.",
      ),
    serviceAccountRef: z
      .object({name: dnsSubdomain.describe('The name of a ServiceAccount.')})
      .optional()
      .describe(
        'For type ServiceAccount: the ServiceAccount, of the namespace that the Secret is in. Its annotation `eks.amazonaws.com/ecr-role-arn`, or else `eks.amazonaws.com/role-arn`, names the role.',
      ),
  }),
  {
    rule: "(self.type == 'ServiceAccount') == has(self.serviceAccountRef)",
    message: 'type ServiceAccount needs serviceAccountRef, and the other types take none',
    test: ({type, serviceAccountRef}) => (type === 'ServiceAccount') === (serviceAccountRef !== undefined),
  },
);

/** What PullSecret and ClusterPullSecret have in common. */
export const sharedFields = {
  registries: z
    .array(RegistryChoice)
    .min(1)
    .max(20)
    .default([{registryRef: {name: 'default'}}])
    .describe('The registries that the secret opens: private ones, each an account in a region, and ECR Public.'),
  secretName: dnsLabel
    .default('ecr-pull')
    .describe('The name of the Secret. After a change the old Secrets go once the new ones are in use.'),
  serviceAccounts: ServiceAccountChoice.prefault({names: ['default']}).describe(
    'The ServiceAccounts whose imagePullSecrets name the secret: those that any member matches, also when they are created later; with `default` also those that this operator makes for the roles of tasks. An empty object matches none. A secret in the format of Argo CD is attached to none.',
  ),
  identity: Identity.prefault({}).describe('Whose rights the tokens carry.'),
  format: immutable(z.enum(['DockerConfigJson', 'ArgoCDRepositoryCredentials']).default('DockerConfigJson')).describe(
    "What the Secret looks like. `DockerConfigJson`: a kubernetes.io/dockerconfigjson, as the kubelet and Flux read it. `ArgoCDRepositoryCredentials`: a credential template of Argo CD (`argocd.argoproj.io/secret-type: repo-creds`) for Helm charts in one registry; the Secret belongs into Argo CD's namespace.",
  ),
  existingSecretPolicy: z
    .enum(['Keep', 'Merge'])
    .default('Keep')
    .describe(
      'What becomes of a Secret of that name that was there before. `Keep`: it stays as it is, and that is reported. `Merge`: our entries are put among those that it has (of the same registry, in place of them), and taken out again when they are no longer wanted; the Secret itself stays.',
    ),
  refreshBeforeSeconds: z
    .int32()
    .min(5)
    .max(39_600)
    .optional()
    .describe(
      'How long before it expires a token is replaced. Left out, at 40 to 50 % of its life, at a point that differs from object to object.',
    ),
};

type Shared = z.output<z.ZodObject<typeof sharedFields>>;

/** Rules over several of the shared fields. */
export function withSharedRules<S extends z.ZodType<Shared>>(schema: S): S {
  const oneRegistry = rule(schema, {
    rule: "self.format != 'ArgoCDRepositoryCredentials' || size(self.registries) == 1",
    message: 'a Secret in the format of Argo CD holds one registry: write an object for each',
    fieldPath: '.registries',
    test: ({format, registries}) => format !== 'ArgoCDRepositoryCredentials' || registries.length === 1,
  });
  return rule(oneRegistry, {
    rule: "self.format != 'ArgoCDRepositoryCredentials' || (self.existingSecretPolicy == 'Keep' && self.identity.type != 'EachServiceAccount')",
    message: 'a Secret in the format of Argo CD is merged with no other, and is of no single ServiceAccount',
    fieldPath: '.format',
    test: ({format, existingSecretPolicy, identity}) =>
      format !== 'ArgoCDRepositoryCredentials' || (existingSecretPolicy === 'Keep' && identity.type !== 'EachServiceAccount'),
  });
}
