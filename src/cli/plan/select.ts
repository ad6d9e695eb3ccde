import type {Kind} from '../../kinds/kind.ts';
import type {KubeObject} from '../../schema/object.ts';
import type {Fault} from '../yaml-values.ts';
import type {Documents, Manifest} from './documents.ts';
import {isOf} from './world.ts';

/** Kinds that set nothing in AWS: their plans are about the cluster. */
export const local: ReadonlySet<string> = new Set(['ClusterPullSecret', 'PullSecret', 'TaskDefinition', 'Service']);

export interface Selected {
  /** Objects of our kinds, with their namespace. */
  readonly ours: readonly (Manifest & {readonly kind: Kind; readonly isLocal: boolean})[];
  /** Every object, with its namespace: others may be looked at. */
  readonly all: readonly KubeObject[];
  readonly faults: readonly Fault[];
  /** Objects of kinds that are not ours. */
  readonly others: number;
}

/** Sorts what files hold. An object that is there twice is a fault, because only the last would remain of it. */
export function select({manifests, faults}: Documents, kinds: readonly Kind[], namespace: string): Selected {
  const found: Fault[] = [...faults];
  const ours: (Manifest & {kind: Kind; isLocal: boolean})[] = [];
  const all: KubeObject[] = [];
  const seen = new Map<string, string>();
  const groups = new Set(kinds.map(({definition}) => groupOf(definition.apiVersion)));
  let others = 0;
  for (const {where, object} of manifests) {
    const kind = kinds.find(({definition}) => isOf(definition, object));
    const placed = kind === undefined ? object : inNamespace(object, kind, namespace);
    const key = `${placed.apiVersion} ${placed.kind} ${placed.metadata.namespace ?? ''}/${placed.metadata.name}`;
    const before = seen.get(key);
    if (before !== undefined) {
      found.push({where, message: `${placed.kind} ${placed.metadata.name} is also in ${before}`});
      continue;
    }
    seen.set(key, where);
    all.push(placed);
    if (kind !== undefined) ours.push({where, object: placed, kind, isLocal: local.has(placed.kind)});
    else if (groups.has(groupOf(object.apiVersion)))
      found.push({where, message: `there is no kind ${object.kind} in ${object.apiVersion}`});
    else others += 1;
  }
  return {ours, all, faults: found, others};
}

function groupOf(apiVersion: string): string {
  return apiVersion.split('/')[0] ?? '';
}

function inNamespace(object: KubeObject, {definition}: Kind, fallback: string): KubeObject {
  const {namespace, ...metadata} = object.metadata;
  return {...object, metadata: definition.namespaced ? {...metadata, namespace: namespace ?? fallback} : metadata};
}
