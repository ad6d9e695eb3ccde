import {DescribeImageScanFindingsCommand, DescribeImagesCommand, type ECRClient, type ImageDetail} from '@aws-sdk/client-ecr';
import type {Caller} from './caller.ts';
import type {EcrImage, EcrImages} from './ecr-images.ts';
import {absent} from './errors.ts';

/** ECR's largest page. */
const mostInPage = 1000;
const noRepository = 'RepositoryNotFoundException';

export function createEcrImagesDoor(options: {readonly client: ECRClient; readonly call: Caller; readonly registryId?: string}): EcrImages {
  const {client, call, registryId} = options;
  const named = (repositoryName: string) => ({repositoryName, ...(registryId !== undefined && {registryId})});
  return {
    describeImages: (name, nextToken) =>
      call('DescribeImages', name, async () => {
        const command = new DescribeImagesCommand({
          ...named(name),
          maxResults: mostInPage,
          // Left out, archived images would be, too.
          filter: {imageStatus: 'ANY'},
          ...(nextToken !== undefined && {nextToken}),
        });
        const output = await client.send(command).catch(absent(noRepository));
        if (output === undefined) return undefined;
        return {images: (output.imageDetails ?? []).map(imageOf), ...(output.nextToken && {nextToken: output.nextToken})};
      }),

    digestOf: (name, imageTag) =>
      call('DescribeImages', name, async () => {
        const command = new DescribeImagesCommand({...named(name), imageIds: [{imageTag}]});
        const output = await client.send(command).catch(absent('ImageNotFoundException', noRepository));
        return output?.imageDetails?.[0]?.imageDigest;
      }),

    scanOf: (name, imageDigest) =>
      call('DescribeImageScanFindings', name, async () => {
        // One finding, as none cannot be asked for: the counts come with every page, and are of all findings.
        const command = new DescribeImageScanFindingsCommand({...named(name), imageId: {imageDigest}, maxResults: 1});
        const output = await client.send(command).catch(absent('ScanNotFoundException', 'ImageNotFoundException', noRepository));
        if (output === undefined) return undefined;
        const status = output.imageScanStatus?.status;
        const counts = Object.entries(output.imageScanFindings?.findingSeverityCounts ?? {});
        return {...(status !== undefined && {status}), findingSeverityCounts: Object.fromEntries(counts)};
      }),
  };
}

function imageOf(detail: ImageDetail): EcrImage {
  const {imageDigest = '', imageTags = [], imageSizeInBytes = 0, imagePushedAt, imageStatus = 'ACTIVE'} = detail;
  const {imageManifestMediaType, subjectManifestDigest} = detail;
  return {
    imageDigest,
    imageTags,
    imageSizeInBytes,
    imageStatus,
    ...(imagePushedAt && {imagePushedAt: imagePushedAt.toISOString()}),
    ...(imageManifestMediaType !== undefined && {imageManifestMediaType}),
    ...(subjectManifestDigest !== undefined && {subjectManifestDigest}),
  };
}
