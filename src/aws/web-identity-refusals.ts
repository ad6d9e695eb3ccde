import type {Outcome} from '../kinds/outcome.ts';
import type {WebIdentityClaims} from './web-identity-claims.ts';

/** An AssumeRoleWithWebIdentity that AWS refused. */
export interface RefusedWebIdentity {
  /** The error's name, with or without `Exception` at its end. */
  readonly name: string;
  readonly message: string;
  /** AWS's text as it may be shown. */
  readonly says: string;
  /** Ends every message: the request id, if there is one. */
  readonly trailer: string;
  readonly roleArn?: string;
  readonly claims: WebIdentityClaims;
}

/** Audiences in use for IRSA: EKS and its webhook; some providers in China; kOps. */
const usualAudiences = new Set(['sts.amazonaws.com', 'sts.amazonaws.com.cn', 'amazonaws.com']);

/** How long a refusal that only a change in AWS can mend is left alone, in seconds. */
const refusedSeconds = 120;

/**
 * Why STS takes no web identity token, by the error and the text that AWS has for each cause. AWS says AccessDenied for whatever
 * the trust policy does not allow, `sub` and `aud` alike, so there the claims that were sent tell more.
 */
export function webIdentityRefusal(refused: RefusedWebIdentity): Outcome | undefined {
  switch (refused.name.replace(/Exception$/, '')) {
    case 'AccessDenied':
      return isUnusual(refused.claims) ? audienceRefused(refused) : trustDenied(refused);
    case 'ExpiredToken':
      return tokenExpired(refused);
    case 'IDPCommunicationError':
      return issuerUnreachable(refused);
    case 'IDPRejectedClaim':
      return tokenInvalid(refused);
    case 'InvalidIdentityToken':
      return invalidToken(refused);
  }
  return undefined;
}

function invalidToken(refused: RefusedWebIdentity): Outcome {
  const {message} = refused;
  if (/OpenIDConnect provider found/i.test(message)) return issuerUnknown(refused);
  if (/audience|required claim: aud/i.test(message)) return audienceRefused(refused);
  if (/expired/i.test(message) && !/certificate/i.test(message)) return tokenExpired(refused);
  if (/HTTPS certificate/i.test(message)) return certificateRefused(refused);
  return /verification key/i.test(message) ? issuerUnreachable(refused) : tokenInvalid(refused);
}

/** AWS refuses the trust: the same where there is no such role. */
function trustDenied(refused: RefusedWebIdentity): Outcome {
  const {claims, trailer} = refused;
  const audience = claims.audience ?? ['sts.amazonaws.com'];
  const message =
    `STS refuses sts:AssumeRoleWithWebIdentity for ${roleOf(refused)}: its trust policy must allow sts:AssumeRoleWithWebIdentity to ` +
    `${issuerOf(claims)} with sub ${subjectOf(claims)} and aud ${audience.join(' or ')}${trailer}`;
  return stalled('RoleTrustDenied', message);
}

function audienceRefused(refused: RefusedWebIdentity): Outcome {
  const {claims, trailer} = refused;
  const audience = claims.audience ?? [];
  // AWS does not say that it is the audience: of what it says the same for, the subject is left.
  const orSubject = refused.name.startsWith('AccessDenied') ? `; if they agree, its sub must be ${subjectOf(claims)}` : '';
  const meant = audience.length === 0 ? 'no audience' : `the audience ${audience.join(', ')}`;
  const message =
    `STS refuses the token of ${subjectOf(claims)} for ${roleOf(refused)}: it is for ${meant}; that must be a client id of the IAM OIDC ` +
    `provider of ${issuerOf(claims)}, and the aud that the role's trust policy asks for. IRSA's is sts.amazonaws.com: change the token's ` +
    `(eks.amazonaws.com/audience on the ServiceAccount, then restart the pods), or the provider's and the trust policy's${orSubject}${trailer}`;
  return stalled('WebIdentityAudienceRefused', message);
}

function issuerUnknown(refused: RefusedWebIdentity): Outcome {
  const {claims, trailer} = refused;
  const accountId = /^arn:[^:]*:iam::(\d+):/.exec(refused.roleArn ?? '')?.[1];
  const account = accountId === undefined ? "the role's AWS account" : `the AWS account ${accountId}`;
  const message =
    `${account} has no IAM OIDC provider for ${issuerOf(claims)}, the issuer of the token of ${subjectOf(claims)}: create one with ` +
    `exactly this URL and the client id ${claims.audience?.[0] ?? 'sts.amazonaws.com'} (on EKS: eksctl utils ` +
    `associate-iam-oidc-provider)${trailer}`;
  return stalled('WebIdentityIssuerUnknown', message);
}

function tokenExpired({claims, says}: RefusedWebIdentity): Outcome {
  const when = claims.expiresAt === undefined ? 'has expired' : `expired at ${claims.expiresAt.toISOString()}`;
  const message =
    `the web identity token of ${subjectOf(claims)} ${when}: a new one is asked for at the next try. If this stays, the kubelet does not ` +
    `renew it, or a clock is wrong. AWS says: ${says}`;
  return {is: 'failed', reason: 'WebIdentityTokenExpired', message};
}

function issuerUnreachable({claims, says}: RefusedWebIdentity): Outcome {
  const message =
    `STS cannot fetch the keys of ${issuerOf(claims)} to check the token with: /.well-known/openid-configuration and the jwks_uri in it ` +
    `must be open to the internet. It is tried again. AWS says: ${says}`;
  return {is: 'failed', reason: 'WebIdentityIssuerUnreachable', message};
}

function certificateRefused({claims, says}: RefusedWebIdentity): Outcome {
  const message = `STS does not trust the certificate of ${issuerOf(claims)}: update the thumbprint of its IAM OIDC provider. AWS says: ${says}`;
  return stalled('WebIdentityIssuerUnreachable', message);
}

function tokenInvalid({claims, says}: RefusedWebIdentity): Outcome {
  const message =
    `STS refuses the web identity token of ${subjectOf(claims)}, by ${issuerOf(claims)}, as invalid: it must be a token of that issuer, ` +
    `signed with a key that it publishes. It is read anew and tried again. AWS says: ${says}`;
  return {is: 'failed', reason: 'WebIdentityTokenInvalid', message};
}

function isUnusual({audience}: WebIdentityClaims): boolean {
  return audience !== undefined && !audience.some((one) => usualAudiences.has(one));
}

function roleOf({roleArn = 'the role'}: RefusedWebIdentity): string {
  return roleArn;
}

function issuerOf({issuer = "the cluster's OIDC provider"}: WebIdentityClaims): string {
  return issuer;
}

function subjectOf({subject = "the operator's ServiceAccount"}: WebIdentityClaims): string {
  return subject;
}

function stalled(reason: string, message: string): Outcome {
  return {is: 'stalled', reason, message, seconds: refusedSeconds};
}
