import {ECRClient} from '@aws-sdk/client-ecr';
import {ECRPUBLICClient} from '@aws-sdk/client-ecr-public';
import type {RecordedCall} from './gateway/calls.ts';
import {registryHost} from './gateway/context.ts';
import {ask} from './gateway/control.ts';
import type {Fault} from './gateway/faults.ts';
import type {IssuerKey} from './gateway/oidc-providers.ts';
import type {RecordedPull} from './gateway/pulls.ts';
import type {IssuedToken} from './gateway/tokens.ts';
import {iamAt} from './iam.ts';
import type {Iam} from './iam.ts';
import type {ProcessMark} from './processes.ts';
import type {Credentials} from './sign.ts';

/** What must be known of a running cloud to use it from another process. Kept in `cloud.json`, mode 0600. */
export interface CloudRecord {
  readonly endpoint: string;
  readonly moto: string;
  readonly accountId: string;
  readonly region: string;
  readonly rootCredentials: Credentials;
  readonly issuer?: string;
  readonly processes: readonly ProcessMark[];
}

/** AWS on one machine: STS, IAM and ECR behind one endpoint, and the registry behind ECR's host name. */
export interface Cloud extends Iam, AsyncDisposable {
  /** URL of every AWS API. */
  readonly endpoint: string;
  /** Variables for the process under test: endpoints and region. No credentials. */
  readonly env: Readonly<Record<string, string>>;
  readonly accountId: string;
  readonly region: string;
  /** The host name in `repositoryUri`. */
  readonly registryHost: string;
  /** URL that answers for it: containerd's mirror, or crane's registry. */
  readonly registryUrl: string;
  readonly rootCredentials: Credentials;
  /** ECR as the account's root, through the gateway, without retries. Its calls are in `calls()` too. */
  readonly ecr: ECRClient;
  /** ECR Public, likewise. */
  readonly ecrPublic: ECRPUBLICClient;
  readonly tokens: {
    list(): Promise<readonly IssuedToken[]>;
    /** Ends every token that was issued, or those issued before a moment. */
    expireAll(before?: Date): Promise<void>;
    /** Of tokens issued from now on. */
    setLifetime(seconds: number): Promise<void>;
  };
  readonly faults: {add(fault: Fault): Promise<void>; clear(): Promise<void>};
  /** What an issuer publishes as its JWKS. Until it is told, signatures of its tokens are not checked. */
  setIssuerKeys(issuer: string, keys: readonly IssuerKey[]): Promise<void>;
  /** Ends every session of a role that was made so far, before its time. */
  endSessions(): Promise<void>;
  /** Adds so many milliseconds to every AWS call from now on. */
  setLatency(milliseconds: number): Promise<void>;
  /** Every AWS API call since the start or `resetCalls`, the oldest first. Registry requests are not among them. */
  calls(): Promise<readonly RecordedCall[]>;
  resetCalls(): Promise<void>;
  /** Every registry request since the start or `resetPulls`, the oldest first. */
  pulls(): Promise<readonly RecordedPull[]>;
  resetPulls(): Promise<void>;
  /** Processes by name, with their ids. */
  readonly processes: readonly ProcessMark[];
  /** URL of moto without the gateway before it, to compare with. */
  readonly moto: string;
  stop(): Promise<void>;
}

/** The handle of a running cloud. */
export function cloudOf(record: CloudRecord, stop: () => Promise<void>): Cloud {
  const {endpoint, region, accountId, rootCredentials, processes, moto} = record;
  const ecr = new ECRClient({endpoint, region, credentials: rootCredentials, maxAttempts: 1});
  const ecrPublic = new ECRPUBLICClient({endpoint, region: 'us-east-1', credentials: rootCredentials, maxAttempts: 1});
  const end = async () => {
    ecr.destroy();
    ecrPublic.destroy();
    await stop();
  };
  return {
    endpoint,
    accountId,
    region,
    rootCredentials,
    processes,
    moto,
    ecr,
    ecrPublic,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_ECR: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    registryHost: registryHost(accountId, region),
    registryUrl: endpoint,
    ...iamAt(endpoint, rootCredentials, accountId, record.issuer),
    tokens: {
      list: () => ask(endpoint, 'tokens'),
      expireAll: (before) => ask(endpoint, 'expireTokens', before?.getTime()),
      setLifetime: (seconds) => ask(endpoint, 'setTokenLifetime', seconds),
    },
    faults: {add: (fault) => ask(endpoint, 'addFault', fault), clear: () => ask(endpoint, 'clearFaults')},
    setIssuerKeys: (issuer, keys) => ask(endpoint, 'setIssuerKeys', {issuer, keys}),
    endSessions: () => ask(endpoint, 'endSessions'),
    setLatency: (milliseconds) => ask(endpoint, 'setLatency', milliseconds),
    calls: () => ask(endpoint, 'calls'),
    resetCalls: () => ask(endpoint, 'resetCalls'),
    pulls: () => ask(endpoint, 'pulls'),
    resetPulls: () => ask(endpoint, 'resetPulls'),
    stop: end,
    [Symbol.asyncDispose]: end,
  };
}
