import {readFileSync} from 'node:fs';
import type {RequestOptions} from 'node:https';
import {ExecAuth} from '@kubernetes/client-node/dist/exec_auth.js';
import {FileAuth} from '@kubernetes/client-node/dist/file_auth.js';
import type {Config} from './config.ts';

/** What a connection needs, as text, so that a rotated certificate is seen by comparing. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** What one call carries. */
export interface Credentials {
  /** Authorization and impersonation: never to be logged. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Tls;
}

/** Answers for the user of a configuration, each time anew: tokens and certificates are rotated under a running process. */
export interface CredentialSource {
  credentials(): Promise<Credentials>;
  /** Asks an exec plugin, or reads a token file, again; for after an answer of 401. */
  forget(): void;
}

type Authenticator = Pick<ExecAuth, 'applyAuthentication'>;

// Long enough that files cost nothing at 1,000 calls a second, short beside any overlap of an old and a new certificate.
const rereadFilesAfter = 10_000;

/** Files are read again after 10 s; a token file after 60 s, as client-go does. */
export function createCredentialSource({cluster, user}: Config, now: () => number): CredentialSource {
  const files = createFileReader(now);
  let authenticator: Promise<Authenticator | undefined> | undefined;

  async function credentials(): Promise<Credentials> {
    const options: RequestOptions & {headers: Record<string, string>} = {headers: {}};
    authenticator ??= authenticatorFor();
    await (await authenticator)?.applyAuthentication(user, options);
    if (user.token) options.headers['Authorization'] = `Bearer ${user.token}`;
    if (user.username) {
      options.headers['Authorization'] = `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
    }
    if (user.impersonateUser) options.headers['Impersonate-User'] = user.impersonateUser;
    return {headers: trimmed(options.headers), tls: tls(options)};
  }

  function tls(options: RequestOptions): Tls {
    const ca = files.text(cluster.caFile, cluster.caData);
    const cert = text(options.cert) ?? files.text(user.certFile, user.certData);
    const key = text(options.key) ?? files.text(user.keyFile, user.keyData);
    return {
      ...(ca !== undefined && {ca}),
      ...(cert !== undefined && {cert}),
      ...(key !== undefined && {key}),
      ...(cluster.tlsServerName && {servername: cluster.tlsServerName}),
      ...(cluster.skipTLSVerify && {rejectUnauthorized: false}),
    };
  }

  async function authenticatorFor(): Promise<Authenticator | undefined> {
    const exec = new ExecAuth();
    if (exec.isAuthProvider(user)) return wordedExec(exec);
    const file = new FileAuth();
    if (file.isAuthProvider(user)) return file;
    if (!user.authProvider) return undefined;
    // Other providers (OIDC) pull in the whole package, so they are loaded only for those who use them.
    const {KubeConfig} = await import('@kubernetes/client-node/dist/config.js');
    const whole = new KubeConfig();
    whole.loadFromClusterAndUser(cluster, user);
    return {applyAuthentication: (_user, options) => whole.applyToHTTPSOptions(options)};
  }

  return {
    credentials,
    forget: () => {
      authenticator = undefined;
      files.forget();
    },
  };
}

/** What the plugin prints may hold a token, and so may the error of a parser that quotes it: neither is passed on. */
function wordedExec(exec: ExecAuth): Authenticator {
  return {
    async applyAuthentication(user, options) {
      const problem = await exec.applyAuthentication(user, options).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code ?? 'it gave no credentials; run it by hand to see why',
      );
      if (problem !== undefined) throw new Error(`the credential plugin ${String(user.exec?.command ?? 'exec')} failed: ${problem}`);
    },
  };
}

function trimmed(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()]));
}

function text(value: RequestOptions['cert'] | RequestOptions['key']): string | undefined {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.toString() : undefined;
}

function createFileReader(now: () => number) {
  const seen = new Map<string, {readonly at: number; readonly text: string}>();
  return {
    text(file: string | undefined, data: string | undefined): string | undefined {
      if (!file) return data ? Buffer.from(data, 'base64').toString() : undefined;
      const known = seen.get(file);
      if (known !== undefined && now() - known.at < rereadFilesAfter) return known.text;
      const fresh = {at: now(), text: readFileSync(file, 'utf8')};
      seen.set(file, fresh);
      return fresh.text;
    },
    forget: () => seen.clear(),
  };
}
