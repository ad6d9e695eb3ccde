import type {RepositoryTemplate, RepositoryTemplates} from '../../../src/aws/repository-templates.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {fakeAws} from '../../support/fake-aws.ts';
import {cacheOf} from '../../support/walk.ts';
import {accountId, MemoryEcr, region} from '../repository/memory-ecr.ts';

/** A registry's templates and repositories in memory, with what was called. */
export class MemoryTemplates {
  readonly calls: string[] = [];
  readonly templates = new Map<string, RepositoryTemplate>();
  readonly ecr = new MemoryEcr();
  now = Date.UTC(2026, 0, 1);

  take(): string[] {
    return [...this.calls.splice(0), ...this.ecr.take()];
  }

  put(template: Partial<RepositoryTemplate> & {readonly prefix: string}): RepositoryTemplate {
    const made = {
      appliedFor: ['CREATE_ON_PUSH'],
      imageTagMutability: 'MUTABLE',
      resourceTags: {},
      ...template,
      createdAt: new Date((this.now += 5000)).toISOString(),
    };
    this.templates.set(made.prefix, made);
    return made;
  }

  door(): RepositoryTemplates {
    const called = <T>(name: string, value: T): Promise<T> => {
      this.calls.push(name);
      return Promise.resolve(value);
    };
    return {
      find: (prefix) => called('Describe', this.templates.get(prefix)),
      all: () => called('DescribeAll', [...this.templates.values()]),
      create: (template) => called('Create', {value: this.templates.has(template.prefix) ? undefined : this.put(template)}),
      update: (template) => {
        const {createdAt} = this.templates.get(template.prefix) ?? {};
        const made = {...template, ...(createdAt !== undefined && {createdAt}), updatedAt: new Date((this.now += 5000)).toISOString()};
        this.templates.set(template.prefix, made);
        return called('Update', {value: made});
      },
      delete: (prefix) => {
        this.templates.delete(prefix);
        return called('Delete', {value: undefined});
      },
      repositories: () =>
        called(
          'DescribeRepositories',
          [...this.ecr.repositories.values()].map(({repository}) => repository),
        ),
    };
  }

  doors(objects: readonly KubeObject[] = []): Doors {
    return {
      aws: fakeAws({
        identity: () => Promise.resolve({accountId, region, arn: `arn:aws:sts::${accountId}:assumed-role/drayage/pod`}),
        ecr: () => this.ecr.door(),
        repositoryTemplates: () => this.door(),
      }),
      kube: undefined as never,
      cache: cacheOf(() => objects),
      clusterId: '3f0e8a52-0000-4000-8000-000000000001',
      now: () => new Date(this.now),
    };
  }
}
