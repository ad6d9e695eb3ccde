import {ECRClient} from '@aws-sdk/client-ecr';
import {ECRPUBLICClient} from '@aws-sdk/client-ecr-public';
import {S3Client} from '@aws-sdk/client-s3';
import {SecretsManagerClient} from '@aws-sdk/client-secrets-manager';
import {SSMClient} from '@aws-sdk/client-ssm';
import {GetCallerIdentityCommand, STSClient} from '@aws-sdk/client-sts';
import {Interruption} from '../kinds/outcome.ts';
import {type Caller, createCaller} from './caller.ts';
import {clientConfig} from './client-config.ts';
import type {CredentialMemo} from './credential-memo.ts';
import type {Environment} from './credentials.ts';
import {createEcrDoor} from './ecr-door.ts';
import {createEcrImagesDoor} from './ecr-images-door.ts';
import type {EcrImages} from './ecr-images.ts';
import {createEcrPublicDoor} from './ecr-public-door.ts';
import type {EcrPublic} from './ecr-public.ts';
import type {Ecr} from './ecr.ts';
import {fetchPrivateToken, fetchPublicToken} from './fetch-token.ts';
import {gate, type Gated, type OnCall} from './gate.ts';
import type {Identity} from './identity.ts';
import type {LookAheadTimes} from './look-ahead.ts';
import {createLifecyclePreviewsDoor} from './lifecycle-previews-door.ts';
import type {LifecyclePreviews} from './lifecycle-previews.ts';
import {createParameterStoreDoor} from './parameter-store-door.ts';
import type {ParameterStore} from './parameter-store.ts';
import {createPullThroughCacheRulesDoor} from './pull-through-cache-rules-door.ts';
import type {PullThroughCacheRules} from './pull-through-cache-rules.ts';
import {createRegistrySettingsDoor} from './registry-settings-door.ts';
import type {RegistrySettings} from './registry-settings.ts';
import {createReplicationBackfillsDoor} from './replication-backfills-door.ts';
import type {ReplicationBackfills} from './replication-backfills.ts';
import {createRepositoryTemplatesDoor} from './repository-templates-door.ts';
import type {RepositoryTemplates} from './repository-templates.ts';
import {createSecretStoreDoor} from './secret-store-door.ts';
import type {SecretStore} from './secret-store.ts';
import {createStoredFilesDoor} from './stored-files-door.ts';
import type {StoredFiles} from './stored-files.ts';
import {TokenMemo} from './token-memo.ts';

export interface SessionOptions {
  readonly environment: Environment;
  readonly now: () => Date;
  readonly credentials: CredentialMemo;
  /** The ARN of the role that the session is in, where it is known beforehand. */
  readonly roleArn?: string;
  /** Where STS is asked. Throws Interruption where it is not known. */
  readonly stsRegion: () => string;
  readonly onCall?: OnCall;
  readonly batchMilliseconds: number;
  readonly lookAhead: LookAheadTimes;
}

/** Everything of one account in one region. */
export interface RegionalDoors {
  readonly ecr: Ecr;
  readonly images: EcrImages;
  readonly lifecyclePreviews: LifecyclePreviews;
  readonly registrySettings: RegistrySettings;
  readonly replicationBackfills: ReplicationBackfills;
  readonly repositoryTemplates: RepositoryTemplates;
  readonly pullThroughCacheRules: PullThroughCacheRules;
  readonly ecrPublic: EcrPublic;
  readonly secrets: SecretStore;
  readonly parameters: ParameterStore;
  readonly files: StoredFiles;
}

const identityMilliseconds = 3_600_000;
/** The only region with an API for ECR Public. */
export const publicRegion = 'us-east-1';

/** One identity in AWS: its clients, one for each service and region, made when first asked for. */
export class Session {
  readonly #options: SessionOptions;
  readonly #clients = new Map<string, Gated>();
  readonly #tokens = new Map<string, TokenMemo>();
  readonly #doors = new Map<string, RegionalDoors>();
  #identity: {readonly value: Promise<Identity>; readonly until: number} | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  sts(): STSClient {
    return this.#client('STS', 'sts', this.#options.stsRegion(), (config) => new STSClient(config));
  }

  /** Runs calls of a service, so that what is thrown names the action and the role. */
  caller(service: string): Caller {
    const {credentials, roleArn} = this.#options;
    return createCaller({service, onCredentialsRefused: () => credentials.invalidate(), ...(roleArn !== undefined && {roleArn})});
  }

  identity(): Promise<Identity> {
    const at = this.#options.now().getTime();
    if (this.#identity && at < this.#identity.until) return this.#identity.value;
    const value = this.#askIdentity();
    const asked = {value, until: at + identityMilliseconds};
    this.#identity = asked;
    value.catch(() => {
      if (this.#identity === asked) this.#identity = undefined;
    });
    return value;
  }

  /** `accountId`: whose registry is meant; left out, the session's own. */
  doors(region: string, accountId: string | undefined): RegionalDoors {
    const key = `${region} ${accountId ?? ''}`;
    const known = this.#doors.get(key);
    if (known) return known;
    const made = this.#open(region, accountId);
    this.#doors.set(key, made);
    return made;
  }

  /** One for a region, whichever account's registry is meant. `region` left out: ECR Public's. */
  token(region: string | undefined): TokenMemo {
    const key = region ?? 'public';
    const known = this.#tokens.get(key);
    if (known) return known;
    const fetch =
      region === undefined
        ? fetchPublicToken(this.#ecrPublic(), this.caller('ecr-public'))
        : fetchPrivateToken(this.#ecr(region), this.caller('ecr'));
    const made = new TokenMemo(fetch, this.#options.now);
    this.#tokens.set(key, made);
    return made;
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  #open(region: string, registryId: string | undefined): RegionalDoors {
    const {batchMilliseconds, lookAhead} = this.#options;
    const client = this.#ecr(region);
    const options = {client, call: this.caller('ecr'), ...(registryId !== undefined && {registryId})};
    return {
      ecr: createEcrDoor({
        ...options,
        batchMilliseconds,
        lookAhead,
        monotonic: () => performance.now(),
      }),
      images: createEcrImagesDoor(options),
      lifecyclePreviews: createLifecyclePreviewsDoor(options),
      registrySettings: createRegistrySettingsDoor(options),
      replicationBackfills: createReplicationBackfillsDoor(options),
      repositoryTemplates: createRepositoryTemplatesDoor(options),
      pullThroughCacheRules: createPullThroughCacheRulesDoor(options),
      ecrPublic: createEcrPublicDoor({
        ...options,
        client: this.#ecrPublic(),
        call: this.caller('ecr-public'),
      }),
      secrets: createSecretStoreDoor({
        client: this.#client('SECRETS_MANAGER', 'secretsmanager', region, (config) => new SecretsManagerClient(config)),
        call: this.caller('secretsmanager'),
      }),
      parameters: createParameterStoreDoor({
        client: this.#client('SSM', 'ssm', region, (config) => new SSMClient(config)),
        call: this.caller('ssm'),
      }),
      files: createStoredFilesDoor({
        // A bucket may be in another region. Stand-ins have no host for each bucket.
        client: this.#client(
          'S3',
          's3',
          region,
          (config) => new S3Client({...config, followRegionRedirects: true, forcePathStyle: config.endpoint !== undefined}),
        ),
        call: this.caller('s3'),
      }),
    };
  }

  #ecr(region: string): ECRClient {
    return this.#client('ECR', 'ecr', region, (config) => new ECRClient(config));
  }

  #ecrPublic(): ECRPUBLICClient {
    return this.#client('ECR_PUBLIC', 'ecr-public', publicRegion, (config) => new ECRPUBLICClient(config));
  }

  #client<C extends Gated>(
    name: Parameters<typeof clientConfig>[1],
    service: string,
    region: string,
    create: (config: ReturnType<typeof clientConfig> & {region: string; credentials: CredentialMemo['provider']}) => C,
  ): C {
    const {environment, credentials, onCall} = this.#options;
    const key = `${service} ${region}`;
    const known = this.#clients.get(key);
    if (known) return known as C;
    const client = create({...clientConfig(environment, name), region, credentials: credentials.provider});
    const made = gate(client, {service, region, ...(onCall && {onCall})});
    this.#clients.set(key, made);
    return made;
  }

  async #askIdentity(): Promise<Identity> {
    const region = this.#options.stsRegion();
    const client = this.sts();
    const call = this.caller('sts');
    const {Account: accountId, Arn: arn} = await call('GetCallerIdentity', undefined, () => client.send(new GetCallerIdentityCommand({})));
    if (accountId === undefined || arn === undefined) {
      throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message: 'sts:GetCallerIdentity answered without an account'});
    }
    return {accountId, arn, region};
  }
}
