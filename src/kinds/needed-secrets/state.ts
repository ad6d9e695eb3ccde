import type {KubeObject} from '../../schema/object.ts';
import {fingerprint} from '../../translate/fingerprint.ts';
import {isOwnedBy} from '../../translate/revision.ts';
import type {Demand} from './observed.ts';

/** For which deployment a Secret was read. */
export const readForKey = 'ecs.drayage.dev/read-for';
/** A short digest of each value that was written, by key: a change by another hand shows, and what others add does not count. */
export const writtenKey = 'ecs.drayage.dev/written';

/** Why a Secret must be read and written, for a person; `foreign` where it is somebody else's; undefined where it is as it must be. */
export function faultOf(
  secret: KubeObject | undefined,
  {owner, labels, deployment}: Demand,
): {readonly why: string; readonly foreign?: true} | undefined {
  if (secret === undefined) return {why: 'it is missing'};
  if (!isOwnedBy(secret, owner)) return {why: 'it is not ours', foreign: true};
  if (Object.entries(labels).some(([key, value]) => secret.metadata.labels?.[key] !== value))
    return {why: 'its labels were changed by someone else'};
  if (secret.metadata.annotations?.[readForKey] !== deployment) return {why: 'it was read for an earlier deployment'};
  const written = parsed(secret.metadata.annotations[writtenKey]);
  const {digests = {}} = secret as {digests?: Readonly<Record<string, string>>};
  const isChanged = written === undefined || Object.entries(written).some(([key, mark]) => markOf(digests[key]) !== mark);
  return isChanged ? {why: 'it was changed by someone else'} : undefined;
}

/** The marks of the values of a Secret. */
export function marksOf(secret: KubeObject): string {
  const {digests = {}} = secret as {digests?: Readonly<Record<string, string>>};
  return JSON.stringify(Object.fromEntries(Object.entries(digests).map(([key, digest]) => [key, markOf(digest)])));
}

function markOf(digest: string | undefined): string | undefined {
  return digest === undefined ? undefined : fingerprint(digest);
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
