import type {ManagedEbsVolume} from './ecs-volumes.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

/** GiB for each type. Without a type it is gp3. */
const sizes = {
  gp2: [1, 16_384],
  gp3: [1, 65_536],
  io1: [4, 16_384],
  io2: [4, 65_536],
  st1: [125, 16_384],
  sc1: [125, 16_384],
  standard: [1, 1024],
} as const;

/** What ECS refuses in the description of an EBS volume. */
export function checkEbs(volume: ManagedEbsVolume, path: string, report: Report): void {
  const refuse = (field: string, message: string): void =>
    report({path: at(path, field), level: 'refused', reason: 'InvalidEbsVolume', message});
  const {volumeType = 'gp3', sizeInGiB, snapshotId, iops, throughput, volumeInitializationRate, kmsKeyId, encrypted} = volume;
  const [least, most] = sizes[volumeType];
  if (sizeInGiB !== undefined && (sizeInGiB < least || sizeInGiB > most)) {
    refuse('sizeInGiB', `A ${volumeType} volume has ${least} to ${most} GiB.`);
  }
  if (sizeInGiB === undefined) {
    const message = 'Write it, also with a snapshot (at least the size of that): Kubernetes asks for a size.';
    refuse('sizeInGiB', snapshotId === undefined ? 'Write it.' : message);
  }
  if ((volumeType === 'io1' || volumeType === 'io2') && iops === undefined) refuse('iops', `A ${volumeType} volume needs it.`);
  if (iops !== undefined && !['gp3', 'io1', 'io2'].includes(volumeType))
    refuse('iops', `A ${volumeType} volume takes no iops; remove it, or choose gp3, io1 or io2.`);
  if (throughput !== undefined && volumeType !== 'gp3') refuse('throughput', `Only gp3 takes it, not ${volumeType}.`);
  if (volumeInitializationRate !== undefined && snapshotId === undefined) refuse('volumeInitializationRate', 'It needs a snapshotId.');
  if (kmsKeyId !== undefined && encrypted !== true) refuse('kmsKeyId', 'It needs encrypted: true.');
}
