import test from 'ava';
import {interruptionOf} from '../../src/aws/errors.ts';
import {webIdentityClaims} from '../../src/aws/web-identity-claims.ts';

const roleArn = 'arn:aws:iam::123456789012:role/drayage';
const issuer = 'https://oidc.eks.us-east-1.amazonaws.com/id/ABC';
const subject = 'system:serviceaccount:drayage-system:drayage';
const audience = ['sts.amazonaws.com'];
const expiresAt = new Date('2026-01-01T00:00:00Z');
const claims = {issuer, subject, audience, expiresAt};

function refused(name: string, message: string, webIdentity: object = claims) {
  const error = Object.assign(new Error(message), {name, $metadata: {httpStatusCode: 400, requestId: 'req-7'}});
  return interruptionOf(error, {action: 'sts:AssumeRoleWithWebIdentity', roleArn, webIdentity}).outcome;
}

const about = 'please reference AssumeRoleWithWebIdentity documentation for requirements';

test('each refusal of AWS has its own reason, and says who must change what', (t) => {
  const cases: readonly (readonly [string, string, 'stalled' | 'failed', string, RegExp])[] = [
    [
      'AccessDenied',
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      'stalled',
      'RoleTrustDenied',
      /role\/drayage: its trust policy must allow .* to https:\/\/oidc\.eks.* with sub system:serviceaccount:drayage-system:drayage and aud sts\.amazonaws\.com/,
    ],
    [
      'InvalidIdentityToken',
      'Incorrect token audience',
      'stalled',
      'WebIdentityAudienceRefused',
      /it is for the audience sts\.amazonaws\.com; that must be a client id of the IAM OIDC provider of https:\/\/oidc/,
    ],
    ['InvalidIdentityToken', 'Missing a required claim: aud', 'stalled', 'WebIdentityAudienceRefused', /client id/],
    [
      'InvalidIdentityToken',
      `No OpenIDConnect provider found in your account for ${issuer}`,
      'stalled',
      'WebIdentityIssuerUnknown',
      /the AWS account 123456789012 has no IAM OIDC provider for https:\/\/oidc\.eks.*create one with exactly this URL and the client id sts\.amazonaws\.com/,
    ],
    [
      'ExpiredToken',
      'Token expired: current date/time 1767229200 must be before the expiration date/time 1767225600',
      'failed',
      'WebIdentityTokenExpired',
      /drayage-system:drayage expired at 2026-01-01T00:00:00\.000Z.*kubelet.*clock.*current date\/time 1767229200/,
    ],
    ['ExpiredToken', 'Token too old: 441398', 'failed', 'WebIdentityTokenExpired', /Token too old/],
    ['InvalidIdentityToken', 'The web identity token has expired', 'failed', 'WebIdentityTokenExpired', /expired at/],
    ['IDPCommunicationError', 'timed out', 'failed', 'WebIdentityIssuerUnreachable', /open to the internet.*timed out/],
    [
      'InvalidIdentityToken',
      `Couldn't retrieve verification key from your identity provider,  ${about}`,
      'failed',
      'WebIdentityIssuerUnreachable',
      /cannot fetch the keys of https:\/\/oidc\.eks.*openid-configuration/,
    ],
    [
      'InvalidIdentityToken',
      "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
      'stalled',
      'WebIdentityIssuerUnreachable',
      /update the thumbprint/,
    ],
    [
      'InvalidIdentityToken',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
      'failed',
      'WebIdentityTokenInvalid',
      /as invalid.*not a valid JWT/,
    ],
    ['IDPRejectedClaim', 'revoked', 'failed', 'WebIdentityTokenInvalid', /revoked/],
    ['SignatureInvalid', 'x', 'failed', 'AwsError', /sts:AssumeRoleWithWebIdentity/],
  ];
  for (const [name, text, is, reason, words] of cases) {
    for (const suffix of ['', 'Exception']) {
      const outcome = refused(`${name}${suffix}`, text);
      t.like(outcome, {is, reason}, `${name}${suffix}: ${text}`);
      t.is(outcome.seconds, is === 'stalled' ? 120 : undefined, text);
      t.regex(outcome.message, words);
      t.regex(outcome.message, /\(request id req-7\)$/);
    }
  }
});

test('a bare AccessDenied for a token of no usual audience is about the audience', (t) => {
  const text = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';
  const reasonFor = (more: object) => refused('AccessDenied', text, {issuer, subject, ...more}).reason;
  t.is(reasonFor({audience: ['https://kubernetes.default.svc']}), 'WebIdentityAudienceRefused');
  t.is(reasonFor({audience: ['pods.eks.amazonaws.com']}), 'WebIdentityAudienceRefused');
  t.is(reasonFor({audience: []}), 'WebIdentityAudienceRefused');
  t.is(reasonFor({audience: ['vault', 'sts.amazonaws.com']}), 'RoleTrustDenied');
  t.is(reasonFor({audience: ['sts.amazonaws.com.cn']}), 'RoleTrustDenied');
  t.is(reasonFor({}), 'RoleTrustDenied', 'nothing is known of it');
  t.regex(
    refused('AccessDenied', text, {audience: ['vault']}).message,
    /it is for the audience vault;.*IRSA's is sts\.amazonaws\.com.*if they agree, its sub must be/,
  );
});

test('without claims the messages name what can be named', (t) => {
  const {message} = refused('InvalidIdentityToken', 'No OpenIDConnect provider found in your account for https://x', {});
  t.regex(message, /no IAM OIDC provider for the cluster's OIDC provider.*the operator's ServiceAccount/);
});

test('throttling and outages of STS are no refusal of the token', (t) => {
  t.like(refused('Throttling', 'Rate exceeded'), {is: 'failed', reason: 'Throttled'});
  const error = Object.assign(new Error('oops'), {name: 'InternalFailure', $metadata: {httpStatusCode: 500}});
  const {outcome} = interruptionOf(error, {action: 'sts:AssumeRoleWithWebIdentity', roleArn, webIdentity: claims});
  t.like(outcome, {is: 'failed', reason: 'AwsUnavailable'});
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('the claims of a token are read, and the token is not among them', (t) => {
  const token = `${part({alg: 'RS256'})}.${part({iss: issuer, sub: subject, aud: audience, exp: expiresAt.getTime() / 1000})}.c2ln`;
  t.deepEqual(webIdentityClaims(token), claims);
  t.deepEqual(webIdentityClaims(`a.${part({iss: 1, sub: null, aud: 'one', exp: 'x'})}.c`), {audience: ['one']});
  t.deepEqual(webIdentityClaims(`a.${part({aud: [1, 'two']})}.c`), {audience: ['two']});
  for (const bad of ['', 'a', 'a.b.c', `a.${part(null)}.c`, 'a.!!.c']) t.deepEqual(webIdentityClaims(bad), {}, bad);
});
