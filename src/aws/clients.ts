import {ECRClient, GetAuthorizationTokenCommand} from '@aws-sdk/client-ecr';
import {GetCallerIdentityCommand, STSClient} from '@aws-sdk/client-sts';
import {Interruption} from '../kinds/outcome.ts';
import {TokenMemo} from './authorization-token.ts';
import type {Aws, RegistryLocation} from './aws.ts';
import {createCaller} from './caller.ts';
import {type Environment, sharedCredentials} from './credentials.ts';
import {createEcrDoor} from './ecr-door.ts';
import type {Ecr} from './ecr.ts';
import {gate, type OnCall, type Gated} from './gate.ts';
import type {Identity} from './identity.ts';

export interface AwsOptions {
  readonly environment: Environment;
  readonly now: () => Date;
  /** Told of each request that goes to AWS, retries too: for metrics. */
  readonly onCall?: OnCall;
  /** How long DescribeRepositories waits for more names. Default 5 ms. */
  readonly batchMilliseconds?: number;
}

/** AWS, and the way to let go of its connections. */
export interface ClosableAws extends Aws {
  close(): void;
}

const identityMilliseconds = 3_600_000;

/**
 * All clients of the operator's identity: one for each region, made when first asked for, with one credential provider.
 * Every request has a time-out; a call is tried three times at most; each API has its own pace (pace.ts).
 */
export function createAws(options: AwsOptions): ClosableAws {
  const {environment, now} = options;
  const ownRegion = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined;
  const roleArn = environment['AWS_ROLE_ARN'];
  const credentials = sharedCredentials({
    environment,
    now,
    ...(ownRegion !== undefined && {region: ownRegion}),
    clientConfig: {...clientConfig(environment, 'STS')},
  });
  const callerOf = (service: string) =>
    createCaller({service, onCredentialsRefused: () => credentials.invalidate(), ...(roleArn && {roleArn})});
  const callSts = callerOf('sts');
  const callEcr = callerOf('ecr');
  const regions = new Map<string, {readonly client: ECRClient; readonly token: TokenMemo; readonly doors: Map<string, Ecr>}>();
  let sts: STSClient | undefined;
  let identity: {readonly value: Promise<Identity>; readonly until: number} | undefined;

  function gated<C extends Gated>(client: C, service: string, region: string): C {
    return gate(client, {service, region, ...(options.onCall && {onCall: options.onCall})});
  }

  function regionOf(name: string) {
    const known = regions.get(name);
    if (known) return known;
    const config = {...clientConfig(environment, 'ECR'), region: name, credentials: credentials.provider};
    const client = gated(new ECRClient(config), 'ecr', name);
    const token = new TokenMemo(async () => {
      const {authorizationData = []} = await client.send(new GetAuthorizationTokenCommand({}));
      return authorizationData[0];
    }, now);
    const made = {client, token, doors: new Map<string, Ecr>()};
    regions.set(name, made);
    return made;
  }

  async function askIdentity(): Promise<Identity> {
    const region = regionName(ownRegion);
    const config = {...clientConfig(environment, 'STS'), region, credentials: credentials.provider};
    sts ??= gated(new STSClient(config), 'sts', region);
    const client = sts;
    const {Account: accountId, Arn: arn} = await callSts('GetCallerIdentity', undefined, () =>
      client.send(new GetCallerIdentityCommand({})),
    );
    if (accountId === undefined || arn === undefined) {
      throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message: 'sts:GetCallerIdentity answered without an account'});
    }
    return {accountId, arn, region};
  }

  return {
    identity() {
      const at = now().getTime();
      if (identity && at < identity.until) return identity.value;
      const value = askIdentity();
      const asked = {value, until: at + identityMilliseconds};
      identity = asked;
      value.catch(() => {
        if (identity === asked) identity = undefined;
      });
      return value;
    },

    ecr(location: RegistryLocation): Ecr {
      const {client, token, doors} = regionOf(regionName(location.region ?? ownRegion));
      const {accountId = ''} = location;
      const known = doors.get(accountId);
      if (known) return known;
      const door = createEcrDoor({
        client,
        call: callEcr,
        token,
        batchMilliseconds: options.batchMilliseconds ?? 5,
        ...(accountId && {registryId: accountId}),
      });
      doors.set(accountId, door);
      return door;
    },

    close() {
      sts?.destroy();
      for (const {client} of regions.values()) client.destroy();
    },
  };
}

function regionName(region: string | undefined): string {
  if (region) return region;
  const message = 'the AWS region is not known: set AWS_REGION for the operator (EKS does so by itself), or spec.region of the Registry';
  throw new Interruption({is: 'stalled', reason: 'RegionMissing', message});
}

/** What all clients have in common. Of the environment only what is named here is read; the SDK adds what it reads itself. */
function clientConfig(environment: Environment, service: 'ECR' | 'STS') {
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] || environment['AWS_ENDPOINT_URL'];
  const agent = {keepAlive: true, maxSockets: 50};
  return {
    maxAttempts: 3,
    retryMode: 'standard',
    userAgentAppId: 'drayage',
    useFipsEndpoint: environment['AWS_USE_FIPS_ENDPOINT'] === 'true',
    useDualstackEndpoint: environment['AWS_USE_DUALSTACK_ENDPOINT'] === 'true',
    requestHandler: {
      connectionTimeout: 3000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
    ...(endpoint && {endpoint}),
  };
}
