import type {RegistryToken, TokenTarget} from '../../../src/aws/registry-token.ts';
import {Secret} from '../../../src/schema/secret.ts';
import {clusterPullSecret, pullSecret as namespacedPullSecret} from '../../../src/kinds/pull-secret/index.ts';
import type {Observed} from '../../../src/kinds/pull-secret/observed.ts';
import {ClusterPullSecretSpec, PullSecretSpec, type AnySpec} from '../../../src/kinds/pull-secret/schema.ts';
import type {PullSecretStep} from '../../../src/kinds/pull-secret/steps.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {Report, Source} from '../../../src/kinds/kind.ts';
import {Interruption, outcomeOf, type Outcome} from '../../../src/kinds/outcome.ts';
import {fakeAws} from '../../support/fake-aws.ts';
import type {Kube, Ref} from '../../../src/kube/kube.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';
import {serviceAccounts} from '../../../src/schema/types.ts';

export const start = Date.parse('2026-03-01T08:00:00.000Z');
export const hour = 3_600_000;
export const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

interface Stored extends KubeObject {
  /** Who last wrote the contents: all that matters of managedFields here. */
  readonly manager?: string;
}

/** As much of an API server, of ECR and of the engine's walk as this kind touches, in memory. Time is set by the test. */
export class Cluster {
  now = start;
  readonly objects = new Map<string, Stored>();
  readonly calls: string[] = [];
  tokenCalls = 0;
  /** Who asked for a token with a role of their own, and the web identity token. */
  readonly sessions: string[] = [];
  lifeSeconds = 12 * 3600;
  /** What GetAuthorizationToken ends in, by account; `*` for all. */
  readonly refusals = new Map<string, Outcome>();
  /** What a call ends in instead, before or (where the answer gets lost) after it had its effect. */
  fault: ((call: string, ref: Ref, when: 'before' | 'after') => Outcome | undefined) | undefined;
  #version = 0;
  readonly #expiries = new Map<string, number>();
  readonly #tokens = new Map<string, RegistryToken>();
  readonly #pending = new Map<string, Promise<RegistryToken>>();

  put(object: KubeObject, manager?: string): KubeObject {
    const {metadata} = object;
    const id = idOf({type: typeOf(object), name: metadata.name, ...(metadata.namespace !== undefined && {namespace: metadata.namespace})});
    const uid = this.objects.get(id)?.metadata.uid ?? metadata.uid ?? `uid-${++this.#version}`;
    const stored = {...object, metadata: {...metadata, uid, resourceVersion: String(++this.#version)}, ...(manager && {manager})};
    this.objects.set(id, stored);
    return stored;
  }

  /** Whether a registry would take this token now. */
  isLive(token: string): boolean {
    return (this.#expiries.get(token) ?? 0) > this.now;
  }

  /** The operator starts anew. */
  restart(): void {
    this.#tokens.clear();
  }

  find(kindName: string, name: string, namespace?: string): Stored | undefined {
    return this.objects.get(`${kindName}/${namespace ?? ''}/${name}`);
  }

  remove(kindName: string, name: string, namespace?: string): void {
    this.objects.delete(`${kindName}/${namespace ?? ''}/${name}`);
  }

  namespace(name: string, labels: Record<string, string> = {}): void {
    this.put({apiVersion: 'v1', kind: 'Namespace', metadata: {name, labels}});
    this.account(name, 'default');
  }

  account(namespace: string, name: string, imagePullSecrets?: readonly string[]): void {
    const list = imagePullSecrets?.map((secret) => ({name: secret}));
    this.put({apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name, namespace}, ...(list && {imagePullSecrets: list})});
  }

  pullSecretsOf(namespace: string, account = 'default'): readonly string[] {
    const list = this.find('ServiceAccount', account, namespace)?.['imagePullSecrets'] as readonly {name: string}[] | undefined;
    return (list ?? []).map(({name}) => name);
  }

  contents(namespace: string, name = 'ecr-pull'): string | undefined {
    const data = this.find('Secret', name, namespace)?.['data'] as Record<string, string> | undefined;
    const value = data?.['.dockerconfigjson'];
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
  }

  readonly doors: Doors = {
    clusterId: 'cluster',
    now: () => new Date(this.now),
    cache: {
      get: (source, name, namespace) => this.#list(source).find(({metadata}) => metadata.name === name && metadata.namespace === namespace),
      list: (source, namespace) => this.#list(source).filter(({metadata}) => namespace === undefined || metadata.namespace === namespace),
    },
    aws: fakeAws({authorizationToken: async (target, options = {}) => this.#token(target, options)}),
    kube: this.#kube() as Kube,
  };

  /** As engine/walk.ts goes: until a plan has no steps, three times at most. Gives everything that was seen, for checks. */
  async walk(resource: Resource<AnySpec>): Promise<Walk> {
    const kind = resource.kind === 'PullSecret' ? namespacedPullSecret : clusterPullSecret;
    const rounds: (readonly PullSecretStep[])[] = [];
    let observed = await kind.observe(resource, this.doors);
    let plan = kind.plan(resource, observed, this.doors.now());
    let outcome: Outcome | undefined;
    for (let round = 0; plan.steps.length > 0 && outcome === undefined && round < 3; round++) {
      rounds.push(plan.steps);
      for (const step of plan.steps) {
        try {
          (await kind.apply(step, this.doors)).advance(observed);
        } catch (error) {
          outcome = outcomeOf(error);
          break;
        }
      }
      if (outcome !== undefined) break;
      if (plan.isPart) {
        // The engine ends the walk, and begins the next one at once.
        round = -1;
        observed = await kind.observe(resource, this.doors, observed);
      }
      plan = kind.plan(resource, observed, this.doors.now());
    }
    outcome ??= plan.then;
    const report = kind.status(resource, observed, outcome, this.doors.now());
    return {observed, rounds, left: plan.steps, steps: rounds.flat(), outcome, report};
  }

  #list({type, labelSelector, project}: Source): readonly KubeObject[] {
    const [label, value] = labelSelector?.split('=') ?? [];
    const found = [...this.objects.values()].filter(({kind, metadata}) => {
      return kind === type.kind && (label === undefined || metadata.labels?.[label] === value);
    });
    return project ? found.map((object) => project(object)) : found;
  }

  /** Those who ask at the same time share a call, as aws/token-memo.ts has it. */
  async #token(target: TokenTarget, {expiringAfter}: {readonly expiringAfter?: Date}): Promise<RegistryToken> {
    const {location, isPublic, workload} = target;
    const key = JSON.stringify([location, isPublic, workload?.id, workload?.roleArn]);
    const known = this.#tokens.get(key);
    const enough = expiringAfter?.getTime() ?? this.now + (this.lifeSeconds * 1000) / 2;
    if (known && known.expiresAt.getTime() > Math.max(enough, this.now)) return known;
    const pending = this.#pending.get(key) ?? this.#fetch(key, target);
    this.#pending.set(key, pending);
    return pending.finally(() => this.#pending.delete(key));
  }

  async #fetch(key: string, {location, isPublic, workload}: TokenTarget): Promise<RegistryToken> {
    const password = `token-${++this.tokenCalls}`;
    if (workload) this.sessions.push(`${workload.sessionName} as ${workload.roleArn} by ${(await workload.webIdentityToken()).reveal()}`);
    const refusal = this.refusals.get(workload?.roleArn ?? location.accountId ?? 'own') ?? this.refusals.get('*');
    if (refusal) throw new Interruption(refusal);
    const token = {
      username: 'AWS',
      password: new Secret(password),
      expiresAt: new Date(this.now + this.lifeSeconds * 1000),
      host: isPublic ? 'public.ecr.aws' : location.accountId === undefined ? host : host.replace(/^\d+/, location.accountId),
    };
    this.#tokens.set(key, token);
    this.#expiries.set(password, token.expiresAt.getTime());
    return token;
  }

  #kube(): Pick<Kube, 'get' | 'apply' | 'merge' | 'delete' | 'serviceAccountToken'> {
    const raise = (call: string, ref: Ref, when: 'before' | 'after'): void => {
      const outcome = this.fault?.(call, ref, when);
      if (outcome) throw new Interruption(outcome);
    };
    const enter = (call: string, ref: Ref): void => {
      this.calls.push(`${call} ${idOf(ref)}`);
      raise(call, ref, 'before');
    };
    return {
      serviceAccountToken: async ({namespace, name}, audience) => {
        enter('token', {type: serviceAccounts, namespace, name});
        const claims = {sub: `system:serviceaccount:${namespace}:${name}`, aud: [audience]};
        return new Secret(`e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`);
      },
      get: async (ref) => {
        enter('get', ref);
        return this.objects.get(idOf(ref));
      },
      apply: async (type, object, {force = true, fieldManager = 'drayage'} = {}) => {
        const ref = {type, name: object.metadata.name, namespace: object.metadata.namespace ?? ''};
        enter('apply', ref);
        const found = this.objects.get(idOf(ref));
        if (found && found['type'] !== object['type']) throw refuse('InvalidObject');
        if (found && !force && found.manager !== fieldManager) throw refuse('Conflict');
        const {labels, annotations, ownerReferences} = found?.metadata ?? {};
        const metadata = {
          ...object.metadata,
          labels: {...labels, ...object.metadata.labels},
          annotations: {...annotations, ...object.metadata.annotations},
          ownerReferences: object.metadata.ownerReferences ?? ownerReferences ?? [],
        };
        const written = this.put({...found, ...object, metadata}, fieldManager);
        raise('apply', ref, 'after');
        return written;
      },
      merge: async (ref, patch) => {
        enter('merge', ref);
        const found = this.objects.get(idOf(ref));
        if (!found) throw refuse('NotFound');
        const version = (patch['metadata'] as {resourceVersion?: string} | undefined)?.resourceVersion;
        if (version !== undefined && version !== found.metadata.resourceVersion) throw refuse('Conflict');
        const written = this.put(mergePatch(found, patch) as KubeObject);
        raise('merge', ref, 'after');
        return written;
      },
      delete: async (ref, options) => {
        enter('delete', ref);
        const found = this.objects.get(idOf(ref));
        if (!found) return false;
        if (options?.uid !== undefined && options.uid !== found.metadata.uid) throw refuse('Conflict');
        return this.objects.delete(idOf(ref));
      },
    };
  }
}

/** A cluster with these namespaces, besides kube-system. */
export function withNamespaces(...names: readonly string[]): Cluster {
  const cluster = new Cluster();
  for (const name of ['kube-system', ...names]) cluster.namespace(name);
  return cluster;
}

export interface Walk {
  readonly observed: Observed;
  readonly rounds: readonly (readonly PullSecretStep[])[];
  readonly steps: readonly PullSecretStep[];
  /** Steps that a last plan still had. */
  readonly left: readonly PullSecretStep[];
  readonly outcome: Outcome;
  readonly report: Report;
}

export function pullSecret(
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Partial<KubeObject['metadata']> = {},
): Resource<ClusterPullSecretSpec> {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'ClusterPullSecret',
    metadata: {name: 'team', uid: 'uid-of-team', generation: 1, ...metadata},
    spec: ClusterPullSecretSpec.parse(spec),
  };
}

/** A PullSecret called `team` in the namespace. */
export function pullSecretIn(
  namespace: string,
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Partial<KubeObject['metadata']> = {},
): Resource<PullSecretSpec> {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'PullSecret',
    metadata: {name: 'team', namespace, uid: `uid-of-${namespace}`, generation: 1, ...metadata},
    spec: PullSecretSpec.parse(spec),
  };
}

export function denied(): Outcome {
  return {is: 'stalled', reason: 'AccessDenied', message: 'not allowed to call ecr:GetAuthorizationToken'};
}

export function callsOf(steps: readonly PullSecretStep[]): readonly string[] {
  return steps.map((step) => `${step.call} ${step.namespace}`);
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = typeof target === 'object' && target !== null ? {...target} : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

function refuse(reason: string): Interruption {
  const is = reason === 'InvalidObject' ? 'stalled' : 'waiting';
  return new Interruption({is, reason, message: `the API server answers ${reason}`, seconds: 1});
}

function typeOf(object: KubeObject): Ref['type'] {
  return {apiVersion: object.apiVersion, kind: object.kind, plural: '', namespaced: object.metadata.namespace !== undefined};
}

function idOf({type, name, namespace}: Ref): string {
  return `${type.kind}/${namespace ?? ''}/${name}`;
}
