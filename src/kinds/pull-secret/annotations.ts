import {hash} from 'node:crypto';
import type {KubeObject} from '../../schema/object.ts';
import type {Entry} from './schedule.ts';

/** When the first of the secret's tokens expires. */
export const expiresAtAnnotation = 'ecr.drayage.dev/expires-at';
/** What the secret holds of ours: a JSON list of Entry. */
export const registriesAnnotation = 'ecr.drayage.dev/registries';
/** Of contents and registries as written, so that a change by another hand shows. It tells nothing of the token. */
export const fingerprintAnnotation = 'ecr.drayage.dev/fingerprint';
/**
 * On a Secret of somebody else that has our entries among its own: its own namespace and name, so that a copy that a tool
 * makes of it is not taken for it.
 */
export const mergedAnnotation = 'ecr.drayage.dev/merged-into';

export const ourAnnotations = [expiresAtAnnotation, registriesAnnotation, fingerprintAnnotation, mergedAnnotation] as const;

/** By `digests`, the SHA-256 of each of the Secret's values. */
export function fingerprintOf(digests: Readonly<Record<string, string>>, registries: string): string {
  const contents = Object.entries(digests)
    .map(([key, digest]) => `${key}=${digest}`)
    .toSorted()
    .join('\n');
  return hash('sha256', `${contents}\n${registries}`).slice(0, 32);
}

/** Beside the annotation, so that such Secrets can be listed. */
export const mergedLabel = 'ecr.drayage.dev/merged';

export function mergedInto(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

export function isMerged({metadata: {namespace = '', name, annotations}}: KubeObject): boolean {
  return annotations?.[mergedAnnotation] === mergedInto(namespace, name);
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
