import {errorAnswer} from './answers.ts';
import type {Context} from './context.ts';
import {isOpenKey, unknownKey} from './enforce.ts';
import type {AwsCall, Reply} from './message.ts';
import {exchange} from './upstream.ts';

/** Everything that is neither ECR nor ECR Public: ministack's, after the checks that it lacks. */
export async function answerOthers(context: Context, call: AwsCall): Promise<Reply> {
  const {config, ministack, oidcProviders} = context;
  if (config.enforce && isOpenKey(call)) return unknownKey(call);
  if (call.operation === 'AddClientIDToOpenIDConnectProvider') return addClientId(context, call);
  if (call.operation === 'AssumeRoleWithWebIdentity') {
    const token = new URLSearchParams(call.body.toString()).get('WebIdentityToken') ?? '';
    const error = oidcProviders.refusal(token, new Date());
    if (error) return errorAnswer(call, error);
  }
  const reply = await exchange(ministack, call, call.body);
  oidcProviders.learn(call, reply);
  return reply;
}

/** Ministack does not have it. */
function addClientId({config, oidcProviders}: Context, call: AwsCall): Reply {
  if (call.accessKeyId !== config.rootAccessKeyId) {
    return errorAnswer(call, {type: 'AccessDenied', message: `Not authorized to perform iam:${call.operation}`, status: 403});
  }
  const input = new URLSearchParams(call.body.toString());
  const arn = input.get('OpenIDConnectProviderArn') ?? '';
  if (!oidcProviders.addClientId(arn, input.get('ClientID') ?? '')) {
    return errorAnswer(call, {type: 'NoSuchEntity', message: `OpenIDConnect Provider not found for arn ${arn}`, status: 404});
  }
  const text = `<${call.operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"/>`;
  return {status: 200, headers: {'content-type': 'text/xml'}, body: Buffer.from(text)};
}
