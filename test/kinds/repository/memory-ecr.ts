import type {Answer, Ecr, EcrRepository, Tags} from '../../../src/aws/ecr.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {fakeAws} from '../../support/fake-aws.ts';
import {imagesOf, MemoryImages} from './memory-images.ts';

export interface Stored {
  repository: EcrRepository;
  tags: Tags;
  lifecyclePolicyText?: string;
  policyText?: string;
  images: number;
}

export const accountId = '123456789012';
export const region = 'us-east-1';

/** One registry in memory, with what was called. `before` may throw, as AWS does. */
export class MemoryEcr {
  now = new Date('2026-01-01T00:00:00Z');
  readonly calls: string[] = [];
  readonly repositories = new Map<string, Stored>();
  before: (call: string) => void = () => {};
  readonly described = new MemoryImages();
  #created = 0;

  put(name: string, more: Partial<Omit<Stored, 'repository'>> & {readonly repository?: Partial<EcrRepository>} = {}): Stored {
    const stored: Stored = {
      tags: {},
      images: 0,
      ...more,
      repository: {
        repositoryName: name,
        repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
        repositoryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
        registryId: accountId,
        createdAt: new Date(Date.UTC(2026, 0, 1) + 2000 * (this.#created += 1)).toISOString(),
        imageTagMutability: 'MUTABLE',
        scanOnPush: false,
        encryptionType: 'AES256',
        ...more.repository,
      },
    };
    this.repositories.set(name, stored);
    return stored;
  }

  /** The calls of one reconcile. */
  take(): string[] {
    return this.calls.splice(0);
  }

  door(): Ecr {
    const call = async <T>(name: string, run: () => T): Promise<T> => {
      this.calls.push(name);
      this.before(name);
      return run();
    };
    const change = (name: string, operation: string, edit: (stored: Stored) => void): Promise<Answer<void>> =>
      call(operation, () => {
        const stored = this.repositories.get(name);
        if (!stored) throw new Error(`RepositoryNotFoundException: ${name}`);
        edit(stored);
        return {value: undefined, requestId: 'r'};
      });
    return {
      describeRepository: (name) => call('DescribeRepositories', () => this.repositories.get(name)?.repository),
      createRepository: (input) =>
        call('CreateRepository', () => {
          if (this.repositories.has(input.repositoryName)) return {value: undefined};
          const {encryption} = input;
          const {repository} = this.put(input.repositoryName, {
            tags: input.tags,
            repository: {
              imageTagMutability: input.imageTagMutability,
              ...(input.imageTagMutabilityExclusionFilters && {
                imageTagMutabilityExclusionFilters: input.imageTagMutabilityExclusionFilters,
              }),
              scanOnPush: input.scanOnPush,
              encryptionType: encryption?.encryptionType ?? 'AES256',
              ...(encryption?.kmsKey !== undefined && {kmsKey: encryption.kmsKey}),
            },
          });
          return {value: repository, requestId: 'r'};
        }),
      deleteRepository: (name, {force}) =>
        call('DeleteRepository', () => {
          const stored = this.repositories.get(name);
          if (!stored) return {value: 'absent' as const};
          if (stored.images > 0 && !force) return {value: 'notEmpty' as const};
          this.repositories.delete(name);
          return {value: 'deleted' as const, requestId: 'r'};
        }),
      putImageTagMutability: (name, imageTagMutability, filters) =>
        change(name, 'PutImageTagMutability', (stored) => {
          const {imageTagMutabilityExclusionFilters: _, ...rest} = stored.repository;
          stored.repository = {...rest, imageTagMutability, ...(filters && {imageTagMutabilityExclusionFilters: filters})};
        }),
      putImageScanningConfiguration: (name, scanOnPush) =>
        change(name, 'PutImageScanningConfiguration', (stored) => {
          stored.repository = {...stored.repository, scanOnPush};
        }),
      getLifecyclePolicy: (name) => call('GetLifecyclePolicy', () => this.repositories.get(name)?.lifecyclePolicyText),
      putLifecyclePolicy: (name, text) =>
        change(name, 'PutLifecyclePolicy', (stored) => {
          stored.lifecyclePolicyText = text;
        }),
      deleteLifecyclePolicy: (name) =>
        change(name, 'DeleteLifecyclePolicy', (stored) => {
          delete stored.lifecyclePolicyText;
        }),
      getRepositoryPolicy: (name) => call('GetRepositoryPolicy', () => this.repositories.get(name)?.policyText),
      setRepositoryPolicy: (name, text) =>
        change(name, 'SetRepositoryPolicy', (stored) => {
          stored.policyText = text;
        }),
      deleteRepositoryPolicy: (name) =>
        change(name, 'DeleteRepositoryPolicy', (stored) => {
          delete stored.policyText;
        }),
      listTags: (arn) => call('ListTagsForResource', () => this.repositories.get(byArn(arn))?.tags ?? {}),
      tag: (arn, tags) =>
        change(byArn(arn), 'TagResource', (stored) => {
          stored.tags = {...stored.tags, ...tags};
        }),
      untag: (arn, keys) =>
        change(byArn(arn), 'UntagResource', (stored) => {
          stored.tags = Object.fromEntries(Object.entries(stored.tags).filter(([key]) => !keys.includes(key)));
        }),
      countImages: (name) => call('ListImages', () => this.repositories.get(name)?.images ?? 0),
      authorizationToken: () => Promise.reject(new Error('no Repository asks for a token')),
    };
  }
}

/** Doors with this registry behind them, and these objects in the cache. */
export function doorsTo(ecr: MemoryEcr, objects: readonly KubeObject[] = []): Doors {
  const aws = fakeAws({
    identity: () => Promise.resolve({accountId, region, arn: `arn:aws:sts::${accountId}:assumed-role/drayage/pod`}),
    ecr: () => ecr.door(),
    images: () => imagesOf(ecr),
  });
  const matching = (plural: string) => objects.filter(({kind}) => pluralOf(kind) === plural);
  return {
    aws,
    kube: undefined as never,
    cache: {
      get: ({type}, name, namespace) =>
        matching(type.plural).find(({metadata}) => metadata.name === name && (namespace === undefined || metadata.namespace === namespace)),
      list: ({type}, namespace) =>
        matching(type.plural).filter(({metadata}) => namespace === undefined || metadata.namespace === namespace),
    },
    clusterId: '3f0e8a52-0000-4000-8000-000000000001',
    now: () => ecr.now,
  };
}

function pluralOf(kind: string): string {
  return {Registry: 'registries', Repository: 'repositories', Namespace: 'namespaces'}[kind] ?? kind;
}

function byArn(arn: string): string {
  return arn.split(':repository/').at(-1) ?? '';
}
