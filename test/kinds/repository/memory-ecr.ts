import type {Answer, Ecr, EcrRepository, Tags} from '../../../src/aws/ecr.ts';
import type {LifecyclePreviews, PreviewedImage} from '../../../src/aws/lifecycle-previews.ts';
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
  /** What any lifecycle policy would act on. */
  doomed: readonly PreviewedImage[];
  /** The last preview, and how many looks at it are still too early. */
  preview?: {text: string; looks: number; status: string};
}

export const accountId = '123456789012';
export const region = 'us-east-1';

/** One registry in memory, with what was called. `before` may throw, as AWS does. */
export class MemoryEcr {
  now = new Date('2026-01-01T00:00:00Z');
  readonly calls: string[] = [];
  readonly repositories = new Map<string, Stored>();
  before: (call: string) => void = () => {};
  /** How many looks at a preview come too early. */
  looks = 1;
  /** What a preview ends in. */
  ending = 'COMPLETE';
  pageSize = 2;
  readonly described = new MemoryImages();
  #created = 0;

  put(name: string, more: Partial<Omit<Stored, 'repository'>> & {readonly repository?: Partial<EcrRepository>} = {}): Stored {
    const stored: Stored = {
      tags: {},
      images: 0,
      doomed: [],
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
    const listed = this.repositories;
    return {
      describeRepository: (name) => call('DescribeRepositories', () => this.repositories.get(name)?.repository),
      listRepositories: async function* (this: void) {
        yield* await call('DescribeRepositories', () => [...listed.values()].map(({repository}) => repository));
      },
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
    };
  }
}

function previewsOf(ecr: MemoryEcr): LifecyclePreviews {
  const call = async <T>(name: string, run: () => T): Promise<T> => {
    ecr.calls.push(name);
    ecr.before(name);
    return run();
  };
  return {
    start: (name, text) =>
      call('StartLifecyclePolicyPreview', () => {
        const stored = ecr.repositories.get(name);
        if (!stored) throw new Error(`RepositoryNotFoundException: ${name}`);
        if (stored.preview !== undefined && stored.preview.looks > 0) return {value: 'busy' as const};
        stored.preview = {text, looks: ecr.looks, status: ecr.ending};
        return {value: 'started' as const, requestId: 'r'};
      }),
    page: (name, nextToken) =>
      call('GetLifecyclePolicyPreview', () => {
        const {preview, doomed = []} = ecr.repositories.get(name) ?? {};
        if (preview === undefined) return undefined;
        const none = {lifecyclePolicyText: preview.text, images: [], expiringImageTotalCount: 0, transitioningImageTotalCounts: []};
        if (preview.looks > 0) {
          preview.looks -= 1;
          return {...none, status: 'IN_PROGRESS'};
        }
        const from = Number(nextToken ?? 0);
        const to = from + ecr.pageSize;
        const archived = doomed.filter(({action}) => action === 'TRANSITION').length;
        return {
          ...none,
          status: preview.status,
          images: doomed.slice(from, to),
          ...(to < doomed.length && {nextToken: String(to)}),
          expiringImageTotalCount: doomed.length - archived,
          transitioningImageTotalCounts: archived === 0 ? [] : [{targetStorageClass: 'ARCHIVE', imageTotalCount: archived}],
        };
      }),
  };
}

/** Doors with this registry behind them, and these objects in the cache. */
export function doorsTo(ecr: MemoryEcr, objects: readonly KubeObject[] = []): Doors {
  const aws = fakeAws({
    identity: () => Promise.resolve({accountId, region, arn: `arn:aws:sts::${accountId}:assumed-role/drayage/pod`}),
    ecr: () => ecr.door(),
    lifecyclePreviews: () => previewsOf(ecr),
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
  return {Registry: 'registries', Repository: 'repositories', Namespace: 'namespaces', Pod: 'pods'}[kind] ?? kind;
}

function byArn(arn: string): string {
  return arn.split(':repository/').at(-1) ?? '';
}
