import {errorAnswer, invalid, jsonAnswer} from './answers.ts';
import {catalogOf} from './ecr-public-catalog.ts';
import {ofRepository, type Told} from './ecr-public-of-repository.ts';
import {addRepository, described, notFound, type PublicRepository, publicRepositories, removeRepository} from './ecr-public-store.ts';
import type {Handler, Handlers} from './handler.ts';
import {tagLimit, tooManyTags} from './input-rules.ts';
import {parseObject, textOf} from './message.ts';
import type {Json} from './message.ts';
import {pageOf} from './pages.ts';

const createRepository: Handler = async ({config}, call, input) => {
  const name = textOf(input['repositoryName']);
  if (publicRepositories.has(name)) {
    const message = `The repository with name '${name}' already exists in the registry with id '${config.accountId}'`;
    return errorAnswer(call, {type: 'RepositoryAlreadyExistsException', message});
  }
  const catalogData = input['catalogData'] as Json | undefined;
  const catalog = catalogData && catalogOf(config.accountId, name, catalogData);
  const tags = tagsIn(input['tags']);
  const repository: PublicRepository = {name, createdAt: Date.now() / 1000, tags, images: [], ...(catalog && {catalog})};
  addRepository(repository);
  return jsonAnswer({repository: described(config.accountId, repository), catalogData: catalog ?? {}});
};

const describeRepositories: Handler = async ({config}, call, input) => {
  const names = input['repositoryNames'] as readonly string[] | undefined;
  const missing = names?.find((name) => !publicRepositories.has(name));
  if (missing !== undefined) return errorAnswer(call, notFound(config.accountId, missing));
  const chosen = [...publicRepositories.values()].filter(({name}) => names === undefined || names.includes(name));
  const {value, error} = pageOf(call.operation, input, {repositories: chosen.map((one) => described(config.accountId, one))});
  return error ? errorAnswer(call, error) : jsonAnswer(value);
};

const deleteRepository: Handler = ofRepository((accountId, repository, input) => {
  const {name, images} = repository;
  if (images.length > 0 && input['force'] !== true) {
    const message = `The repository with name '${name}' in registry with id '${accountId}' cannot be deleted because it still contains images`;
    return {error: {type: 'RepositoryNotEmptyException', message}};
  }
  removeRepository(name);
  return {value: {repository: described(accountId, repository)}};
});

const getPolicy: Handler = ofRepository((accountId, {name, policyText}) =>
  policyText === undefined ? noPolicy(accountId, name) : {value: {registryId: accountId, repositoryName: name, policyText}},
);

const setPolicy: Handler = ofRepository((accountId, repository, input) => {
  const document = parseObject(textOf(input['policyText']));
  if (document?.['Statement'] === undefined) return {error: invalid('PolicyText', 'Invalid repository policy provided')};
  // AWS gives the document back written anew.
  repository.policyText = JSON.stringify(document, undefined, 2);
  return {value: {registryId: accountId, repositoryName: repository.name, policyText: repository.policyText}};
});

const deletePolicy: Handler = ofRepository((accountId, repository) => {
  const {name, policyText} = repository;
  if (policyText === undefined) return noPolicy(accountId, name);
  delete repository.policyText;
  return {value: {registryId: accountId, repositoryName: name, policyText}};
});

const listTags: Handler = ofRepository((_, {tags}) => ({value: {tags: Object.entries(tags).map(([Key, Value]) => ({Key, Value}))}}));

const tag: Handler = ofRepository((_, repository, input) => {
  const tags = {...repository.tags, ...tagsIn(input['tags'])};
  if (Object.keys(tags).length > tagLimit) return {error: tooManyTags()};
  repository.tags = tags;
  return {value: {}};
});

const untag: Handler = ofRepository((_, repository, input) => {
  const keys = input['tagKeys'] as readonly string[];
  repository.tags = Object.fromEntries(Object.entries(repository.tags).filter(([key]) => !keys.includes(key)));
  return {value: {}};
});

export const publicRepositoryHandlers: Handlers = {
  CreateRepository: createRepository,
  DescribeRepositories: describeRepositories,
  DeleteRepository: deleteRepository,
  GetRepositoryPolicy: getPolicy,
  SetRepositoryPolicy: setPolicy,
  DeleteRepositoryPolicy: deletePolicy,
  ListTagsForResource: listTags,
  TagResource: tag,
  UntagResource: untag,
};

function noPolicy(accountId: string, name: string): Told {
  const message = `Repository policy does not exist for the repository with name '${name}' in the registry with id '${accountId}'`;
  return {error: {type: 'RepositoryPolicyNotFoundException', message}};
}

function tagsIn(tags: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(((tags ?? []) as readonly Json[]).map(({Key, Value}) => [String(Key), textOf(Value)]));
}
