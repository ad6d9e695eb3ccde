import type {Catalog, CatalogInput, EcrPublic, PublicRepository} from '../../../src/aws/ecr-public.ts';
import type {Answer, Tags} from '../../../src/aws/ecr.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {fakeAws} from '../../support/fake-aws.ts';
import {cacheOf} from '../../support/walk.ts';

export interface Stored {
  readonly repository: PublicRepository;
  tags: Tags;
  /** The logo as it was sent. */
  catalog: CatalogInput;
  policyText?: string;
  images: number;
}

export const accountId = '123456789012';
export const clusterId = '3f0e8a52-0000-4000-8000-000000000001';

/** One public registry in memory, with what was called. `before` may throw, as AWS does. */
export class MemoryEcrPublic {
  readonly calls: string[] = [];
  readonly repositories = new Map<string, Stored>();
  before: (call: string) => void = () => {};
  partition = 'aws';
  #created = 0;

  put(name: string, more: Partial<Omit<Stored, 'repository'>> = {}): Stored {
    const repository = {
      repositoryName: name,
      repositoryArn: `arn:aws:ecr-public::${accountId}:repository/${name}`,
      repositoryUri: `public.ecr.aws/a1b2c3d4/${name}`,
      registryId: accountId,
      createdAt: new Date(Date.UTC(2026, 0, 1) + 2000 * (this.#created += 1)).toISOString(),
    };
    const stored = {tags: {}, catalog: {}, images: 0, ...more, repository};
    this.repositories.set(name, stored);
    return stored;
  }

  /** The calls of one walk. */
  take(): string[] {
    return this.calls.splice(0);
  }

  door(): EcrPublic {
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
      createRepository: ({repositoryName, tags, catalog = {}}) =>
        call('CreateRepository', () => {
          if (this.repositories.has(repositoryName)) return {value: undefined};
          const {repository} = this.put(repositoryName, {tags, catalog: settled(catalog)});
          return {value: {repository, catalog: told(catalog)}, requestId: 'r'};
        }),
      deleteRepository: (name, {force}) =>
        call('DeleteRepository', () => {
          const stored = this.repositories.get(name);
          if (!stored) return {value: 'absent' as const};
          if (stored.images > 0 && !force) return {value: 'notEmpty' as const};
          this.repositories.delete(name);
          return {value: 'deleted' as const, requestId: 'r'};
        }),
      getCatalog: (name) => call('GetRepositoryCatalogData', () => told(this.repositories.get(name)?.catalog ?? {})),
      async putCatalog(name, catalog) {
        const answer = await change(name, 'PutRepositoryCatalogData', (stored) => {
          stored.catalog = settled(catalog);
        });
        return {...answer, value: told(catalog)};
      },
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
      countImages: (name) => call('DescribeImages', () => this.repositories.get(name)?.images ?? 0),
    };
  }

  doors(objects: readonly KubeObject[] = []): Doors {
    const arn = `arn:${this.partition}:sts::${accountId}:assumed-role/drayage/pod`;
    return {
      aws: fakeAws({
        identity: () => Promise.resolve({accountId, region: 'eu-central-1', arn}),
        ecrPublic: () => this.door(),
      }),
      kube: undefined as never,
      cache: cacheOf(() => objects),
      clusterId,
      now: () => new Date('2026-01-01T00:00:00Z'),
    };
  }
}

/** What was sent empty is not there, and badges have no order. */
function settled({architectures = [], ...catalog}: CatalogInput): CatalogInput {
  const all = {...catalog, architectures: architectures.toSorted()};
  return Object.fromEntries(Object.entries(all).filter(([, value]: [string, string | readonly string[]]) => value.length > 0));
}

/** A catalogue as AWS tells it: badges in any order, and of the logo a URL. */
function told(catalog: CatalogInput): Catalog {
  const {logoImageBlob, architectures, ...rest} = settled(catalog);
  return {
    ...rest,
    ...(architectures && {architectures: architectures.toReversed()}),
    ...(logoImageBlob !== undefined && {logoUrl: 'https://logo.example/1.png'}),
  };
}

function byArn(arn: string): string {
  return arn.split(':repository/').at(-1) ?? '';
}
