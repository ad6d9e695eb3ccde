import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  type EncryptionType,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  type ImageTagMutability,
  type ImageTagMutabilityExclusionFilter,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  type Repository,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import {Interruption} from '../kinds/outcome.ts';
import {answer, done} from './answer.ts';
import type {Caller} from './caller.ts';
import {countImages} from './count-images.ts';
import {DescribeBatch} from './describe-batch.ts';
import type {Ecr, EcrRepository} from './ecr.ts';
import {absent, nameOf} from './errors.ts';
import {LookAhead, type LookAheadTimes} from './look-ahead.ts';

type Filters = readonly {readonly filterType: string; readonly filter: string}[] | undefined;

const noRepository = 'RepositoryNotFoundException';
/** ECR's limit for a page of repositories. */
const mostOfPage = 1000;

/** ECR's control plane for one account and region, by way of that region's client. */
export function createEcrDoor(options: {
  readonly client: ECRClient;
  readonly call: Caller;
  /** The account whose registry is meant; left out, the caller's own. */
  readonly registryId?: string;
  readonly batchMilliseconds: number;
  readonly lookAhead: LookAheadTimes;
  /** Milliseconds, from anywhere, never going back. */
  readonly monotonic: () => number;
}): Ecr {
  const {client} = options;
  const registry = options.registryId === undefined ? {} : {registryId: options.registryId};
  const named = (repositoryName: string) => ({...registry, repositoryName});
  const ahead = new LookAhead<EcrRepository>(options.lookAhead, options.monotonic);
  const batch = new DescribeBatch(
    async (names) => describe(client, {...registry, repositoryNames: [...names]}),
    options.batchMilliseconds,
    ahead,
  );
  // Whatever is done to a repository, or fails on it, what was read of it before is not the present.
  const call: Caller = async (action, resource, run) => {
    if (action === 'DescribeRepositories' || resource === undefined) return options.call(action, resource, run);
    try {
      return await options.call(action, resource, run);
    } finally {
      ahead.drop(resource);
    }
  };
  return {
    describeRepository: (name) => call('DescribeRepositories', name, () => batch.get(name)),

    async *listRepositories() {
      let nextToken: string | undefined;
      do {
        const command = new DescribeRepositoriesCommand({...registry, maxResults: mostOfPage, ...(nextToken && {nextToken})});
        const page = await call('DescribeRepositories', undefined, () => client.send(command));
        yield* (page.repositories ?? []).map(repositoryOf);
        nextToken = page.nextToken;
      } while (nextToken);
    },

    createRepository: (input) =>
      call('CreateRepository', input.repositoryName, async () => {
        const command = new CreateRepositoryCommand({
          ...named(input.repositoryName),
          tags: Object.entries(input.tags).map(([Key, Value]) => ({Key, Value})),
          ...mutability(input.imageTagMutability, input.imageTagMutabilityExclusionFilters),
          imageScanningConfiguration: {scanOnPush: input.scanOnPush},
          ...(input.encryption && {
            encryptionConfiguration: {...input.encryption, encryptionType: input.encryption.encryptionType as EncryptionType},
          }),
        });
        const output = await client.send(command).catch(absent('RepositoryAlreadyExistsException'));
        ahead.answered(input.repositoryName);
        return answer(output?.repository && repositoryOf(output.repository), output);
      }),

    deleteRepository: (name, {force}) =>
      call('DeleteRepository', name, async () => {
        try {
          const output = await client.send(new DeleteRepositoryCommand({...named(name), force}));
          return answer('deleted' as const, output);
        } catch (error) {
          if (error instanceof Error && error.name === noRepository) return {value: 'absent' as const};
          if (error instanceof Error && error.name === 'RepositoryNotEmptyException') return {value: 'notEmpty' as const};
          throw error;
        }
      }),

    putImageTagMutability: (name, mode, filters) =>
      call('PutImageTagMutability', name, async () =>
        done(await client.send(new PutImageTagMutabilityCommand({...named(name), ...mutability(mode, filters)})).catch(invisible(name))),
      ),

    putImageScanningConfiguration: (name, scanOnPush) =>
      call('PutImageScanningConfiguration', name, async () => {
        const command = new PutImageScanningConfigurationCommand({...named(name), imageScanningConfiguration: {scanOnPush}});
        return done(await client.send(command).catch(invisible(name)));
      }),

    getLifecyclePolicy: (name) =>
      call('GetLifecyclePolicy', name, async () => {
        const output = await client
          .send(new GetLifecyclePolicyCommand(named(name)))
          .catch(absent('LifecyclePolicyNotFoundException', noRepository));
        return output?.lifecyclePolicyText;
      }),

    putLifecyclePolicy: (name, lifecyclePolicyText) =>
      call('PutLifecyclePolicy', name, async () =>
        done(await client.send(new PutLifecyclePolicyCommand({...named(name), lifecyclePolicyText})).catch(invisible(name))),
      ),

    deleteLifecyclePolicy: (name) =>
      call('DeleteLifecyclePolicy', name, async () =>
        done(
          await client.send(new DeleteLifecyclePolicyCommand(named(name))).catch(absent('LifecyclePolicyNotFoundException', noRepository)),
        ),
      ),

    getRepositoryPolicy: (name) =>
      call('GetRepositoryPolicy', name, async () => {
        const output = await client
          .send(new GetRepositoryPolicyCommand(named(name)))
          .catch(absent('RepositoryPolicyNotFoundException', noRepository));
        return output?.policyText;
      }),

    setRepositoryPolicy: (name, policyText, force) =>
      call('SetRepositoryPolicy', name, async () => {
        const command = new SetRepositoryPolicyCommand({...named(name), policyText, ...(force === true && {force})});
        return done(await client.send(command).catch(invisible(name)));
      }),

    deleteRepositoryPolicy: (name) =>
      call('DeleteRepositoryPolicy', name, async () =>
        done(
          await client
            .send(new DeleteRepositoryPolicyCommand(named(name)))
            .catch(absent('RepositoryPolicyNotFoundException', noRepository)),
        ),
      ),

    listTags: (resourceArn) =>
      call('ListTagsForResource', resourceArn, async () => {
        const {tags = []} = await client.send(new ListTagsForResourceCommand({resourceArn})).catch(invisible(resourceArn));
        return Object.fromEntries(tags.map(({Key = '', Value = ''}) => [Key, Value]));
      }),

    tag: (resourceArn, tags) =>
      call('TagResource', resourceArn, async () => {
        const list = Object.entries(tags).map(([Key, Value]) => ({Key, Value}));
        return done(await client.send(new TagResourceCommand({resourceArn, tags: list})).catch(invisible(resourceArn)));
      }),

    untag: (resourceArn, keys) =>
      call('UntagResource', resourceArn, async () =>
        done(await client.send(new UntagResourceCommand({resourceArn, tagKeys: [...keys]})).catch(invisible(resourceArn))),
      ),

    countImages: (name, limit) => call('ListImages', name, () => countImages(client, named(name), limit)),
  };
}

/** For `.catch()`: a repository is not known everywhere in ECR at the moment of its creation, nor forgotten at that of its deletion. */
function invisible(repository: string): (error: unknown) => never {
  return (error) => {
    if (nameOf(error) !== noRepository) throw error;
    const message = `ECR does not know the repository ${repository}: it was made, or deleted, a moment ago`;
    throw new Interruption({is: 'waiting', reason: 'RepositoryNotVisible', message, seconds: 2});
  };
}

async function describe(
  client: ECRClient,
  input: {readonly registryId?: string; repositoryNames: string[]},
): Promise<readonly EcrRepository[]> {
  const found: EcrRepository[] = [];
  let nextToken: string | undefined;
  do {
    const output = await client.send(new DescribeRepositoriesCommand({...input, ...(nextToken !== undefined && {nextToken})}));
    found.push(...(output.repositories ?? []).map(repositoryOf));
    nextToken = output.nextToken;
  } while (nextToken);
  return found;
}

export function repositoryOf(repository: Repository): EcrRepository {
  const {repositoryName = '', repositoryArn = '', repositoryUri = '', registryId = '', createdAt} = repository;
  const {encryptionType, kmsKey} = repository.encryptionConfiguration ?? {};
  const filters = repository.imageTagMutabilityExclusionFilters ?? [];
  return {
    repositoryName,
    repositoryArn,
    repositoryUri,
    registryId,
    ...(createdAt && {createdAt: createdAt.toISOString()}),
    imageTagMutability: repository.imageTagMutability ?? 'MUTABLE',
    ...(filters.length > 0 && {
      imageTagMutabilityExclusionFilters: filters.map(({filterType, filter}) => ({filterType: filterType ?? '', filter: filter ?? ''})),
    }),
    scanOnPush: repository.imageScanningConfiguration?.scanOnPush ?? false,
    ...(encryptionType && {encryptionType}),
    ...(kmsKey && {kmsKey}),
  };
}

function mutability(mode: string, filters: Filters) {
  return {
    imageTagMutability: mode as ImageTagMutability,
    ...(filters &&
      filters.length > 0 && {
        imageTagMutabilityExclusionFilters: filters.map((filter) => ({...filter}) as ImageTagMutabilityExclusionFilter),
      }),
  };
}
