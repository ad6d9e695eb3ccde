import type {Context} from './context.ts';
import type {EfsVolume, S3FilesVolume} from './ecs-volumes.ts';
import {at} from './field-path.ts';
import {staticVolume} from './static-volume.ts';

type Json = Readonly<Record<string, unknown>>;

/** The Amazon EFS CSI driver, which mounts S3 Files too since its version 3. */
const driver = 'efs.csi.aws.com';

/**
 * An EFS file system that exists. ECS's defaults: its root directory, and no encryption on the way (the driver's own default
 * is to encrypt).
 */
export function efsVolume(name: string, config: EfsVolume, path: string, context: Context): Json {
  const {fileSystemId, transitEncryption = 'DISABLED', transitEncryptionPort, authorizationConfig} = config;
  const {accessPointId, iam = 'DISABLED'} = authorizationConfig ?? {};
  const refuse = refusal(context);
  if (!isId(fileSystemId, 'fs')) refuse(at(path, 'fileSystemId'), 'InvalidFileSystemId', 'It must be fs- and 8 to 40 hexadecimal digits.');
  if (accessPointId !== undefined && !isId(accessPointId, 'fsap')) {
    refuse(at(path, 'authorizationConfig', 'accessPointId'), 'InvalidAccessPointId', 'It must be fsap- and 8 to 40 hexadecimal digits.');
  }
  if (transitEncryption === 'DISABLED' && (accessPointId !== undefined || iam === 'ENABLED')) {
    const message = 'An access point and IAM authorization need transitEncryption ENABLED.';
    refuse(at(path, 'transitEncryption'), 'TransitEncryptionNeeded', message);
  }
  if (transitEncryptionPort !== undefined) reportPort(path, context);
  if (iam === 'ENABLED') {
    const message =
      'The file system is mounted with the role of the EFS CSI driver, not with the task role; allow that role elasticfilesystem:ClientMount and ClientWrite.';
    context.report({path: at(path, 'authorizationConfig', 'iam'), level: 'approximated', reason: 'EfsIamUsesDriverRole', message});
  }
  const handle = handleOf(fileSystemId, config.rootDirectory, accessPointId, path, context);
  return staticVolume(
    name,
    {
      source: {csi: {driver, volumeHandle: handle, volumeAttributes: {encryptInTransit: String(transitEncryption === 'ENABLED')}}},
      mountOptions: iam === 'ENABLED' ? ['iam'] : [],
    },
    context,
  );
}

/** An S3 file system that exists, of which the ARNs hold the ids. It is always encrypted on the way. */
export function s3FilesVolume(name: string, config: S3FilesVolume, path: string, context: Context): Json {
  const {fileSystemArn, accessPointArn, transitEncryptionPort} = config;
  const refuse = refusal(context);
  const fileSystemId = /file-system\/(fs-[0-9a-f]{8,40})(?:\/|$)/.exec(fileSystemArn)?.[1];
  const accessPointId = accessPointArn === undefined ? undefined : /access-point\/(fsap-[0-9a-f]{8,40})$/.exec(accessPointArn)?.[1];
  if (fileSystemId === undefined) {
    refuse(at(path, 'fileSystemArn'), 'InvalidFileSystemId', 'It must be the ARN of an S3 file system, which ends with file-system/fs-….');
  }
  if (accessPointArn !== undefined && accessPointId === undefined) {
    refuse(
      at(path, 'accessPointArn'),
      'InvalidAccessPointId',
      'It must be the ARN of an access point, which ends with access-point/fsap-….',
    );
  }
  if (transitEncryptionPort !== undefined) reportPort(path, context);
  const message =
    'Needs version 3 or newer of the EFS CSI driver. It mounts the file system with its own role, not with the task role; give that one the permissions.';
  context.report({path, level: 'approximated', reason: 'S3FilesUsesDriverRole', message});
  const handle = handleOf(fileSystemId ?? '', config.rootDirectory, accessPointId, path, context);
  return staticVolume(name, {source: {csi: {driver, volumeHandle: `s3files:${handle}`}}}, context);
}

/** The driver's form: `fs-1`, `fs-1:/directory` or `fs-1::fsap-1`. */
function handleOf(fileSystem: string, directory = '/', accessPoint: string | undefined, path: string, context: Context): string {
  const refuse = refusal(context);
  const where = at(path, 'rootDirectory');
  if (!directory.startsWith('/') || /:|(^|\/)\.\.(\/|$)/.test(directory)) {
    refuse(where, 'InvalidRootDirectory', 'It must be an absolute path without ":" and "..".');
  }
  if (accessPoint !== undefined) {
    if (directory !== '/')
      refuse(where, 'InvalidRootDirectory', 'With an access point it must be left out or "/"; the access point has its own.');
    return `${fileSystem}::${accessPoint}`;
  }
  return directory === '/' ? fileSystem : `${fileSystem}:${directory}`;
}

function reportPort(path: string, {report}: Context): void {
  const message = 'The driver takes a free port of the node for its end of the tunnel.';
  report({path: at(path, 'transitEncryptionPort'), level: 'ignored', reason: 'TransitEncryptionPortIgnored', message});
}

function refusal({report}: Context): (path: string, reason: string, message: string) => void {
  return (path, reason, message) => report({path, level: 'refused', reason, message});
}

function isId(text: string, prefix: string): boolean {
  return new RegExp(`^${prefix}-[0-9a-f]{8,40}$`).test(text);
}
