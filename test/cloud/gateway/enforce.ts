import {errorAnswer} from './answers.ts';
import {parseObject} from './message.ts';
import type {AwsCall, Reply} from './message.ts';
import {typeOf} from './moto.ts';
import {exchange} from './upstream.ts';

const denials = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'MissingAuthorizationParameter',
  'InvalidToken',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'CredentialDateMismatch',
]);

/**
 * Asks ministack whether the caller may make this call: it gets the request as it came (Host and body are signed) and checks
 * signature, session and IAM policy before it does anything. Its refusal is given back; any other answer of its own is dropped,
 * along with what the call changed in ministack, which nobody looks at.
 */
export async function refusal(ministack: URL, call: AwsCall): Promise<Reply | undefined> {
  if (isOpenKey(call)) return unknownKey(call);
  const reply = await exchange(ministack, call, call.body);
  if (reply.status < 400) return undefined;
  const type = typeOf(parseObject(reply.body) ?? {});
  return denials.has(type) ? reply : undefined;
}

/** Whether this is one of the keys that ministack takes for root whatever the signature: `test`, and any 12 digits. */
export function isOpenKey(call: AwsCall): boolean {
  return /^(test|[0-9]{12})$/.test(call.accessKeyId ?? '');
}

/** AWS's answer to an access key that does not exist. */
export function unknownKey(call: AwsCall): Reply {
  const message = 'The security token included in the request is invalid.';
  return errorAnswer(
    call,
    call.json ? {type: 'UnrecognizedClientException', message} : {type: 'InvalidClientTokenId', message, status: 403},
  );
}
