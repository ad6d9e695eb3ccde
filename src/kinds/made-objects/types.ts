import type {KubeObject} from '../../schema/object.ts';
import {groupOf, type ResourceType} from '../../schema/resource-type.ts';
import {clusterTypes, coreTypes, optionalTypes} from '../../schema/workload-types.ts';
import type {Access, Source} from '../kind.ts';
import {managedSource} from '../sources.ts';

/** The synced copies of what services and tasks are made of: of kinds that every cluster has. */
export const madeSources: readonly Source[] = coreTypes.map((type) => managedSource(type));

const remembered: readonly ResourceType[] = [...optionalTypes, ...clusterTypes];

/** The type of something that a translation made; undefined for one that nothing can be made of. */
export function typeOf({apiVersion, kind}: Pick<KubeObject, 'apiVersion' | 'kind'>): ResourceType | undefined {
  return [...coreTypes, ...remembered].find((type) => type.apiVersion === apiVersion && type.kind === kind);
}

/** Whether no copy of its kind is kept, so that the status has to remember which of them there are. */
export function isRemembered({apiVersion, kind}: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return remembered.some((type) => type.apiVersion === apiVersion && type.kind === kind);
}

/** What it takes to make, mend and remove them; copies add what they need to be kept. */
export const madeAccess: readonly Access[] = [...coreTypes, ...remembered].map((type) => ({
  apiGroups: [groupOf(type)],
  resources: [type.plural],
  verbs: ['get', 'create', 'patch', 'delete'],
}));
