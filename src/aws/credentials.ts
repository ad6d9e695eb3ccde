import {readFileSync} from 'node:fs';
import {fromIni, fromTokenFile} from '@aws-sdk/credential-providers';
import {Interruption} from '../kinds/outcome.ts';
import {containerCredentials} from './container-credentials.ts';
import {noCredentials} from './container-refusals.ts';
import {type CredentialMemo, type Credentials, rememberCredentials} from './credential-memo.ts';
import {type AwsCall, interruptionOf} from './errors.ts';
import {type WebIdentityClaims, webIdentityClaims} from './web-identity-claims.ts';

/** Environment variables, by name. Only main reads the process's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the operator's credentials come from. */
export type CredentialSource = 'profile' | 'environment' | 'webIdentity' | 'container' | 'none';

type Provider = () => Promise<Credentials>;

/** The operator's own identity. */
export interface SharedCredentials extends CredentialMemo {
  readonly source: CredentialSource;
}

/**
 * Which source the environment names. It is decided by what is set, not by what works: a source that is broken is an error
 * and never a reason to try the next, and the node's own role (instance metadata) is not among them.
 */
export function sourceOf(environment: Environment): CredentialSource {
  if (environment['AWS_PROFILE']) return 'profile';
  if (environment['AWS_ACCESS_KEY_ID'] && environment['AWS_SECRET_ACCESS_KEY']) return 'environment';
  if (environment['AWS_WEB_IDENTITY_TOKEN_FILE'] && environment['AWS_ROLE_ARN']) return 'webIdentity';
  if (environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'] || environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']) return 'container';
  return 'none';
}

/** The operator's own credentials, for all of its clients. */
export function sharedCredentials(options: {
  readonly environment: Environment;
  readonly now: () => Date;
  /** For STS. */
  readonly region?: string;
  /** For the SDK's inner STS client: endpoint, timeouts. */
  readonly clientConfig?: Readonly<Record<string, unknown>>;
}): SharedCredentials {
  const source = sourceOf(options.environment);
  return {source, ...rememberCredentials(providerOf(source, options), options.now)};
}

/** The name that CloudTrail shows for the operator's sessions: `drayage-<pod>`, in the characters that STS takes. */
export function roleSessionName(environment: Environment): string {
  const given = environment['AWS_ROLE_SESSION_NAME'];
  const pod = environment['POD_NAME'] ?? environment['HOSTNAME'];
  const name = given ?? (pod ? `drayage-${pod}` : 'drayage');
  return name.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
}

function providerOf(
  source: CredentialSource,
  options: {readonly environment: Environment; readonly region?: string; readonly clientConfig?: Readonly<Record<string, unknown>>},
): Provider {
  const {environment} = options;
  const clientConfig = {...options.clientConfig, ...(options.region !== undefined && {region: options.region})};
  const byProfile = () => {
    const files = named(environment, {profile: 'AWS_PROFILE', filepath: 'AWS_SHARED_CREDENTIALS_FILE', configFilepath: 'AWS_CONFIG_FILE'});
    return sorted(fromIni({...files, clientConfig}), () => ({action: 'the credentials of AWS_PROFILE'}));
  };
  const providers: Readonly<Record<CredentialSource, () => Provider>> = {
    profile: byProfile,
    environment: () => async () => fromKeys(environment),
    webIdentity: () => fromWebIdentity(environment, clientConfig),
    container: () => fromContainer(environment),
    none: () => async () => {
      throw new Interruption(noCredentials);
    },
  };
  return providers[source]();
}

function fromKeys(environment: Environment): Credentials {
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  return {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    ...(sessionToken && {sessionToken}),
  };
}

function fromWebIdentity(environment: Environment, clientConfig: Readonly<Record<string, unknown>>): Provider {
  const file = environment['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? '';
  const roleArn = environment['AWS_ROLE_ARN'] ?? '';
  // The SDK reads the file anew at each call, as the kubelet replaces the token.
  const fetch = fromTokenFile({webIdentityTokenFile: file, roleArn, roleSessionName: roleSessionName(environment), clientConfig});
  return sorted(fetch, () => ({action: 'sts:AssumeRoleWithWebIdentity', roleArn, webIdentity: claimsIn(file)}));
}

function fromContainer(environment: Environment): Provider {
  const endpoint = named(environment, {
    relativeUri: 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    fullUri: 'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    tokenFile: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    token: 'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  });
  return containerCredentials(endpoint);
}

function sorted(fetch: () => Promise<Credentials>, call: () => AwsCall): Provider {
  return async () => {
    try {
      return await fetch();
    } catch (error) {
      throw unreadable(error) ?? interruptionOf(error, call());
    }
  };
}

function unreadable(error: unknown): Interruption | undefined {
  const {code, path} = error as {readonly code?: unknown; readonly path?: unknown};
  if (code !== 'ENOENT' && code !== 'EACCES') return undefined;
  const message = `the web identity token ${String(path)} cannot be read (${code})`;
  return new Interruption({is: 'failed', reason: 'CredentialsInvalid', message});
}

/** Who the token says that we are. These claims are no secret; the token is, and stays here. */
function claimsIn(file: string): WebIdentityClaims {
  try {
    return webIdentityClaims(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

function named<K extends string>(environment: Environment, names: Readonly<Record<K, string>>): Partial<Record<K, string>> {
  const entries = Object.entries<string>(names).map(([option, variable]) => [option, environment[variable]]);
  return Object.fromEntries(entries.filter(([, value]) => value)) as Partial<Record<K, string>>;
}
