import * as z from 'zod';
import {rule, set} from '../../schema/rules.ts';
import {labelSelector} from '../../schema/selector.ts';

export const namespaceName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** An ARN in which `*` stands for any text, and for secrets also `?` for one character. */
const arnPattern = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^[\w+=,.@:/*?!-]+$/);

const AllowedRoles = z.object({
  namespaces: set(namespaceName).max(256).optional().describe('The namespaces that may use the roles, by name.'),
  namespaceSelector: labelSelector().optional().describe('The namespaces that may use the roles, by label.'),
  roles: set(arnPattern).min(1).max(100).describe('ARNs of IAM roles; `*` stands for any text.'),
});

const TaskRoles = rule(
  z.object({
    provider: z
      .enum(['IRSA', 'PodIdentity', 'None'])
      .default('None')
      .describe(
        'How pods get the role of their task definition. IRSA: a ServiceAccount of the name of the service or task with the annotation eks.amazonaws.com/role-arn. PodIdentity: such a ServiceAccount, to which the role is bound (see associations). None: not from here, and taskRoleArn is noted.',
      ),
    accountId: z
      .string()
      .max(12)
      .regex(/^[0-9]{12}$/)
      .optional()
      .describe('The AWS account of roles that task definitions call by their bare names. Left out, such roles are refused.'),
    partition: z
      .enum(['aws', 'aws-cn', 'aws-us-gov'])
      .optional()
      .describe('The partition of roles that are called by their bare names. Default aws.'),
    eksClusterName: z
      .string()
      .max(100)
      .regex(/^[0-9A-Za-z][0-9A-Za-z_-]*$/)
      .optional()
      .describe('The name of the EKS cluster, for PodIdentity.'),
    associations: z
      .enum(['PodIdentityAssociation', 'None'])
      .default('None')
      .describe(
        'Who binds roles to ServiceAccounts with provider PodIdentity. PodIdentityAssociation: the EKS controller of AWS Controllers for Kubernetes (ACK), which is given an object of that kind; pods are started when it is done. None: you, with the command that a note tells.',
      ),
  }),
  {
    rule: "self.associations == 'None' || (self.provider == 'PodIdentity' && has(self.eksClusterName))",
    message: 'associations are for provider PodIdentity, and need eksClusterName',
    test: ({associations, provider, eksClusterName}) =>
      associations === 'None' || (provider === 'PodIdentity' && eksClusterName !== undefined),
  },
);

const StoreReference = z.object({
  name: z.string().min(1).max(253).describe('The name of the store.'),
  kind: z.enum(['SecretStore', 'ClusterSecretStore']).optional().describe('Its kind. Default SecretStore.'),
});

const Secrets = rule(
  z.object({
    provider: z
      .enum(['Operator', 'ExternalSecrets'])
      .default('Operator')
      .describe(
        'Who reads them. Operator: this operator, with its own identity, into a Secret. ExternalSecrets: External Secrets Operator, which is given an ExternalSecret for each; files of variables in S3 stay with this operator.',
      ),
    secretStoreRef: StoreReference.optional().describe('For ExternalSecrets: the store for AWS Secrets Manager.'),
    parameterStoreRef: StoreReference.optional().describe(
      'For ExternalSecrets: the store for Parameter Store, which to External Secrets Operator is another one.',
    ),
    allowedResources: set(arnPattern)
      .max(100)
      .optional()
      .describe(
        "For Operator: the ARNs that task definitions may name, with `*` for any characters and `?` for one. They are read with the operator's identity, so what is not listed is refused to every namespace. Default none.",
      ),
  }),
  {
    rule: "self.provider == 'ExternalSecrets' || !(has(self.secretStoreRef) || has(self.parameterStoreRef))",
    message: 'stores are for provider ExternalSecrets',
    test: ({provider, secretStoreRef, parameterStoreRef}) =>
      provider === 'ExternalSecrets' || (secretStoreRef === undefined && parameterStoreRef === undefined),
  },
);

export const trustFields = {
  taskRoles: TaskRoles.optional().describe('How tasks get their IAM roles.'),
  allowedRoles: z
    .array(AllowedRoles)
    .max(100)
    .optional()
    .describe(
      'Which roles the tasks of which namespaces may have: what iam:PassRole decides in ECS. An entry with neither namespaces nor namespaceSelector holds for all. Left out, none.',
    ),
  secrets: Secrets.optional().describe('How tasks get their secrets.'),
};
