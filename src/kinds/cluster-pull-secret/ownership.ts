import {createHash} from 'node:crypto';
import {managedBy, managedByLabel} from '../../schema/labels.ts';
import type {KubeObject, OwnerReference} from '../../schema/object.ts';
import {clusterPullSecrets} from '../../schema/types.ts';
import type {Entry} from './schedule.ts';

/** On our Secrets: which ClusterPullSecret keeps them. */
export const ownerLabel = 'ecr.drayage.dev/cluster-pull-secret';
/** When the first of the secret's tokens expires. */
export const expiresAtAnnotation = 'ecr.drayage.dev/expires-at';
/** What the secret holds: a JSON list of Entry. */
export const registriesAnnotation = 'ecr.drayage.dev/registries';
/** Of contents and registries as written, so that a change by another hand shows. It tells nothing of the token. */
export const fingerprintAnnotation = 'ecr.drayage.dev/fingerprint';

/** The ClusterPullSecret, as its Secrets and ServiceAccounts know it. */
export interface Owner {
  readonly name: string;
  readonly uid: string;
}

/** A label's value has 63 characters at most, an object's name up to 253. */
export function ownerLabelValue(name: string): string {
  if (name.length <= 63) return name;
  return `${name.slice(0, 50)}-${sha256(name).slice(0, 12)}`;
}

/** Two ClusterPullSecrets that want the same Secret must conflict in server-side apply, not take it from each other. */
export function fieldManagerOf(owner: Owner): string {
  return `drayage-${ownerLabelValue(owner.name)}`;
}

export function ownerReferenceOf(owner: Owner): OwnerReference {
  const {apiVersion, kind} = clusterPullSecrets;
  return {apiVersion, kind, name: owner.name, uid: owner.uid, controller: true, blockOwnerDeletion: false};
}

/**
 * Whether this ClusterPullSecret keeps the object, so that it may be brought in line: its labels say so, or, where somebody
 * took the labels off, its owner reference.
 */
export function isKeptBy(owner: Owner, object: KubeObject): boolean {
  const {labels} = object.metadata;
  if (ownerUidIn(owner, object) === owner.uid) return true;
  return labels?.[managedByLabel] === managedBy && labels[ownerLabel] === ownerLabelValue(owner.name);
}

/**
 * The uid that the object's reference to a ClusterPullSecret of this name carries. Only what has one may be deleted: copies
 * that other tools make of a secret have its labels too, but no owner.
 */
export function ownerUidIn(owner: Owner, object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find(({kind, name, apiVersion}) => {
    return kind === clusterPullSecrets.kind && name === owner.name && apiVersion.startsWith('ecr.drayage.dev/');
  })?.uid;
}

/** `contentDigest` is the SHA-256 of the .dockerconfigjson. */
export function fingerprintOf(contentDigest: string, registries: string): string {
  return sha256(`${contentDigest}\n${registries}`).slice(0, 32);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The entries that an annotation lists; none where it is absent or not as we write it. */
export function entriesIn(registries: string | undefined): readonly Entry[] {
  if (registries === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(registries);
    return Array.isArray(parsed) && parsed.every((item) => isEntry(item)) ? parsed : [];
  } catch {
    return [];
  }
}

function isEntry(item: unknown): item is Entry {
  if (typeof item !== 'object' || item === null) return false;
  const {registry, host, expiresAt, refreshedAt} = item as Record<string, unknown>;
  return typeof registry === 'string' && typeof host === 'string' && isTime(expiresAt) && isTime(refreshedAt);
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
