import {isDeepStrictEqual} from 'node:util';
import {type Condition, conditionsOf} from '../kinds/conditions.ts';
import type {Kind, Report} from '../kinds/kind.ts';
import type {Outcome} from '../kinds/outcome.ts';
import type {Kube} from '../kube/kube.ts';
import type {KubeObject, Resource} from '../schema/object.ts';
import type {Progress} from './walk.ts';

/** What a kind's objects have in `status`. */
export interface Status {
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  readonly [field: string]: unknown;
}

export function conditionsIn(object: KubeObject): readonly Condition[] {
  const conditions = (object['status'] as Partial<Status> | undefined)?.conditions;
  return Array.isArray(conditions) ? conditions : [];
}

/** The whole status that follows from a walk. `onError` is told where the kind could not say its part: that stays as it was. */
export function statusOf(kind: Kind, progress: Progress, outcome: Outcome, now: Date, onError: (error: unknown) => void): Status {
  const {object} = progress;
  const generation = object.metadata.generation ?? 0;
  const {fields, conditions: claims} = reportOf(kind, progress, outcome, now, onError);
  const conditions = conditionsOf({previous: conditionsIn(object), outcome, claims, generation, now});
  // Through JSON, because what is compared with it came through JSON: no `undefined`, no Date.
  return JSON.parse(JSON.stringify({...fields, observedGeneration: generation, conditions})) as Status;
}

/**
 * Writes the status by server-side apply on /status, where it is not what the object has already. Only fields of the status
 * are sent, so nothing that the operator does not know is written back. With the uid: an object of the same name that took
 * the place of the one that was read is not written to (409). Answers the object as it is now.
 */
export async function writeStatus(kube: Kube, kind: Kind, object: KubeObject, status: Status): Promise<KubeObject> {
  if (isDeepStrictEqual(status, object['status'])) return object;
  const {apiVersion, kind: name} = kind.definition;
  const {name: objectName, namespace, uid} = object.metadata;
  const metadata = {name: objectName, ...(namespace !== undefined && {namespace}), ...(uid !== undefined && {uid})};
  return kube.apply(kind.definition, {apiVersion, kind: name, metadata, status}, {subresource: 'status', force: true});
}

function reportOf(kind: Kind, progress: Progress, outcome: Outcome, now: Date, onError: (error: unknown) => void): Report {
  const {object, observed} = progress;
  try {
    return kind.status(progress.resource ?? (object as Resource), observed, outcome, now);
  } catch (error) {
    onError(error);
    const {observedGeneration: _, conditions: __, ...fields} = (object['status'] ?? {}) as Record<string, unknown>;
    return {fields, conditions: []};
  }
}
