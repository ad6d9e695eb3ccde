/** An image as ECR describes it; the fields that this operator reads. */
export interface EcrImage {
  readonly imageDigest: string;
  readonly imageTags: readonly string[];
  /** Compressed, in bytes. Of an index (manifest list) the size of its largest image. */
  readonly imageSizeInBytes: number;
  readonly imagePushedAt?: string;
  /** ACTIVE, ARCHIVED or ACTIVATING. */
  readonly imageStatus: string;
  readonly imageManifestMediaType?: string;
  /** The image that this one is about: a signature, an attestation, a list of contents. */
  readonly subjectManifestDigest?: string;
}

export interface EcrImagePage {
  readonly images: readonly EcrImage[];
  readonly nextToken?: string;
}

/** What ECR's scan, or Amazon Inspector's, says of an image: only the counts. */
export interface EcrScan {
  /** As ECR names it: COMPLETE, ACTIVE, UNSUPPORTED_IMAGE, … Absent where ECR does not say. */
  readonly status?: string;
  readonly findingSeverityCounts: Readonly<Record<string, number>>;
}

/** What is in a repository, and what ECR knows of it. What is absent is `undefined`; every other failure is an Interruption. */
export interface EcrImages {
  /** Up to a thousand images of ANY status, in ECR's order. `undefined` where there is no such repository. */
  describeImages(name: string, nextToken?: string): Promise<EcrImagePage | undefined>;
  /** What a tag stands for now; of an index, the digest of the index. `undefined` where there is no such image. */
  digestOf(name: string, imageTag: string): Promise<string | undefined>;
  /** `undefined` where the image is gone, or was never scanned. */
  scanOf(name: string, imageDigest: string): Promise<EcrScan | undefined>;
}
