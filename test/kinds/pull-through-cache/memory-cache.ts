import type {PullThroughCacheRule, PullThroughCacheRules, Validity} from '../../../src/aws/pull-through-cache-rules.ts';
import type {SecretStore, StoredSecret} from '../../../src/aws/secret-store.ts';
import type {Secret} from '../../../src/schema/secret.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {fakeAws} from '../../support/fake-aws.ts';
import {cacheOf} from '../../support/walk.ts';
import {MemoryTemplates} from '../repository-template/memory-templates.ts';

export const accountId = '123456789012';
const region = 'us-east-1';

/** A registry's rules and Secrets Manager in memory, with what was called. */
export class MemoryCache {
  readonly calls: string[] = [];
  readonly rules = new Map<string, PullThroughCacheRule>();
  readonly secrets = new Map<string, StoredSecret & {readonly value: string}>();
  readonly templates = new MemoryTemplates();
  readonly objects: KubeObject[] = [];
  readonly names: string[] = [];
  #time = Date.UTC(2026, 0, 1);

  take(): string[] {
    return this.calls.splice(0);
  }

  putRule(rule: Partial<PullThroughCacheRule> & {readonly ecrRepositoryPrefix: string}): PullThroughCacheRule {
    const made = {
      upstreamRegistryUrl: 'quay.io',
      upstreamRegistry: 'quay',
      upstreamRepositoryPrefix: 'ROOT',
      ...rule,
      createdAt: this.#tick(),
    };
    this.rules.set(made.ecrRepositoryPrefix, made);
    return made;
  }

  /** A Kubernetes Secret, as the synced copy and the API server have it. */
  putSecret(version: string, data: Readonly<Record<string, string>>): void {
    this.objects.splice(0, this.objects.length, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {namespace: 'shop', name: 'login', uid: 'u', resourceVersion: version},
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
    });
  }

  doors(others: readonly KubeObject[] = []): Doors {
    return {
      aws: fakeAws({
        identity: () => Promise.resolve({accountId, region, arn: `arn:aws:sts::${accountId}:assumed-role/drayage/pod`}),
        pullThroughCacheRules: () => this.#rulesDoor(),
        secrets: () => this.#secretsDoor(),
        repositoryTemplates: () => this.templates.door(),
      }),
      kube: {get: () => Promise.resolve(this.objects[0])} as unknown as Doors['kube'],
      cache: cacheOf(() => [...this.objects, ...others]),
      clusterId: 'cluster',
      now: () => new Date(this.#time),
    };
  }

  #called<T>(name: string, value: T): Promise<T> {
    this.calls.push(name);
    return Promise.resolve(value);
  }

  #tick(): string {
    return new Date((this.#time += 5000)).toISOString();
  }

  #rulesDoor(): PullThroughCacheRules {
    return {
      find: (prefix) => this.#called('Find', this.rules.get(prefix)),
      all: () => this.#called('All', [...this.rules.values()]),
      create: (rule) => this.#called('CreateRule', {value: this.rules.has(rule.ecrRepositoryPrefix) ? undefined : this.putRule(rule)}),
      update: (prefix, change) => {
        const rule = this.rules.get(prefix);
        if (rule) this.rules.set(prefix, {...rule, ...change});
        return this.#called('UpdateRule', {value: {updatedAt: this.#tick()}});
      },
      delete: (prefix) => {
        this.rules.delete(prefix);
        return this.#called('DeleteRule', {value: undefined});
      },
      validate: (prefix) => this.#called('Validate', this.#validity(prefix)),
      repositoryNames: () => this.#called('Names', this.names),
    };
  }

  #validity(prefix: string): Validity | undefined {
    const rule = this.rules.get(prefix);
    if (rule === undefined) return undefined;
    const secret = [...this.secrets.values()].find(({arn}) => arn === rule.credentialArn);
    return secret?.value.includes('expired') === true ? {isValid: false, failure: 'not let in'} : {isValid: true};
  }

  #secretsDoor(): SecretStore {
    const change = (name: string, edit: (secret: StoredSecret & {readonly value: string}) => StoredSecret & {readonly value: string}) => {
      const secret = this.secrets.get(name);
      if (secret) this.secrets.set(name, edit(secret));
    };
    return {
      describe: (name) => {
        const secret = this.secrets.get(name);
        return this.#called('DescribeSecret', secret && {arn: secret.arn, tags: secret.tags, isDeleted: secret.isDeleted});
      },
      read: () => {
        throw new Error('no value is read for a PullThroughCache');
      },
      create: (name, value: Secret, tags) => {
        const isThere = this.secrets.has(name);
        const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-a1`;
        if (!isThere) this.secrets.set(name, {arn, tags, isDeleted: false, value: value.reveal()});
        return this.#called('CreateSecret', {value: isThere ? undefined : arn});
      },
      put: (name, value) => {
        change(name, (secret) => ({...secret, value: value.reveal()}));
        return this.#called('PutSecret', {value: undefined});
      },
      tag: (name, tags) => {
        change(name, (secret) => ({...secret, tags: {...secret.tags, ...tags}}));
        return this.#called('TagSecret', {value: undefined});
      },
      restore: (name) => {
        change(name, (secret) => ({...secret, isDeleted: false}));
        return this.#called('RestoreSecret', {value: undefined});
      },
      delete: (name) => {
        change(name, (secret) => ({...secret, isDeleted: true}));
        return this.#called('DeleteSecret', {value: undefined});
      },
    };
  }
}
