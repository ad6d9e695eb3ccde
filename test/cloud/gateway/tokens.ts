import {createHash, randomBytes, randomInt} from 'node:crypto';

/** What may be told of a token that was issued. Times are ISO 8601. */
export interface IssuedToken {
  /** `fingerprint` of the password, to recognise it by. */
  readonly fingerprint: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly accessKeyId?: string;
}

/** What a password that was shown is. */
export interface TokenSeen {
  readonly state: 'valid' | 'expired' | 'unknown';
  readonly fingerprint: string;
}

/** The authorization tokens of this registry: every one is different and each has an end. */
export interface Tokens {
  /** A new password for user `AWS`, and when it ends. */
  issue(accessKeyId?: string): {readonly password: string; readonly expiresAt: Date};
  check(password: string): TokenSeen;
  list(): readonly IssuedToken[];
  /** Ends every token, or those issued before a moment (milliseconds since 1970). */
  expireAll(before?: number): void;
  /** How long those issued from now on live. */
  setLifetime(seconds: number): void;
}

/** An empty set of tokens that live for `seconds`. */
export function tokenSet(seconds: number): Tokens {
  const issued = new Map<string, {readonly issuedAt: number; expiresAt: number; readonly accessKeyId?: string}>();
  let lifetime = seconds;
  return {
    issue(accessKeyId) {
      const password = randomPassword();
      const issuedAt = Date.now();
      const expiresAt = issuedAt + lifetime * 1000;
      issued.set(password, {issuedAt, expiresAt, ...(accessKeyId !== undefined && {accessKeyId})});
      return {password, expiresAt: new Date(expiresAt)};
    },
    check(password) {
      const token = issued.get(password);
      const state = token === undefined ? 'unknown' : token.expiresAt > Date.now() ? 'valid' : 'expired';
      return {state, fingerprint: fingerprint(password)};
    },
    list() {
      return [...issued].map(([password, {issuedAt, expiresAt, ...rest}]) => ({
        fingerprint: fingerprint(password),
        issuedAt: new Date(issuedAt).toISOString(),
        expiresAt: new Date(expiresAt).toISOString(),
        ...rest,
      }));
    },
    expireAll(before = Infinity) {
      const now = Date.now();
      for (const token of issued.values()) if (token.issuedAt < before) token.expiresAt = Math.min(token.expiresAt, now);
    },
    setLifetime(seconds) {
      lifetime = seconds;
    },
  };
}

/** What a password is recognised by without telling it. */
export function fingerprint(password: string): string {
  return createHash('sha256').update(password).digest('hex').slice(0, 16);
}

/** As long as ECR's (about 2 kB), and every second one with a colon, which a client that splits `AWS:<password>` must survive. */
function randomPassword(): string {
  const text = randomBytes(1350).toString('base64');
  return randomInt(2) === 0 ? text : `${text.slice(0, 900)}:${text.slice(900)}`;
}
