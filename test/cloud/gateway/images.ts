import {createHash} from 'node:crypto';
import type {AwsError} from './answers.ts';
import {parseObject} from './message.ts';
import type {Json} from './message.ts';
import type {Moto, Outcome} from './moto.ts';
import {storageClasses} from './storage-classes.ts';
import type {StorageClasses} from './storage-classes.ts';
import {exchange} from './upstream.ts';

export interface NewImage {
  readonly repositoryName: string;
  readonly manifest: string;
  readonly mediaType?: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Images as ECR keeps them: moto holds the records, the registry the bytes. */
export interface Images {
  /** PutImage. A tag that moves leaves its old image behind untagged, as in ECR. */
  put(region: string, image: NewImage): Promise<Outcome>;
  /** Why this manifest may not be put under this tag, if so. */
  refusal(region: string, image: NewImage): Promise<AwsError | undefined>;
  /** The repository, or the error that it does not exist. */
  repository(region: string, repositoryName: string): Promise<Outcome>;
  /** Digests of all images of a repository; none where it does not exist. */
  digests(region: string, repositoryName: string): Promise<readonly string[]>;
  /** Takes manifests (`sha256:…`) or tags out of the registry. What is not there is fine. */
  removeFromRegistry(repositoryName: string, references: readonly string[]): Promise<void>;
  /** What ECR tells of an image that moto does not know. */
  factsOf(digest: string): Json;
  readonly storage: StorageClasses;
}

export function imagesOf(moto: Moto, registry: URL, accountId: string): Images {
  const facts = new Map<string, Json>();
  const storage = storageClasses();
  const busy = new Map<string, Promise<unknown>>();

  async function repository(region: string, repositoryName: string): Promise<Outcome> {
    const described = await moto.ask(region, 'DescribeRepositories', {repositoryNames: [repositoryName]});
    if (described.error) return described;
    const [found] = described.value['repositories'] as readonly Json[];
    return {value: found ?? {}};
  }

  async function refusal(region: string, image: NewImage): Promise<AwsError | undefined> {
    const {repositoryName, tag, manifest} = image;
    const digest = digestOf(manifest);
    if (image.digest !== undefined && image.digest !== digest) {
      return {type: 'ImageDigestDoesNotMatchException', message: `The digest of the manifest is '${digest}' and not '${image.digest}'`};
    }
    const held = await heldDigest(region, repositoryName, tag === undefined ? {imageDigest: digest} : {imageTag: tag});
    if (held === undefined) return undefined;
    if (held === digest) {
      const tagged = tag === undefined ? '' : ` and tag '${tag}'`;
      const where = `in the repository with name '${repositoryName}' in registry with id '${accountId}'`;
      return {type: 'ImageAlreadyExistsException', message: `Image with digest '${digest}'${tagged} already exists ${where}`};
    }
    const found = await repository(region, repositoryName);
    if (found.error || tag === undefined || !isImmutable(found.value, tag)) return found.error;
    const message = `The image tag '${tag}' already exists in the '${repositoryName}' repository and cannot be overwritten because the tag is immutable.`;
    return {type: 'ImageTagAlreadyExistsException', message};
  }

  async function heldDigest(region: string, repositoryName: string, imageId: Json): Promise<string | undefined> {
    const described = await moto.ask(region, 'DescribeImages', {repositoryName, imageIds: [imageId]});
    const [detail] = (described.value?.['imageDetails'] ?? []) as readonly Json[];
    return detail?.['imageDigest'] as string | undefined;
  }

  async function putNow(region: string, image: NewImage): Promise<Outcome> {
    const found = await repository(region, image.repositoryName);
    if (found.error) return found;
    const refused = await refusal(region, image);
    if (refused) return {error: refused};
    if (image.tag !== undefined) await freeTag(region, image.repositoryName, image.tag);
    const digest = digestOf(image.manifest);
    facts.set(digest, factsIn(image.manifest));
    return record(region, image.repositoryName, {...image, digest});
  }

  function record(region: string, repositoryName: string, image: NewImage): Promise<Outcome> {
    return moto.ask(region, 'PutImage', {
      repositoryName,
      imageManifest: image.manifest,
      imageDigest: image.digest,
      ...(image.mediaType !== undefined && {imageManifestMediaType: image.mediaType}),
      ...(image.tag !== undefined && {imageTag: image.tag}),
    });
  }

  // Moto deletes an image that loses its only tag, where ECR keeps it untagged: it is put back.
  async function freeTag(region: string, repositoryName: string, tag: string): Promise<void> {
    const got = await moto.ask(region, 'BatchGetImage', {repositoryName, imageIds: [{imageTag: tag}]});
    const [old] = (got.value?.['images'] ?? []) as readonly Json[];
    if (!old) return;
    await moto.ask(region, 'BatchDeleteImage', {repositoryName, imageIds: [{imageTag: tag}]});
    const digest = (old['imageId'] as Json)['imageDigest'] as string;
    if ((await heldDigest(region, repositoryName, {imageDigest: digest})) !== undefined) return;
    const mediaType = old['imageManifestMediaType'] as string | undefined;
    const manifest = old['imageManifest'] as string;
    await record(region, repositoryName, {repositoryName, manifest, digest, ...(mediaType !== undefined && {mediaType})});
  }

  return {
    repository,
    refusal,
    storage,
    put(region, image) {
      // One at a time for each repository: a put is several calls of moto.
      const key = `${region}/${image.repositoryName}`;
      const turn = (busy.get(key) ?? Promise.resolve()).then(() => putNow(region, image));
      busy.set(
        key,
        turn.catch(() => {}),
      );
      return turn;
    },
    async digests(region, repositoryName) {
      const listed = await moto.ask(region, 'DescribeImages', {repositoryName});
      return ((listed.value?.['imageDetails'] ?? []) as readonly Json[]).map((detail) => detail['imageDigest'] as string);
    },
    async removeFromRegistry(repositoryName, references) {
      storage.forget(repositoryName, references);
      for (const reference of references) {
        const path = `/v2/${repositoryName}/manifests/${reference}`;
        await exchange(registry, {method: 'DELETE', path, headers: {host: registry.host}}, Buffer.alloc(0));
      }
    },
    factsOf: (digest) => facts.get(digest) ?? {},
  };
}

/** The digest of a manifest, as every registry computes it. */
export function digestOf(manifest: string | Buffer): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

/** Whether the tag may not move, by the repository's mutability and its exclusion filters (`*` is any text). */
export function isImmutable(repository: Json, tag: string): boolean {
  const mutability = String(repository['imageTagMutability']);
  const filters = (repository['imageTagMutabilityExclusionFilters'] ?? []) as readonly {readonly filter: string}[];
  const excluded = filters.some(({filter}) => wildcard(filter).test(tag));
  if (mutability === 'IMMUTABLE') return true;
  if (mutability === 'IMMUTABLE_WITH_EXCLUSION') return !excluded;
  return mutability === 'MUTABLE_WITH_EXCLUSION' && excluded;
}

function wildcard(filter: string): RegExp {
  const parts = filter.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** Size (the layers' and the configuration's) and artifact type, as ECR describes an image. */
function factsIn(manifest: string): Json {
  const {layers, config, artifactType} = (parseObject(manifest) ?? {}) as {
    readonly layers?: readonly {readonly size?: number}[];
    readonly config?: {readonly size?: number; readonly mediaType?: string};
    readonly artifactType?: string;
  };
  const artifactMediaType = artifactType ?? config?.mediaType;
  return {
    ...(layers && {imageSizeInBytes: layers.reduce((sum, {size = 0}) => sum + size, config?.size ?? 0)}),
    ...(artifactMediaType !== undefined && {artifactMediaType}),
  };
}
