/** What a web identity token says of itself. It is no secret; the token is. */
export interface WebIdentityClaims {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: readonly string[];
}

/** The claims of a JWT; none of them where it is none. Its signature is not looked at. */
export function claimsOf(token: string): WebIdentityClaims {
  try {
    const [, payload = ''] = token.split('.');
    const {iss, sub, aud} = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
    const audience = [aud].flat().filter((each) => typeof each === 'string');
    return {
      ...(typeof iss === 'string' && {issuer: iss}),
      ...(typeof sub === 'string' && {subject: sub}),
      ...(audience.length > 0 && {audience}),
    };
  } catch {
    return {};
  }
}
