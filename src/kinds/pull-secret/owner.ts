import {hash} from 'node:crypto';
import type {KubeObject, OwnerReference, Resource} from '../../schema/object.ts';
import {clusterPullSecrets, pullSecrets} from '../../schema/types.ts';

/** A PullSecret or ClusterPullSecret, as its Secrets and ServiceAccounts know it. */
export interface Owner {
  readonly kind: 'PullSecret' | 'ClusterPullSecret';
  readonly name: string;
  readonly uid: string;
}

/** On Secrets: which ClusterPullSecret, or which PullSecret of the same namespace, keeps them. */
export const ownerLabels = {
  ClusterPullSecret: 'ecr.drayage.dev/cluster-pull-secret',
  PullSecret: 'ecr.drayage.dev/pull-secret',
} as const;

const types = {ClusterPullSecret: clusterPullSecrets, PullSecret: pullSecrets} as const;

export function ownerOf({kind, metadata}: KubeObject | Resource): Owner {
  return {kind: kind === 'PullSecret' ? kind : 'ClusterPullSecret', name: metadata.name, uid: metadata.uid ?? ''};
}

/** A label's value has 63 characters at most, an object's name up to 253. */
export function ownerLabelValue(name: string): string {
  if (name.length <= 63) return name;
  return `${name.slice(0, 50)}-${hash('sha256', name).slice(0, 12)}`;
}

/** Two objects that want the same Secret must conflict in server-side apply, not take it from each other. */
export function fieldManagerOf({kind, name}: Owner): string {
  return `drayage-${kind === 'PullSecret' ? 'pullsecret-' : ''}${ownerLabelValue(name)}`;
}

/** What a ServiceAccount's annotation says for the owner. */
export function claimantOf({kind, name}: Owner): string {
  return kind === 'PullSecret' ? `pullsecret/${name}` : name;
}

export function ownerReferenceOf({kind, name, uid}: Owner): OwnerReference {
  const {apiVersion} = types[kind];
  return {apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: false};
}

/**
 * The uid that the object's reference to an owner of this kind and name carries. Only what has one may be deleted: copies
 * that other tools make of a secret have its labels too, but no owner.
 */
export function ownerUidIn(owner: Owner, object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find(({kind, name, apiVersion}) => {
    return kind === owner.kind && name === owner.name && apiVersion.startsWith('ecr.drayage.dev/');
  })?.uid;
}

/**
 * Whether the owner keeps the object, so that it may be brought in line: its label says so, or, where somebody took the labels
 * off, its owner reference.
 */
export function isKeptBy(owner: Owner, object: KubeObject): boolean {
  if (ownerUidIn(owner, object) === owner.uid) return true;
  return object.metadata.labels?.[ownerLabels[owner.kind]] === ownerLabelValue(owner.name);
}

/** Whether another object of this operator keeps it. */
export function isKeptByAnother(owner: Owner, object: KubeObject): boolean {
  const {labels = {}} = object.metadata;
  return !isKeptBy(owner, object) && Object.values(ownerLabels).some((label) => labels[label] !== undefined);
}
