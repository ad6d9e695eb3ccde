import {deployments, serviceAccounts} from './types.ts';
import type {ResourceType} from './resource-type.ts';

function namespaced(apiVersion: string, kind: string, plural: string): ResourceType {
  return {apiVersion, kind, plural, namespaced: true};
}

// What a service may be made of. Those of the first list every cluster has; the kinds of the second come with a CRD.
export const daemonSets = namespaced('apps/v1', 'DaemonSet', 'daemonsets');
export const coreServices = namespaced('v1', 'Service', 'services');
export const configMaps = namespaced('v1', 'ConfigMap', 'configmaps');
export const persistentVolumeClaims = namespaced('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims');
export const networkPolicies = namespaced('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies');

export const externalSecrets = namespaced('external-secrets.io/v1', 'ExternalSecret', 'externalsecrets');
export const targetGroupBindings = namespaced('elbv2.k8s.aws/v1beta1', 'TargetGroupBinding', 'targetgroupbindings');
export const podIdentityAssociations = namespaced('eks.services.k8s.aws/v1alpha1', 'PodIdentityAssociation', 'podidentityassociations');
export const volumeSnapshots = namespaced('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', 'volumesnapshots');
export const securityGroupPolicies = namespaced('vpcresources.k8s.aws/v1beta1', 'SecurityGroupPolicy', 'securitygrouppolicies');

export const persistentVolumes: ResourceType = {apiVersion: 'v1', kind: 'PersistentVolume', plural: 'persistentvolumes', namespaced: false};
export const storageClasses: ResourceType = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  namespaced: false,
};

export const volumeSnapshotContents: ResourceType = {
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshotContent',
  plural: 'volumesnapshotcontents',
  namespaced: false,
};

/** In every cluster, in the namespace of the service. */
export const coreTypes = [
  deployments,
  daemonSets,
  coreServices,
  serviceAccounts,
  configMaps,
  persistentVolumeClaims,
  networkPolicies,
] as const;

/** In the clusters that have their CRDs. */
export const optionalTypes = [
  externalSecrets,
  podIdentityAssociations,
  targetGroupBindings,
  securityGroupPolicies,
  volumeSnapshots,
] as const;

/** In no namespace, so that nothing in one can own them. */
export const clusterTypes = [persistentVolumes, storageClasses, volumeSnapshotContents] as const;
