import {besideMetadata, clusterWideMetadata} from './beside.ts';
import type {Context} from './context.ts';
import {ebsDriver} from './ebs-driver.ts';
import {checkEbs} from './ebs-rules.ts';
import {snapshotOf} from './ebs-snapshot.ts';
import {tagParameters} from './ebs-tags.ts';
import type {TaskDefinition} from './ecs.ts';
import type {ManagedEbsVolume} from './ecs-volumes.ts';
import {at} from './field-path.ts';
import {canonical, fingerprint} from './fingerprint.ts';
import {memoryQuantity} from './quantity.ts';
import {acknowledge} from './recorder.ts';

type Json = Readonly<Record<string, unknown>>;

/** A volume that is said at launch what it is: one EBS volume for each pod, made with it and deleted with it. */
export function launchVolume(name: string, path: string, task: TaskDefinition, context: Context): Json {
  const {launch, report} = context;
  if (launch === undefined) {
    const message = 'What it is, is said by whoever runs the task (volumeConfigurations); until then it is an empty volume of the node.';
    report({path: at(path, 'configuredAtLaunch'), level: 'approximated', reason: 'VolumeConfiguredAtLaunch', message});
    return {emptyDir: {}};
  }
  const index = launch.volumeConfigurations.findIndex((one) => one.name === name);
  const volume = launch.volumeConfigurations[index]?.managedEBSVolume;
  if (volume === undefined) {
    const message = `It is configured at launch, so ${launch.path} must have a managedEBSVolume called ${name}.`;
    report({path: at(path, 'configuredAtLaunch'), level: 'refused', reason: 'VolumeConfigurationMissing', message});
    return {};
  }
  return {ephemeral: {volumeClaimTemplate: claimOf(name, volume, at(launch.path, index, 'managedEBSVolume'), task, context)}};
}

/** A configuration must be for a volume that asks for one. */
export function checkLaunch(task: TaskDefinition, {launch, report}: Context): void {
  for (const [index, configuration] of (launch?.volumeConfigurations ?? []).entries()) {
    const {name} = configuration;
    if (task.volumes?.some((volume) => volume.name === name && volume.configuredAtLaunch === true) === true) continue;
    const message = `The task definition has no volume ${name} with configuredAtLaunch: true; add it, or name another.`;
    report({path: at(launch?.path ?? '', index, 'name'), level: 'refused', reason: 'UnknownVolume', message});
    acknowledge(configuration);
  }
  if ((task.volumes ?? []).filter(({configuredAtLaunch}) => configuredAtLaunch === true).length > 1) {
    report({path: 'volumes', level: 'refused', reason: 'TooManyLaunchVolumes', message: 'Only one volume may be configured at launch.'});
  }
}

function claimOf(name: string, volume: ManagedEbsVolume, path: string, task: TaskDefinition, context: Context): Json {
  checkEbs(volume, path, context.report);
  const {sizeInGiB = 1} = volume;
  const dataSource = snapshotOf(name, volume.snapshotId, path, context);
  const {labels} = besideMetadata(name, context);
  return {
    metadata: {labels},
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: storageClass(name, volume, path, task, context),
      resources: {requests: {storage: memoryQuantity(sizeInGiB * 1024)}},
      ...(dataSource === undefined ? {} : {dataSource}),
    },
  };
}

/** A class can never be changed, so its name follows from what it says. */
function storageClass(name: string, volume: ManagedEbsVolume, path: string, task: TaskDefinition, context: Context): string {
  const {encrypted, kmsKeyId, volumeType, iops, throughput, volumeInitializationRate, filesystemType = 'xfs'} = volume;
  if (volumeType === undefined) {
    const message = 'Without it the driver makes a gp3 volume.';
    context.report({path, level: 'approximated', reason: 'VolumeTypeDefault', message});
  }
  const isKept = context.form === 'task' && volume.terminationPolicy?.deleteOnTermination === false;
  const parameters = {
    'csi.storage.k8s.io/fstype': filesystemType,
    ...text('type', volumeType),
    ...text('iops', iops),
    ...text('throughput', throughput),
    ...text('encrypted', encrypted),
    ...text('kmsKeyId', kmsKeyId),
    ...text('volumeInitializationRate', volumeInitializationRate),
    ...tagParameters(volume.tagSpecifications ?? [], path, {task: task.tags ?? [], service: context.launch?.tags ?? []}, context.report),
  };
  const manifest = {
    provisioner: ebsDriver(context),
    parameters,
    reclaimPolicy: isKept ? 'Retain' : 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  const metadata = clusterWideMetadata(`${name}/${fingerprint(canonical(manifest))}`, context);
  context.add({apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, ...manifest});
  return metadata.name;
}

function text(key: string, value: string | number | boolean | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : {[key]: String(value)};
}
