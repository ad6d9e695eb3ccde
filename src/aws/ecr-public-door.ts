import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  type DescribeImagesCommandOutput,
  type ECRPUBLICClient,
  GetRepositoryCatalogDataCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutRepositoryCatalogDataCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr-public';
import {answer, done} from './answer.ts';
import type {Caller} from './caller.ts';
import {catalogOf, dataOf, repositoryOf, tagList} from './ecr-public-data.ts';
import type {EcrPublic} from './ecr-public.ts';
import {absent} from './errors.ts';

const noRepository = 'RepositoryNotFoundException';
const noPolicy = 'RepositoryPolicyNotFoundException';
/** ECR Public's largest page. */
const mostOfPage = 1000;

/** ECR Public for one account, by way of the client of its only region. */
export function createEcrPublicDoor(options: {
  readonly client: ECRPUBLICClient;
  readonly call: Caller;
  /** The account whose registry is meant; left out, the caller's own. */
  readonly registryId?: string;
}): EcrPublic {
  const {client, call, registryId} = options;
  const named = (repositoryName: string) => ({...(registryId !== undefined && {registryId}), repositoryName});
  return {
    describeRepository: (name) =>
      call('DescribeRepositories', name, async () => {
        const {repositoryName, ...registry} = named(name);
        const command = new DescribeRepositoriesCommand({...registry, repositoryNames: [repositoryName]});
        const found = (await client.send(command).catch(absent(noRepository)))?.repositories?.[0];
        return found && repositoryOf(found);
      }),

    // It takes no registry: a repository is made in the caller's own.
    createRepository: ({repositoryName, tags, catalog}) =>
      call('CreateRepository', repositoryName, async () => {
        const command = new CreateRepositoryCommand({repositoryName, tags: tagList(tags), ...(catalog && {catalogData: dataOf(catalog)})});
        const output = await client.send(command).catch(absent('RepositoryAlreadyExistsException'));
        const {repository, catalogData} = output ?? {};
        return answer(repository && {repository: repositoryOf(repository), catalog: catalogOf(catalogData)}, output);
      }),

    deleteRepository: (name, {force}) =>
      call('DeleteRepository', name, async () => {
        try {
          return answer('deleted' as const, await client.send(new DeleteRepositoryCommand({...named(name), force})));
        } catch (error) {
          if (error instanceof Error && error.name === noRepository) return {value: 'absent' as const};
          if (error instanceof Error && error.name === 'RepositoryNotEmptyException') return {value: 'notEmpty' as const};
          throw error;
        }
      }),

    getCatalog: (name) =>
      call('GetRepositoryCatalogData', name, async () => {
        const command = new GetRepositoryCatalogDataCommand(named(name));
        const output = await client.send(command).catch(absent('RepositoryCatalogDataNotFoundException', noRepository));
        return catalogOf(output?.catalogData);
      }),

    putCatalog: (name, catalog) =>
      call('PutRepositoryCatalogData', name, async () => {
        const output = await client.send(new PutRepositoryCatalogDataCommand({...named(name), catalogData: dataOf(catalog)}));
        return answer(catalogOf(output.catalogData), output);
      }),

    getRepositoryPolicy: (name) =>
      call('GetRepositoryPolicy', name, async () => {
        const output = await client.send(new GetRepositoryPolicyCommand(named(name))).catch(absent(noPolicy, noRepository));
        return output?.policyText;
      }),

    setRepositoryPolicy: (name, policyText) =>
      call('SetRepositoryPolicy', name, async () => done(await client.send(new SetRepositoryPolicyCommand({...named(name), policyText})))),

    deleteRepositoryPolicy: (name) =>
      call('DeleteRepositoryPolicy', name, async () =>
        done(await client.send(new DeleteRepositoryPolicyCommand(named(name))).catch(absent(noPolicy, noRepository))),
      ),

    listTags: (resourceArn) =>
      call('ListTagsForResource', resourceArn, async () => {
        const {tags = []} = await client.send(new ListTagsForResourceCommand({resourceArn}));
        return Object.fromEntries(tags.map(({Key = '', Value = ''}) => [Key, Value]));
      }),

    tag: (resourceArn, tags) =>
      call('TagResource', resourceArn, async () => done(await client.send(new TagResourceCommand({resourceArn, tags: tagList(tags)})))),

    untag: (resourceArn, keys) =>
      call('UntagResource', resourceArn, async () => done(await client.send(new UntagResourceCommand({resourceArn, tagKeys: [...keys]})))),

    countImages: (name, limit) => call('DescribeImages', name, () => countImages(client, named(name), limit)),
  };
}

async function countImages(
  client: ECRPUBLICClient,
  repository: {readonly registryId?: string; readonly repositoryName: string},
  limit: number,
): Promise<number> {
  let images = 0;
  let nextToken: string | undefined;
  do {
    const command = new DescribeImagesCommand({...repository, maxResults: mostOfPage, ...(nextToken !== undefined && {nextToken})});
    const page: DescribeImagesCommandOutput = await client.send(command);
    images += page.imageDetails?.length ?? 0;
    nextToken = page.nextToken || undefined;
  } while (nextToken !== undefined && images < limit);
  return Math.min(images, limit);
}
