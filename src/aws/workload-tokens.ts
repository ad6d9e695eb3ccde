import {ECRClient} from '@aws-sdk/client-ecr';
import {ECRPUBLICClient} from '@aws-sdk/client-ecr-public';
import {AssumeRoleWithWebIdentityCommand, STSClient} from '@aws-sdk/client-sts';
import {Interruption} from '../kinds/outcome.ts';
import {createCaller} from './caller.ts';
import {clientConfig} from './client-config.ts';
import type {Credentials} from './credential-memo.ts';
import type {Environment} from './credentials.ts';
import {interruptionOf} from './errors.ts';
import {fetchPrivateToken, fetchPublicToken} from './fetch-token.ts';
import {gate, type OnCall} from './gate.ts';
import type {Workload} from './registry-token.ts';
import {publicRegion} from './session.ts';
import {type Fetched, TokenMemo} from './token-memo.ts';
import {webIdentityClaims} from './web-identity-claims.ts';

interface Options {
  readonly environment: Environment;
  readonly now: () => Date;
  readonly onCall?: OnCall;
}

/** The shortest session that STS gives: what it is for is one call. */
const sessionSeconds = 900;

/**
 * Tokens of ServiceAccounts that have a role of their own. Of each, only its token is kept: a role's credentials serve for one
 * call every few hours, and clients of thousands of them would be hundreds of megabytes.
 */
export class WorkloadTokens {
  readonly #options: Options;
  readonly #memos = new Map<string, TokenMemo>();
  readonly #sts = new Map<string, STSClient>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** `region`: of the private registry; left out, ECR Public. */
  memo(workload: Workload, region: string | undefined): TokenMemo {
    const key = JSON.stringify([workload.id, workload.roleArn, workload.sessionName, region]);
    const known = this.#memos.get(key);
    if (known) return known;
    for (const [other, memo] of this.#memos) if (memo.isIdle) this.#memos.delete(other);
    const made = new TokenMemo(() => this.#fetch(workload, region), this.#options.now);
    this.#memos.set(key, made);
    return made;
  }

  close(): void {
    for (const client of this.#sts.values()) client.destroy();
  }

  async #fetch(workload: Workload, region: string | undefined): Promise<Fetched> {
    const {environment, onCall} = this.#options;
    const {roleArn} = workload;
    const where = region ?? publicRegion;
    const credentials = await this.#assume(workload, where);
    const callerOf = (service: string) => createCaller({service, roleArn, onCredentialsRefused: () => {}});
    const gateOf = (service: string) => ({service, region: where, ...(onCall && {onCall})});
    if (region === undefined) {
      const client = new ECRPUBLICClient({...clientConfig(environment, 'ECR_PUBLIC'), region: where, credentials});
      return closing(client, fetchPublicToken(gate(client, gateOf('ecr-public')), callerOf('ecr-public')));
    }
    const client = new ECRClient({...clientConfig(environment, 'ECR'), region, credentials});
    return closing(client, fetchPrivateToken(gate(client, gateOf('ecr')), callerOf('ecr')));
  }

  async #assume({roleArn, sessionName, webIdentityToken}: Workload, region: string): Promise<Credentials> {
    const token = (await webIdentityToken()).reveal();
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      WebIdentityToken: token,
      DurationSeconds: sessionSeconds,
    });
    try {
      const {Credentials: given} = await this.#stsIn(region).send(command);
      const {AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken} = given ?? {};
      if (accessKeyId && secretAccessKey && sessionToken) return {accessKeyId, secretAccessKey, sessionToken};
    } catch (error) {
      throw interruptionOf(error, {action: 'sts:AssumeRoleWithWebIdentity', roleArn, webIdentity: webIdentityClaims(token)});
    }
    throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message: 'sts:AssumeRoleWithWebIdentity answered without credentials'});
  }

  #stsIn(region: string): STSClient {
    const {environment, onCall} = this.#options;
    const known = this.#sts.get(region);
    if (known) return known;
    const client = new STSClient({...clientConfig(environment, 'STS'), region});
    const made = gate(client, {service: 'sts', region, ...(onCall && {onCall})});
    this.#sts.set(region, made);
    return made;
  }
}

async function closing<T>(client: {destroy(): void}, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    client.destroy();
  }
}
