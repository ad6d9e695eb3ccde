import {createPublicKey, verify} from 'node:crypto';
import type {webcrypto} from 'node:crypto';
import type {AwsError} from './answers.ts';
import {parseObject, textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';

/** A public key as an issuer publishes it. */
export type IssuerKey = webcrypto.JsonWebKey & {readonly kid?: string};

/**
 * IAM's OIDC providers, learnt from the calls that pass through, and the checks of a web identity token that ministack lacks:
 * issuer, signature, audience and time, as STS refuses them. The trust policy is ministack's.
 */
export interface OidcProviders {
  learn(call: AwsCall, reply: Reply): void;
  /** One more audience of a provider. False where there is no such provider. */
  addClientId(arn: string, clientId: string): boolean;
  /** Where an issuer's keys are not known, signatures are not checked. */
  setKeys(issuer: string, keys: readonly IssuerKey[]): void;
  refusal(token: string, now: Date): AwsError | undefined;
}

export function oidcProviders(): OidcProviders {
  const clientIds = new Map<string, Set<string>>();
  const keys = new Map<string, readonly IssuerKey[]>();
  return {
    learn(call, reply) {
      if (call.service !== 'iam' || reply.status >= 300) return;
      const input = new URLSearchParams(call.body.toString());
      if (call.operation === 'CreateOpenIDConnectProvider') {
        const ids = [...input].filter(([name]) => name.startsWith('ClientIDList.member.')).map(([, value]) => value);
        clientIds.set(issuerName(input.get('Url') ?? ''), new Set(ids));
      }
      if (call.operation === 'DeleteOpenIDConnectProvider') clientIds.delete(issuerIn(input.get('OpenIDConnectProviderArn') ?? ''));
    },
    addClientId: (arn, clientId) => clientIds.get(issuerIn(arn))?.add(clientId) !== undefined,
    setKeys: (issuer, published) => void keys.set(issuerName(issuer), published),
    refusal(token, now) {
      const parts = token.split('.');
      const [header, claims] = parts.slice(0, 2).map((part) => parseObject(Buffer.from(part, 'base64url')));
      const issuer = textOf(claims?.['iss']);
      if (parts.length !== 3 || !header || !claims || issuer === '') return invalid(noJwt);
      const known = clientIds.get(issuerName(issuer));
      if (known === undefined) return invalid(`No OpenIDConnect provider found in your account for ${issuer}`);
      return (
        signatureRefusal(token, header, keys.get(issuerName(issuer))) ??
        audienceRefusal(claims, known) ??
        timeRefusal(claims, now.getTime() / 1000)
      );
    },
  };
}

const noJwt = 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';
const noKey =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";

function signatureRefusal(token: string, header: Json, keys: readonly IssuerKey[] | undefined): AwsError | undefined {
  if (keys === undefined) return undefined;
  const key = keys.find(({kid}) => kid === header['kid']);
  if (key === undefined) return invalid(noKey);
  const end = token.lastIndexOf('.');
  const publicKey = {key: createPublicKey({key, format: 'jwk'}), dsaEncoding: 'ieee-p1363'} as const;
  const isRight = verify('sha256', Buffer.from(token.slice(0, end)), publicKey, Buffer.from(token.slice(end + 1), 'base64url'));
  return isRight ? undefined : invalid('The signature of the token is invalid');
}

function audienceRefusal({aud}: Json, clientIds: ReadonlySet<string>): AwsError | undefined {
  if (aud === undefined) return invalid('Missing a required claim: aud');
  return [aud].flat().some((one) => clientIds.has(textOf(one))) ? undefined : invalid('Incorrect token audience');
}

function timeRefusal({exp, nbf = 0}: Json, now: number): AwsError | undefined {
  if (typeof exp !== 'number') return invalid('Missing a required claim: exp');
  if (exp <= now) {
    const message = `Token expired: current date/time ${Math.floor(now)} must be before the expiration date/time ${exp}`;
    return {type: 'ExpiredTokenException', message};
  }
  return Number(nbf) > now ? invalid('The token is not valid yet') : undefined;
}

function invalid(message: string): AwsError {
  return {type: 'InvalidIdentityToken', message};
}

/** An issuer as IAM names it. */
function issuerName(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

function issuerIn(arn: string): string {
  return arn.split(':oidc-provider/')[1] ?? '';
}
