import {besideMetadata, besideName, clusterWideMetadata} from './beside.ts';
import type {Context} from './context.ts';
import {ebsDriver} from './ebs-driver.ts';
import {at} from './field-path.ts';
import {fingerprint} from './fingerprint.ts';

type Json = Readonly<Record<string, unknown>>;

const apiGroup = 'snapshot.storage.k8s.io';

/** A snapshot that exists in AWS, as what a claim is filled from. Its kinds are not Kubernetes's own, so the Cluster must say that they are there. */
export function snapshotOf(volume: string, snapshotId: string | undefined, path: string, context: Context): Json | undefined {
  if (snapshotId === undefined) return undefined;
  if (context.cluster.ebs?.snapshots !== 'VolumeSnapshot') {
    const message =
      'A volume from a snapshot needs the snapshot controller of Kubernetes: install it and say so in the Cluster (ebs.snapshots: VolumeSnapshot), or remove the field to start with an empty volume.';
    context.report({path: at(path, 'snapshotId'), level: 'refused', reason: 'SnapshotsUnavailable', message});
    return undefined;
  }
  const driver = ebsDriver(context);
  // None of it can ever be changed.
  const version = fingerprint(`${driver} ${snapshotId}`);
  const name = besideName(context, volume, version);
  const content = clusterWideMetadata(`${volume}/${version}`, context);
  context.add({
    apiVersion: `${apiGroup}/v1`,
    kind: 'VolumeSnapshotContent',
    metadata: content,
    spec: {
      // The snapshot is the user's and stays.
      deletionPolicy: 'Retain',
      driver,
      source: {snapshotHandle: snapshotId},
      volumeSnapshotRef: {name, namespace: context.settings.namespace ?? 'default'},
    },
  });
  context.add({
    apiVersion: `${apiGroup}/v1`,
    kind: 'VolumeSnapshot',
    metadata: besideMetadata(name, context),
    spec: {source: {volumeSnapshotContentName: content.name}},
  });
  return {apiGroup, kind: 'VolumeSnapshot', name};
}
