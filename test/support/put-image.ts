import {type ECRClient, PutImageCommand} from '@aws-sdk/client-ecr';

/** Puts an image that is nothing but a manifest, and of no other's digest. The digest. */
export async function putImage(ecr: ECRClient, repositoryName: string, imageTag: string): Promise<string> {
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {mediaType: 'application/vnd.oci.image.config.v1+json', size: 20, digest: `sha256:${'0'.repeat(64)}`},
    layers: [{mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', size: 100, digest: `sha256:${'1'.repeat(64)}`}],
    annotations: {tag: `${repositoryName}:${imageTag}`},
  });
  const {image} = await ecr.send(new PutImageCommand({repositoryName, imageTag, imageManifest}));
  return image?.imageId?.imageDigest ?? '';
}
