import {Interruption, type Outcome} from '../kinds/outcome.ts';
import {scrub} from './scrub.ts';
import type {WebIdentityClaims} from './web-identity-claims.ts';
import {webIdentityRefusal} from './web-identity-refusals.ts';

/** What was asked of AWS when it failed: enough to say what a person must change. */
export interface AwsCall {
  /** The IAM action that the call needs: `ecr:CreateRepository`. */
  readonly action: string;
  /** What it was asked about, as the user knows it. */
  readonly resource?: string;
  /** The ARN of the role that the operator runs as, where it is known beforehand. */
  readonly roleArn?: string;
  /** For `sts:AssumeRoleWithWebIdentity`: what the token that was sent says of itself. */
  readonly webIdentity?: WebIdentityClaims;
}

/** The members of an SDK error that are read here. */
interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly isThrottling: boolean;
}

const throttling = new Set([
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
const accessDenied = new Set(['AccessDenied', 'AccessDeniedException', 'BlockedByOrganizationPolicyException', 'UnauthorizedOperation']);
/** A session that has ended. */
const expired = new Set(['ExpiredToken', 'ExpiredTokenException']);
const credentialsInvalid = new Set([
  ...expired,
  'IDPRejectedClaim',
  'IDPRejectedClaimException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidIdentityToken',
  'InvalidIdentityTokenException',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
/** Their text quotes the request that was signed, and with it the session token. */
const quotesRequest = new Set(['IncompleteSignature', 'InvalidSignatureException', 'SignatureDoesNotMatch']);
const invalid = new Set([
  'InvalidParameter',
  'InvalidParameterException',
  'InvalidParameterValue',
  'InvalidRequestException',
  'InvalidTagParameterException',
  'ValidationError',
  'ValidationException',
]);
/** Refusals that are about one thing each, with the reason that they become. */
const refusals: Readonly<Record<string, string>> = {
  DecryptionFailure: 'KmsRefused',
  InvalidKeyId: 'KmsRefused',
  SecretNotFoundException: 'SecretNotFound',
  UnableToAccessSecretException: 'SecretNotAccessible',
  UnableToDecryptSecretValueException: 'SecretNotAccessible',
  UnsupportedUpstreamRegistryException: 'UnsupportedUpstream',
};
const limits = new Set(['LimitExceededException', 'TooManyTagsException']);

/** How long a refusal that only a change in AWS can mend is left alone, in seconds. */
const refusedSeconds = 120;

/** Whether AWS refused the credentials themselves, so that fetching new ones may help. */
export function isCredentialsError(error: unknown): boolean {
  return credentialsInvalid.has(readError(error).name);
}

/** Whether AWS asks for fewer calls. */
export function isThrottlingError(error: unknown): boolean {
  const {name, status, isThrottling} = readError(error);
  return throttling.has(name) || status === 429 || isThrottling;
}

/** Whether AWS says that a limit of the account is reached. The SDK would retry that as if it were throttling. */
export function isLimitError(error: unknown): boolean {
  return limits.has(readError(error).name);
}

/** For `.catch()`: `undefined` for the errors named (what was asked for is absent), anything else is thrown on. */
export function absent(...names: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  };
}

/** The name of an AWS error, as the API documentation lists it. */
export function nameOf(error: unknown): string {
  return readError(error).name;
}

/**
 * Every error that the SDK throws, sorted once: who must act, and when to look again. An Interruption passes through.
 * The message carries AWS's request id and never a token; the SDK's error is not kept as `cause`, because its hidden
 * members hold the response.
 */
export function interruptionOf(error: unknown, call: AwsCall): Interruption {
  if (error instanceof Interruption) return error;
  return new Interruption(sort(readError(error), call));
}

function sort(error: AwsError, call: AwsCall): Outcome {
  const {name} = error;
  const what = call.resource === undefined ? call.action : `${call.action} on ${call.resource}`;
  const says = `${scrub(error.message)}${trailer(error)}`;
  if (isThrottled(error)) {
    const seconds = error.retryAfterSeconds;
    const message = `AWS throttles ${what}: ${says}`;
    return {is: 'failed', reason: 'Throttled', message, ...(seconds !== undefined && {seconds})};
  }
  if (call.action === 'sts:AssumeRoleWithWebIdentity') {
    const {roleArn, webIdentity: claims = {}} = call;
    const refusal = webIdentityRefusal({
      name,
      message: error.message,
      says,
      trailer: trailer(error),
      claims,
      ...(roleArn !== undefined && {roleArn}),
    });
    if (refusal) return refusal;
  }
  if (accessDenied.has(name)) return denial(error, call);
  if (expired.has(name)) {
    const message = `the session of ${role(error, call)} has ended, and AWS refuses ${what} with it: a new one is fetched, and the call is made again: ${says}`;
    return {is: 'failed', reason: 'CredentialsExpired', message};
  }
  if (credentialsInvalid.has(name)) {
    const detail = quotesRequest.has(name) ? `the signature is refused${trailer(error)}` : says;
    return {is: 'failed', reason: 'CredentialsInvalid', message: `AWS refuses the operator's credentials for ${what}: ${name}: ${detail}`};
  }
  if (limits.has(name)) {
    return {is: 'stalled', reason: 'LimitExceeded', message: `a limit of the AWS account stops ${what}: ${says}`, seconds: refusedSeconds};
  }
  const refusal = refusals[name];
  if (refusal !== undefined) {
    return {is: 'stalled', reason: refusal, message: `AWS refuses ${what}: ${says}`, seconds: refusedSeconds};
  }
  if (invalid.has(name)) {
    return {is: 'stalled', reason: 'InvalidParameter', message: `AWS refuses ${what}: ${says}`, seconds: refusedSeconds};
  }
  if (name === 'KmsException') {
    const message = `the KMS key cannot be used for ${what}: ${says}; the operator's role needs kms:DescribeKey and kms:CreateGrant on it`;
    return {is: 'stalled', reason: 'KmsRefused', message, seconds: refusedSeconds};
  }
  if (name === 'RegionDisabledException') {
    return {
      is: 'stalled',
      reason: 'RegionDisabled',
      message: `the region is not enabled in the AWS account: ${says}`,
      seconds: refusedSeconds,
    };
  }
  if (error.status !== undefined && error.status >= 400 && error.status < 500 && name !== 'SyntaxError') {
    return {is: 'failed', reason: 'AwsError', message: `AWS refuses ${what}: ${name}: ${says}`};
  }
  return {is: 'failed', reason: 'AwsUnavailable', message: `${unavailable(error, what)}${trailer(error)}`};
}

function isThrottled(error: AwsError): boolean {
  return throttling.has(error.name) || error.status === 429 || error.isThrottling;
}

function denial(error: AwsError, call: AwsCall): Outcome {
  const end = trailer(error);
  if (call.action === 'sts:AssumeRole' && !isExplicit(error) && !/no identity-based policy allows/.test(error.message)) {
    const who = /User: (arn:\S+)/.exec(error.message)?.[1] ?? "the operator's role";
    return denied(
      'RoleTrustDenied',
      `STS refuses sts:AssumeRole on ${call.resource ?? 'the role'} to ${who}: the trust policy of the role must allow sts:AssumeRole and ` +
        'sts:TagSession to it (where it asks for sts:ExternalId, with the externalId of the Registry), and the own policy of ' +
        `${role(error, call)} must allow both on the role${end}`,
    );
  }
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(error.message)?.[1] ?? call.action;
  const resource = /on resource: (\S+)/.exec(error.message)?.[1] ?? call.resource;
  const where = resource === undefined ? '' : ` on ${resource}`;
  if (isExplicit(error)) {
    const message = `${action}${where} is denied to ${role(error, call)} by a policy that says so explicitly: ${scrub(error.message)}${end}`;
    return denied('AccessDenied', message);
  }
  return denied('AccessDenied', `${action}${where} is not allowed to ${role(error, call)}: add it to the role's policy${end}`);
}

function denied(reason: string, message: string): Outcome {
  return {is: 'stalled', reason, message, seconds: refusedSeconds};
}

function isExplicit({name, message}: AwsError): boolean {
  return /explicit deny/i.test(message) || name === 'BlockedByOrganizationPolicyException';
}

/** The role that acted, as AWS names it or as it is known beforehand. */
function role(error: AwsError, call: AwsCall): string {
  const name = /:assumed-role\/([^/\s]+)\//.exec(error.message)?.[1] ?? call.roleArn?.split('/').at(-1);
  return name === undefined ? "the operator's role" : `the role ${name}`;
}

function unavailable(error: AwsError, what: string): string {
  if (error.name === 'SyntaxError') return `AWS could not be understood on ${what}: the answer is not what the API documents`;
  const reason = error.message === '' ? error.code || error.name : scrub(error.message);
  return `AWS could not be reached or failed on ${what}: ${reason}`;
}

function trailer({requestId}: AwsError): string {
  return requestId === undefined ? '' : ` (request id ${requestId})`;
}

function readError(error: unknown): AwsError {
  const raw = (typeof error === 'object' && error !== null ? error : {message: String(error)}) as Record<string, unknown>;
  const metadata = recordOf(raw['$metadata']);
  const response = recordOf(raw['$response']);
  return {
    name: textOf(raw['name']) ?? 'Error',
    message: textOf(raw['message']) ?? '',
    code: textOf(raw['code']) ?? '',
    status: numberOf(metadata['httpStatusCode']) ?? numberOf(response['statusCode']),
    requestId: textOf(metadata['requestId']),
    retryAfterSeconds: retryAfter(recordOf(response['headers'])),
    isThrottling: recordOf(raw['$retryable'])['throttling'] === true,
  };
}

function retryAfter(headers: Readonly<Record<string, unknown>>): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(seconds)) return Math.max(1, Math.ceil(seconds));
  const milliseconds = Number(headers['x-amz-retry-after'] ?? Number.NaN);
  return Number.isFinite(milliseconds) ? Math.max(1, Math.ceil(milliseconds / 1000)) : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
