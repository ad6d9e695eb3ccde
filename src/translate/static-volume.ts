import {besideMetadata, besideName, clusterWideMetadata} from './beside.ts';
import type {Context} from './context.ts';
import {canonical, fingerprint} from './fingerprint.ts';

type Json = Readonly<Record<string, unknown>>;

export interface StaticSource {
  /** `csi` or `nfs` of a PersistentVolume. */
  readonly source: Json;
  readonly mountOptions?: readonly string[];
}

/** Both sides must name a size. File systems that grow by themselves have none, and nobody looks at it. */
const anySize = '1Gi';

/**
 * A file system that exists, as a PersistentVolume and the claim that takes it; what stands in the pod is returned. What a
 * PersistentVolume is made of can never be changed, so its name and the claim's follow from it.
 */
export function staticVolume(volume: string, {source, mountOptions = []}: StaticSource, context: Context): Json {
  const {namespace} = context.settings;
  const version = fingerprint(canonical({source, mountOptions}));
  const claim = besideName(context, volume, version);
  const {name, labels} = clusterWideMetadata(`${volume}/${version}`, context);
  const accessModes = ['ReadWriteMany'];
  context.add({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {name, ...(labels === undefined ? {} : {labels})},
    spec: {
      capacity: {storage: anySize},
      accessModes,
      persistentVolumeReclaimPolicy: 'Retain',
      // So that no other claim takes it.
      ...(namespace === undefined ? {} : {claimRef: {apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim}}),
      ...(mountOptions.length === 0 ? {} : {mountOptions: [...mountOptions]}),
      ...source,
    },
  });
  context.add({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: besideMetadata(claim, context),
    spec: {accessModes, storageClassName: '', volumeName: name, resources: {requests: {storage: anySize}}},
  });
  return {persistentVolumeClaim: {claimName: claim}};
}
