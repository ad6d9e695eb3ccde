import {managedBy, managedByLabel} from '../schema/labels.ts';
import {fitsArn} from './arn-pattern.ts';
import type {ClusterSettings, TaskRoles} from './cluster-settings.ts';
import type {Context} from './context.ts';
import type {TaskDefinition} from './ecs.ts';
import {fingerprint} from './fingerprint.ts';
import {familyLabel, serviceLabel} from './labels.ts';
import {labelName, labelValue} from './names.ts';
import type {Report} from './note.ts';

const path = 'taskRoleArn';

/**
 * The ServiceAccount through which the pods have the role of the task definition. None where the Cluster gives roles no way:
 * then the field stays unread, and its note says what to do.
 *
 * A service has one of its own, of its name. Tasks that are run by themselves have names that nobody knows before, and AWS must
 * know the account: all of a family with one role share one. It has no label of a task.
 */
export function taskRoleOf(task: TaskDefinition, context: Context): {readonly serviceAccountName?: string} {
  const {cluster, report, settings} = context;
  const {provider = 'None', ...taskRoles} = cluster.taskRoles ?? {};
  if (provider === 'None' || !('taskRoleArn' in task)) return {};
  const arn = arnOf(task.taskRoleArn ?? '', taskRoles, report);
  if (arn === undefined || !isAllowed(arn, cluster, settings.namespace, report)) return {};
  const {namespace} = settings;
  const name = context.form === 'task' ? accountOfTasks(task.family, arn) : settings.name;
  const whose = context.form === 'task' ? {[familyLabel]: labelValue(task.family)} : {[serviceLabel]: labelValue(name)};
  const metadata = {name, ...(namespace === undefined ? {} : {namespace}), labels: {[managedByLabel]: managedBy, ...whose}};
  context.add({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {...metadata, ...(provider === 'IRSA' ? {annotations: {'eks.amazonaws.com/role-arn': arn}} : {})},
    // As the pod has it: a task has no credentials of the cluster.
    automountServiceAccountToken: false,
  });
  const account = {namespace: namespace ?? 'default', name};
  report({path, level: 'approximated', ...(provider === 'IRSA' ? trust(account) : bound(account, arn, taskRoles))});
  if (provider === 'PodIdentity' && taskRoles.associations === 'PodIdentityAssociation') {
    const spec = {clusterName: taskRoles.eksClusterName ?? '', namespace: account.namespace, serviceAccount: name, roleARN: arn};
    context.add({apiVersion: 'eks.services.k8s.aws/v1alpha1', kind: 'PodIdentityAssociation', metadata, spec});
  }
  return {serviceAccountName: name};
}

function accountOfTasks(family: string, arn: string): string {
  return labelName(`${family}-task-${fingerprint(arn)}`);
}

function arnOf(role: string, {accountId, partition = 'aws'}: TaskRoles, report: Report): string | undefined {
  if (/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)) return role;
  const isName = /^[\w+=,.@-]{1,64}$/.test(role);
  if (isName && accountId !== undefined) return `arn:${partition}:iam::${accountId}:role/${role}`;
  const reason = isName ? 'RoleAccountUnresolved' : 'InvalidTaskRole';
  const message = isName
    ? 'A bare name does not say in which AWS account the role is: write its ARN, or set taskRoles.accountId in the Cluster.'
    : 'It must be the ARN of an IAM role, or the name of one.';
  report({path, level: 'refused', reason, message});
  return undefined;
}

// A selector that is still there did not choose this namespace: who looks up the Cluster leaves out those that do.
function isAllowed(arn: string, {allowedRoles = []}: ClusterSettings, namespace: string | undefined, report: Report): boolean {
  const mine = allowedRoles.filter(
    ({namespaces, namespaceSelector}) =>
      namespaceSelector === undefined && (namespaces === undefined || (namespace !== undefined && namespaces.includes(namespace))),
  );
  if (mine.some(({roles}) => roles.some((pattern) => fitsArn(pattern, arn)))) return true;
  const message = `The namespace ${namespace ?? ''} may not use the role ${arn}: whoever keeps the Cluster can add it to spec.allowedRoles there.`;
  report({path, level: 'refused', reason: 'RoleNotAllowed', message});
  return false;
}

const pullSecrets =
  'Where you apply these manifests yourself, name the pull secrets of the default ServiceAccount in this one too; the operator does.';

interface Account {
  readonly namespace: string;
  readonly name: string;
}

function trust({namespace, name}: Account): {reason: string; message: string} {
  const message = `The pods act as the role through the ServiceAccount ${namespace}:${name}: the trust policy of the role must let the OIDC provider of this cluster assume it for system:serviceaccount:${namespace}:${name}; ecs-tasks.amazonaws.com is not enough. ${pullSecrets}`;
  return {reason: 'TaskRoleTrustMissing', message};
}

function bound({namespace, name}: Account, arn: string, {eksClusterName = 'CLUSTER', associations}: TaskRoles) {
  const trusted = 'The trust policy of the role must let pods.eks.amazonaws.com do sts:AssumeRole and sts:TagSession.';
  if (associations === 'PodIdentityAssociation') {
    const message = `The EKS controller of ACK binds the role to the ServiceAccount ${namespace}:${name}. ${trusted} ${pullSecrets}`;
    return {reason: 'TaskRoleTrustMissing', message};
  }
  const command = `aws eks create-pod-identity-association --cluster-name ${eksClusterName} --namespace ${namespace} --service-account ${name} --role-arn ${arn}`;
  return {
    reason: 'PodIdentityAssociationNeeded',
    message: `Bind the role to the ServiceAccount once: ${command}. ${trusted} ${pullSecrets}`,
  };
}
