import {signedHeaders} from '../sign.ts';
import {errorAnswer} from './answers.ts';
import type {Context} from './context.ts';
import {arnOf} from './ecr-public-store.ts';
import {refusal} from './enforce.ts';
import {textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';
import {exchange} from './upstream.ts';

/** STS hands the bearer token of ECR Public out, so its permission is asked for too. */
const alsoNeeded: Readonly<Record<string, readonly string[]>> = {GetAuthorizationToken: ['sts:GetServiceBearerToken']};

/**
 * Ministack does not have ECR Public. Of such a service it checks the credentials, the session and the signature, and no
 * policy; so its IAM simulator is asked whether the caller's role allows the action. (It sees identity policies only.)
 */
export async function publicRefusal(context: Context, call: AwsCall, input: Json): Promise<Reply | undefined> {
  const {config, ministack, principals} = context;
  const refused = await refusal(ministack, call);
  if (refused) return refused;
  const principal = principals.arnOf(call.accessKeyId) ?? `arn:aws:iam::${config.accountId}:user/unknown`;
  if (principal === `arn:aws:iam::${config.accountId}:root`) return undefined;
  for (const resource of resourcesOf(config.accountId, input)) {
    for (const action of [`ecr-public:${call.operation}`, ...(alsoNeeded[call.operation] ?? [])]) {
      if (await isAllowed(context, principal, action, action.startsWith('sts:') ? '*' : resource)) continue;
      const message = `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
      return errorAnswer(call, {type: 'AccessDeniedException', message});
    }
  }
  return undefined;
}

function resourcesOf(accountId: string, input: Json): readonly string[] {
  const {resourceArn, repositoryName, repositoryNames} = input;
  if (resourceArn !== undefined) return [textOf(resourceArn)];
  if (repositoryName !== undefined) return [arnOf(accountId, textOf(repositoryName))];
  if (Array.isArray(repositoryNames)) return repositoryNames.map((name) => arnOf(accountId, String(name)));
  return ['*'];
}

async function isAllowed({config, ministack}: Context, principal: string, action: string, resource: string): Promise<boolean> {
  const role = /:assumed-role\/([^/]+)\//.exec(principal)?.[1];
  if (role === undefined) return false;
  const body = new URLSearchParams({
    Action: 'SimulatePrincipalPolicy',
    Version: '2010-05-08',
    PolicySourceArn: `arn:aws:iam::${config.accountId}:role/${role}`,
    'ActionNames.member.1': action,
    'ResourceArns.member.1': resource,
  }).toString();
  const contentType = {'content-type': 'application/x-www-form-urlencoded; charset=utf-8'};
  // Ministack does not check the signature of root's key.
  const root = {accessKeyId: config.rootAccessKeyId, secretAccessKey: 'unchecked'};
  const headers = signedHeaders({url: ministack, service: 'iam', region: config.region, body, headers: contentType}, root, new Date());
  const reply = await exchange(ministack, {method: 'POST', path: '/', headers}, Buffer.from(body));
  const text = reply.body.toString();
  if (reply.status !== 200) throw new Error(`ministack could not simulate a policy: ${text}`);
  return text.includes('<EvalDecision>allowed<');
}
