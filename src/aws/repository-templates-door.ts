import {
  CreateRepositoryCreationTemplateCommand,
  DeleteRepositoryCreationTemplateCommand,
  DescribeRepositoryCreationTemplatesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  type EncryptionType,
  type ImageTagMutability,
  type ImageTagMutabilityExclusionFilter,
  type RCTAppliedFor,
  type Repository,
  type RepositoryCreationTemplate,
  UpdateRepositoryCreationTemplateCommand,
} from '@aws-sdk/client-ecr';
import {answer, done} from './answer.ts';
import type {Caller} from './caller.ts';
import {repositoryOf} from './ecr-door.ts';
import {absent} from './errors.ts';
import {everyPage} from './pages.ts';
import type {RepositoryTemplate, RepositoryTemplates} from './repository-templates.ts';

const noTemplate = 'TemplateNotFoundException';

/** None of the calls for templates takes a registry: they are about the caller's own. */
export function createRepositoryTemplatesDoor(options: {
  readonly client: ECRClient;
  readonly call: Caller;
  readonly registryId?: string;
}): RepositoryTemplates {
  const {client, call} = options;
  const registry = options.registryId === undefined ? {} : {registryId: options.registryId};
  return {
    find: (prefix) =>
      call('DescribeRepositoryCreationTemplates', prefix, async () => {
        const output = await client.send(new DescribeRepositoryCreationTemplatesCommand({prefixes: [prefix]})).catch(absent(noTemplate));
        const found = output?.repositoryCreationTemplates?.find((template) => template.prefix === prefix);
        return found && templateOf(found);
      }),

    all: () =>
      call('DescribeRepositoryCreationTemplates', undefined, async () => {
        const templates = await everyPage(async (nextToken) => {
          const output = await client.send(new DescribeRepositoryCreationTemplatesCommand({...nextToken}));
          return {items: output.repositoryCreationTemplates, nextToken: output.nextToken};
        });
        return templates.map(templateOf);
      }),

    create: (template) =>
      call('CreateRepositoryCreationTemplate', template.prefix, async () => {
        const output = await client
          .send(new CreateRepositoryCreationTemplateCommand(inputOf(template)))
          .catch(absent('TemplateAlreadyExistsException'));
        const made = output?.repositoryCreationTemplate;
        return answer(made && templateOf(made), output);
      }),

    update: (template) =>
      call('UpdateRepositoryCreationTemplate', template.prefix, async () => {
        // What is left out stays as it was, so what is to go is sent empty.
        const cleared = {description: '', resourceTags: [], repositoryPolicy: '', lifecyclePolicy: '', customRoleArn: ''};
        const output = await client.send(new UpdateRepositoryCreationTemplateCommand({...cleared, ...inputOf(template)}));
        const made = output.repositoryCreationTemplate;
        return answer(made ? templateOf(made) : template, output);
      }),

    delete: (prefix) =>
      call('DeleteRepositoryCreationTemplate', prefix, async () => {
        const output = await client.send(new DeleteRepositoryCreationTemplateCommand({prefix})).catch(absent(noTemplate));
        return done(output);
      }),

    repositories: () =>
      call('DescribeRepositories', undefined, async () => {
        const found: readonly Repository[] = await everyPage(async (nextToken) => {
          const output = await client.send(new DescribeRepositoriesCommand({...registry, maxResults: 1000, ...nextToken}));
          return {items: output.repositories, nextToken: output.nextToken};
        });
        return found.map(repositoryOf);
      }),
  };
}

function inputOf(template: RepositoryTemplate) {
  const {prefix, description, encryption, resourceTags, repositoryPolicy, lifecyclePolicy, customRoleArn} = template;
  const {imageTagMutabilityExclusionFilters: filters = []} = template;
  const tags = Object.entries(resourceTags).map(([Key, Value]) => ({Key, Value}));
  return {
    prefix,
    appliedFor: [...template.appliedFor] as RCTAppliedFor[],
    imageTagMutability: template.imageTagMutability as ImageTagMutability,
    ...(filters.length > 0 && {
      imageTagMutabilityExclusionFilters: filters.map((filter) => ({...filter}) as ImageTagMutabilityExclusionFilter),
    }),
    ...(description !== undefined && {description}),
    ...(encryption && {encryptionConfiguration: {...encryption, encryptionType: encryption.encryptionType as EncryptionType}}),
    ...(tags.length > 0 && {resourceTags: tags}),
    ...(repositoryPolicy !== undefined && {repositoryPolicy}),
    ...(lifecyclePolicy !== undefined && {lifecyclePolicy}),
    ...(customRoleArn !== undefined && {customRoleArn}),
  };
}

function templateOf(template: RepositoryCreationTemplate): RepositoryTemplate {
  const {prefix = '', description, repositoryPolicy, lifecyclePolicy, customRoleArn, appliedFor = [], createdAt, updatedAt} = template;
  const {encryptionType, kmsKey} = template.encryptionConfiguration ?? {};
  const filters = template.imageTagMutabilityExclusionFilters ?? [];
  return {
    prefix,
    imageTagMutability: template.imageTagMutability ?? 'MUTABLE',
    ...(filters.length > 0 && {
      imageTagMutabilityExclusionFilters: filters.map(({filterType, filter}) => ({filterType: filterType ?? '', filter: filter ?? ''})),
    }),
    resourceTags: Object.fromEntries((template.resourceTags ?? []).map(({Key = '', Value = ''}) => [Key, Value])),
    appliedFor: [...appliedFor].toSorted(),
    ...(description && {description}),
    ...(encryptionType && {encryption: {encryptionType, ...(kmsKey && {kmsKey})}}),
    ...(repositoryPolicy && {repositoryPolicy}),
    ...(lifecyclePolicy && {lifecyclePolicy}),
    ...(customRoleArn && {customRoleArn}),
    ...(createdAt && {createdAt: createdAt.toISOString()}),
    ...(updatedAt && {updatedAt: updatedAt.toISOString()}),
  };
}
