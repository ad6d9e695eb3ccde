/** What a web identity token says of itself. None of it is secret; the token is. */
export interface WebIdentityClaims {
  /** `iss`: the URL that IAM's OIDC provider must have. */
  readonly issuer?: string;
  /** `sub`: `system:serviceaccount:<namespace>:<name>`. */
  readonly subject?: string;
  /** `aud`; empty where the token has none. */
  readonly audience?: readonly string[];
  /** `exp`. */
  readonly expiresAt?: Date;
}

/** Reads the claims of a JWT, unverified. Nothing where it is no JWT. */
export function webIdentityClaims(token: string): WebIdentityClaims {
  try {
    const [, payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
    const {iss, sub, aud, exp} = claims;
    return {
      ...(typeof iss === 'string' && {issuer: iss}),
      ...(typeof sub === 'string' && {subject: sub}),
      audience: [aud].flat().filter((one): one is string => typeof one === 'string'),
      ...(typeof exp === 'number' && {expiresAt: new Date(exp * 1000)}),
    };
  } catch {
    return {};
  }
}
