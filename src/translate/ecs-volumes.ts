import * as z from 'zod';

const id = z.string().min(1).max(512);
const path = z.string().max(4096);
const switched = z.enum(['ENABLED', 'DISABLED']);
const tags = z.array(z.looseObject({key: z.string().max(128), value: z.string().max(256).optional()})).max(50);

export const EfsVolume = z.looseObject({
  fileSystemId: id,
  rootDirectory: path.optional(),
  transitEncryption: switched.optional(),
  transitEncryptionPort: z.int().min(0).max(65535).optional(),
  authorizationConfig: z.looseObject({accessPointId: id.optional(), iam: switched.optional()}).optional(),
});

export const S3FilesVolume = z.looseObject({
  fileSystemArn: id,
  rootDirectory: path.optional(),
  transitEncryptionPort: z.int().min(0).max(65535).optional(),
  accessPointArn: id.optional(),
});

export const DockerVolume = z.looseObject({
  scope: z.enum(['task', 'shared']).optional(),
  autoprovision: z.boolean().optional(),
  driver: z.string().max(255).optional(),
  driverOpts: z.record(z.string().max(255), z.string().max(4096)).optional(),
});

/** An EBS volume as CreateService (and RunTask, with `terminationPolicy`) describes it. */
export const ManagedEbsVolume = z.looseObject({
  encrypted: z.boolean().optional(),
  kmsKeyId: z.string().max(2048).optional(),
  volumeType: z.enum(['gp2', 'gp3', 'io1', 'io2', 'st1', 'sc1', 'standard']).optional(),
  sizeInGiB: z.int().min(1).max(65_536).optional(),
  snapshotId: z.string().max(255).optional(),
  volumeInitializationRate: z.int().min(100).max(300).optional(),
  iops: z.int().min(100).max(256_000).optional(),
  throughput: z.int().min(125).max(2000).optional(),
  tagSpecifications: z
    .array(
      z.looseObject({
        resourceType: z.literal('volume'),
        tags: tags.optional(),
        propagateTags: z.enum(['TASK_DEFINITION', 'SERVICE', 'NONE']).optional(),
      }),
    )
    .max(10)
    .optional(),
  filesystemType: z.enum(['ext3', 'ext4', 'xfs', 'ntfs']).optional(),
  terminationPolicy: z.looseObject({deleteOnTermination: z.boolean()}).optional(),
});

export const VolumeConfiguration = z.looseObject({name: z.string().max(255), managedEBSVolume: ManagedEbsVolume.optional()});

export type EfsVolume = z.infer<typeof EfsVolume>;
export type S3FilesVolume = z.infer<typeof S3FilesVolume>;
export type DockerVolume = z.infer<typeof DockerVolume>;
export type ManagedEbsVolume = z.infer<typeof ManagedEbsVolume>;
export type VolumeConfiguration = z.infer<typeof VolumeConfiguration>;
