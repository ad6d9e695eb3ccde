import {Interruption} from '../kinds/outcome.ts';
import {roleCredentials, roleKey} from './assume-role.ts';
import type {AssumedRole, Aws, RegistryLocation} from './aws.ts';
import {clientConfig} from './client-config.ts';
import {rememberCredentials} from './credential-memo.ts';
import {type Environment, roleSessionName, sharedCredentials} from './credentials.ts';
import type {OnCall} from './gate.ts';
import type {AskForToken} from './registry-token.ts';
import {type RegionalDoors, Session} from './session.ts';
import {WorkloadTokens} from './workload-tokens.ts';

export interface AwsOptions {
  readonly environment: Environment;
  readonly now: () => Date;
  /** Told of each request that goes to AWS, retries too: for metrics. */
  readonly onCall?: OnCall;
  /** How long DescribeRepositories waits for more names. Default 5 ms. */
  readonly batchMilliseconds?: number;
  /** How often each repository is looked at, in seconds: DescribeRepositories asks ahead for what is due next. Left out, it does not. */
  readonly resyncSeconds?: number;
}

/** AWS, and the way to let go of its connections. */
export interface ClosableAws extends Aws {
  close(): void;
}

/** AWS as the operator itself, and as each role that it assumes; each identity has its own clients and credentials. */
export function createAws(options: AwsOptions): ClosableAws {
  const {environment, now, onCall, batchMilliseconds = 5, resyncSeconds = 0} = options;
  const ownRegion = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined;
  const roleArn = environment['AWS_ROLE_ARN'];
  // A resync comes after 90 to 110 % of the period: what is fetched at 85 % is still held then.
  const lookAhead = {hold: resyncSeconds * 250, due: resyncSeconds * 850};
  const given = {environment, now, batchMilliseconds, lookAhead, ...(onCall && {onCall})};
  const own = new Session({
    ...given,
    credentials: sharedCredentials({
      environment,
      now,
      ...(ownRegion !== undefined && {region: ownRegion}),
      clientConfig: {...clientConfig(environment, 'STS')},
    }),
    stsRegion: () => regionName(ownRegion),
    ...(roleArn && {roleArn}),
  });
  const sessions = new Map([['', own]]);

  function sessionOf(role: AssumedRole | undefined): Session {
    const key = roleKey(role);
    const known = sessions.get(key);
    if (known || role === undefined) return known ?? own;
    const fetch = () => roleCredentials({role, sessionName: roleSessionName(environment), client: own.sts(), call: own.caller('sts')})();
    const made = new Session({
      ...given,
      credentials: rememberCredentials(fetch, now),
      stsRegion: () => regionName(ownRegion),
      roleArn: role.roleArn,
    });
    sessions.set(key, made);
    return made;
  }

  const workloads = new WorkloadTokens({environment, now, ...(onCall && {onCall})});

  const authorizationToken: AskForToken = async ({location, isPublic = false, workload}, wish) => {
    const region = isPublic ? undefined : regionName(location.region ?? ownRegion);
    const memo = workload === undefined ? sessionOf(location.role).token(region) : workloads.memo(workload, region);
    const token = await memo.get(wish);
    if (isPublic || location.accountId === undefined) return token;
    // One token opens every registry that its principal may use; only the host differs.
    return {...token, host: token.host.replace(/^\d{12}\./, `${location.accountId}.`)};
  };

  function doors({region, accountId, role}: RegistryLocation): RegionalDoors {
    return sessionOf(role).doors(regionName(region ?? ownRegion), accountId || undefined);
  }

  return {
    identity: (role) => sessionOf(role).identity(),
    authorizationToken,
    ecr: (location) => doors(location).ecr,
    images: (location) => doors(location).images,
    lifecyclePreviews: (location) => doors(location).lifecyclePreviews,
    registrySettings: (location) => doors(location).registrySettings,
    replicationBackfills: (location) => doors(location).replicationBackfills,
    repositoryTemplates: (location) => doors(location).repositoryTemplates,
    pullThroughCacheRules: (location) => doors(location).pullThroughCacheRules,
    ecrPublic: (location) => doors(location).ecrPublic,
    secrets: (location) => doors(location).secrets,
    parameters: (location) => doors(location).parameters,
    files: (location) => doors(location).files,
    close() {
      for (const session of sessions.values()) session.close();
      workloads.close();
    },
  };
}

function regionName(region: string | undefined): string {
  if (region) return region;
  const message = 'the AWS region is not known: set AWS_REGION for the operator (EKS does so by itself), or spec.region of the Registry';
  throw new Interruption({is: 'stalled', reason: 'RegionMissing', message});
}
