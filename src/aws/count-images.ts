import {type ECRClient, ListImagesCommand, type ListImagesCommandOutput} from '@aws-sdk/client-ecr';

/** ECR's largest page. */
const mostInPage = 1000;

/**
 * How many images a repository holds, counted up to `limit`: by digest, since an image is listed once for each of its tags.
 * Images of ANY status are counted, as ECR's own default leaves archived ones out.
 */
export async function countImages(
  client: ECRClient,
  repository: {readonly registryId?: string; readonly repositoryName: string},
  limit: number,
): Promise<number> {
  const digests = new Set<string>();
  let nextToken: string | undefined;
  let isFilterKnown = true;
  do {
    const page: ListImagesCommandOutput | undefined = await listPage(client, repository, nextToken, isFilterKnown);
    if (page === undefined) {
      isFilterKnown = false;
      continue;
    }
    for (const {imageDigest = ''} of page.imageIds ?? []) digests.add(imageDigest);
    nextToken = page.nextToken;
    if (!nextToken) break;
  } while (digests.size < limit);
  return Math.min(digests.size, limit);
}

/** `undefined` where the filter is refused: stand-ins for AWS that are older than image archiving do not know it. */
async function listPage(
  client: ECRClient,
  repository: {readonly registryId?: string; readonly repositoryName: string},
  nextToken: string | undefined,
  isFilterKnown: boolean,
): Promise<ListImagesCommandOutput | undefined> {
  const filter = isFilterKnown ? {filter: {imageStatus: 'ANY' as const}} : {};
  try {
    return await client.send(
      new ListImagesCommand({...repository, maxResults: mostInPage, ...filter, ...(nextToken !== undefined && {nextToken})}),
    );
  } catch (error) {
    const isRefused = error instanceof Error && (error.name === 'InvalidParameterException' || error.name === 'ValidationException');
    if (isFilterKnown && isRefused && nextToken === undefined) return undefined;
    throw error;
  }
}
