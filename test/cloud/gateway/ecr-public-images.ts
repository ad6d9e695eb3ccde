import {errorAnswer, jsonAnswer} from './answers.ts';
import type {AwsError} from './answers.ts';
import {ofRepository} from './ecr-public-of-repository.ts';
import {notFound, type PublicImage, type PublicRepository, publicRepositories} from './ecr-public-store.ts';
import type {Handler, Handlers} from './handler.ts';
import {digestOf} from './images.ts';
import {parseObject, textOf} from './message.ts';
import type {Json} from './message.ts';
import {pageOf} from './pages.ts';

interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

/** Layers are not looked for: this stand-in has no uploads for ECR Public. A tag that moves leaves its image untagged. */
const putImage: Handler = ofRepository((accountId, repository, input) => {
  const manifest = textOf(input['imageManifest']);
  const digest = digestOf(manifest);
  const [tag, asked] = [input['imageTag'] as string | undefined, input['imageDigest'] as string | undefined];
  if (asked !== undefined && asked !== digest) {
    return {error: {type: 'ImageDigestDoesNotMatchException', message: `The digest of the manifest is '${digest}' and not '${asked}'`}};
  }
  const held = repository.images.find((image) => image.digest === digest);
  if (held && (tag === undefined || held.tags.includes(tag))) {
    const message = `Image with digest '${digest}' already exists in the repository with name '${repository.name}' in registry with id '${accountId}'`;
    return {error: {type: 'ImageAlreadyExistsException', message}};
  }
  for (const image of repository.images) image.tags = image.tags.filter((one) => one !== tag);
  const mediaType = textOf(input['imageManifestMediaType'] ?? parseObject(manifest)?.['mediaType']);
  const image: PublicImage = held ?? {digest, manifest, mediaType, pushedAt: Date.now() / 1000, tags: []};
  if (tag !== undefined) image.tags = [...image.tags, tag];
  if (!held) repository.images = [...repository.images, image];
  const imageId = {imageDigest: digest, ...(tag !== undefined && {imageTag: tag})};
  const told = {
    registryId: accountId,
    repositoryName: repository.name,
    imageId,
    imageManifest: manifest,
    imageManifestMediaType: mediaType,
  };
  return {value: {image: told}};
});

const describeImages: Handler = async ({config}, call, input) => {
  const repository = publicRepositories.get(textOf(input['repositoryName']));
  if (!repository) return errorAnswer(call, notFound(config.accountId, textOf(input['repositoryName'])));
  const ids = input['imageIds'] as readonly ImageId[] | undefined;
  const missing = ids?.find((id) => !findImage(repository, id));
  if (missing) return errorAnswer(call, noImage(config.accountId, repository.name, missing));
  const chosen = ids ? [...new Set(ids.map((id) => findImage(repository, id)))] : repository.images;
  const imageDetails = chosen.flatMap((image) => (image ? [detailOf(config.accountId, repository.name, image)] : []));
  const {value, error} = pageOf(call.operation, input, {imageDetails});
  return error ? errorAnswer(call, error) : jsonAnswer(value);
};

const batchDeleteImage: Handler = ofRepository((_, repository, input) => {
  const [imageIds, failures]: [Json[], Json[]] = [[], []];
  for (const id of input['imageIds'] as readonly ImageId[]) {
    const image = findImage(repository, id);
    if (id.imageDigest === undefined && id.imageTag === undefined) failures.push({imageId: id, ...missingBoth});
    else if (!image) failures.push({imageId: id, failureCode: 'ImageNotFound', failureReason: 'Requested image not found'});
    else imageIds.push(...removed(repository, image, id));
  }
  return {value: {imageIds, failures}};
});

const missingBoth = {failureCode: 'MissingDigestAndTag', failureReason: 'Invalid request parameters: both tag and digest cannot be null'};

export const publicImageHandlers: Handlers = {
  PutImage: putImage,
  DescribeImages: describeImages,
  BatchDeleteImage: batchDeleteImage,
};

/** By digest the image goes with all its tags; by tag, the image goes with its last. */
function removed(repository: PublicRepository, image: PublicImage, {imageDigest, imageTag}: ImageId): readonly Json[] {
  const tags = imageDigest === undefined ? image.tags.filter((tag) => tag === imageTag) : image.tags;
  image.tags = image.tags.filter((tag) => !tags.includes(tag));
  if (image.tags.length === 0) repository.images = repository.images.filter((one) => one !== image);
  if (tags.length === 0) return [{imageDigest: image.digest}];
  return tags.map((tag) => ({imageDigest: image.digest, imageTag: tag}));
}

function findImage({images}: PublicRepository, {imageDigest, imageTag}: ImageId): PublicImage | undefined {
  if (imageDigest === undefined && imageTag === undefined) return undefined;
  return images.find(
    ({digest, tags}) => (imageDigest === undefined || digest === imageDigest) && (imageTag === undefined || tags.includes(imageTag)),
  );
}

function detailOf(registryId: string, repositoryName: string, {digest, tags, pushedAt, mediaType}: PublicImage): Json {
  return {
    registryId,
    repositoryName,
    imageDigest: digest,
    ...(tags.length > 0 && {imageTags: tags}),
    imagePushedAt: pushedAt,
    imageManifestMediaType: mediaType,
  };
}

function noImage(accountId: string, name: string, id: ImageId): AwsError {
  const which = `imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'`;
  const message = `The image with imageId {${which}} does not exist within the repository with name '${name}' in the registry with id '${accountId}'`;
  return {type: 'ImageNotFoundException', message};
}
