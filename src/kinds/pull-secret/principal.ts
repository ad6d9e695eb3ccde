import type {KubeObject} from '../../schema/object.ts';
import type {Outcome} from '../outcome.ts';

/** What the kubelet's own credential provider reads too. */
export const ecrRoleAnnotation = 'eks.amazonaws.com/ecr-role-arn';
/** IAM roles for service accounts (IRSA). */
export const roleAnnotation = 'eks.amazonaws.com/role-arn';
/** Who the web identity token is for, as IRSA has it. */
export const audienceAnnotation = 'eks.amazonaws.com/audience';

/** A ServiceAccount and the role that it may assume with its web identity. */
export interface Principal {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly roleArn: string;
  readonly audience: string;
}

/** Who asks for a Secret's tokens: the operator, a ServiceAccount, or one that cannot. */
export type Asker =
  | {readonly is: 'operator'}
  | {readonly is: 'serviceAccount'; readonly principal: Principal}
  | {readonly is: 'unable'; readonly serviceAccount: string; readonly trouble: Outcome};

const roleArn = /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,512}$/;

/** Why the ServiceAccount of this name cannot ask, or as whom it does. `account` is undefined where there is none. */
export function askerOf(namespace: string, name: string, account: KubeObject | undefined): Asker {
  const unable = (reason: string, message: string): Asker => ({
    is: 'unable',
    serviceAccount: name,
    trouble: {is: 'stalled', reason, message: `the ServiceAccount ${namespace}/${name} ${message}`},
  });
  if (account === undefined) return unable('ServiceAccountNotFound', 'does not exist: create it, or mend identity.serviceAccountRef');
  const {annotations = {}, uid = ''} = account.metadata;
  const [annotation, role] = annotations[ecrRoleAnnotation]
    ? [ecrRoleAnnotation, annotations[ecrRoleAnnotation]]
    : [roleAnnotation, annotations[roleAnnotation]];
  if (!role) return unable('RoleMissing', `names no role: annotate it with ${ecrRoleAnnotation}`);
  if (!roleArn.test(role)) return unable('RoleInvalid', `has an annotation ${annotation} that is no ARN of an IAM role`);
  const audience = annotations[audienceAnnotation] || 'sts.amazonaws.com';
  return {is: 'serviceAccount', principal: {namespace, name, uid, roleArn: role, audience}};
}

/** The same for those who get the same tokens. */
export function partyOf(asker: Asker, namespace: string): string {
  if (asker.is === 'operator') return '';
  return `${namespace}/${asker.is === 'unable' ? asker.serviceAccount : asker.principal.name}`;
}
