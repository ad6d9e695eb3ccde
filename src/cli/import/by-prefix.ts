import type * as z from 'zod';
import type {KubeObject} from '../../schema/object.ts';
import type {ResourceType} from '../../schema/resource-type.ts';
import {isMeant} from './filter.ts';
import type {Finding, ImportRequest} from './importer.ts';
import {objectNames} from './names.ts';

/** A thing in AWS that is known by a prefix of repository names. */
export interface Prefixed {
  readonly prefix: string;
  /** The spec, given the name that the object has. */
  readonly spec: (objectName: string) => Readonly<Record<string, unknown>>;
}

/** The objects for things that are known by a prefix; none where repositories are named. */
export function* findingsByPrefix(
  things: readonly Prefixed[],
  type: ResourceType,
  schema: z.ZodType,
  {filter, onProgress}: Pick<ImportRequest, 'filter' | 'onProgress'>,
): Generator<Finding, void, undefined> {
  // ROOT is no name in Kubernetes.
  const names = objectNames(things.map(({prefix}) => prefix.toLowerCase()));
  const meant = things.filter(({prefix}) => isMeant(filter, `${prefix}/`));
  onProgress(meant.length, meant.length);
  for (const {prefix, spec} of meant) {
    const name = names.get(prefix.toLowerCase()) ?? prefix.toLowerCase();
    const object: KubeObject = {apiVersion: type.apiVersion, kind: type.kind, metadata: {name}, spec: spec(name)};
    const parsed = schema.safeParse(object['spec']);
    if (parsed.success) yield {is: 'object', object, notes: []};
    else {
      const why = parsed.error.issues.map((issue) => `spec.${issue.path.join('.')}: ${issue.message}`).join('; ');
      yield {is: 'failed', what: `${type.kind} ${prefix}`, why: `the kind cannot say what it is: ${why}`};
    }
  }
}
