import type {Outcome} from '../kinds/outcome.ts';
import {scrub} from './scrub.ts';

const place = 'the container credentials endpoint';

/** Where nothing gives the operator an identity. */
export const noCredentials = {
  is: 'stalled',
  reason: 'NoCredentials',
  message:
    "the operator has no AWS credentials: annotate its ServiceAccount with eks.amazonaws.com/role-arn, or create an EKS Pod Identity association for it, then restart its pods (the node's role is never used)",
  seconds: 120,
} as const;

/**
 * Why the container endpoint gave no credentials. EKS's agent answers in plain text,
 * `[<request id>]: (<error of AssumeRoleForPodIdentity>): <text>, fault: client`; other agents in JSON, with code and message.
 */
export function containerRefusal({status, body}: {readonly status: number; readonly body: string}): Outcome {
  const {code, says} = read(body);
  const answered = status === 0 ? says : `HTTP ${status}: ${says}`;
  if (status === 429 || code.startsWith('Throttling')) {
    return {is: 'failed', reason: 'Throttled', message: `${place} asks for fewer calls: ${answered}`};
  }
  if (status === 0 || status >= 500) {
    return {is: 'failed', reason: 'AwsUnavailable', message: `${place} could not be reached or failed: ${answered}`};
  }
  if (code === 'AccessDeniedException') {
    const message =
      'EKS Pod Identity may not assume the role of the association: its trust policy must allow sts:AssumeRole and sts:TagSession to ' +
      `pods.eks.amazonaws.com. It says: ${says}`;
    return {is: 'stalled', reason: 'RoleTrustDenied', message, seconds: 120};
  }
  if (code === 'ResourceNotFoundException') return {...noCredentials, message: `${noCredentials.message}. ${place} says: ${says}`};
  if (code === 'ExpiredTokenException' || /token is expired/.test(says)) {
    const message = `EKS Pod Identity takes the token of the pod for expired; it is read anew at the next try. It says: ${says}`;
    return {is: 'failed', reason: 'WebIdentityTokenExpired', message};
  }
  if (code === 'InvalidTokenException' || says.startsWith('Service account token')) {
    const message = `EKS Pod Identity takes the token of the pod for invalid; it is read anew at the next try. It says: ${says}`;
    return {is: 'failed', reason: 'WebIdentityTokenInvalid', message};
  }
  return {is: 'failed', reason: 'CredentialsInvalid', message: `${place} gives no credentials: ${answered}`};
}

function read(body: string): {readonly code: string; readonly says: string} {
  const {Code, code = Code, Message, message = Message} = objectIn(body);
  const said = typeof message === 'string' ? message : body;
  return {code: typeof code === 'string' ? code : (/\((\w+)\):/.exec(body)?.[1] ?? ''), says: scrub(said)};
}

/** A JSON object; empty where the text is none. */
export function objectIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
