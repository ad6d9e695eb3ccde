import type {KubeObject} from '../schema/object.ts';
import {matches} from '../schema/selector.ts';
import type {ClusterSettings} from '../translate/cluster-settings.ts';
import type {Doors} from './doors.ts';
import type {Outcome} from './outcome.ts';
import {clusters, namespaces} from './sources.ts';
import {elderOf} from './untagged.ts';

/** Which Cluster something belongs to, and what it says for the namespace. */
export type ClusterPlace =
  | {readonly is: 'ready'; readonly settings: ClusterSettings}
  | {readonly is: 'missing' | 'notAllowed'; readonly name: string};

/** The members of a Cluster's spec that say what it is called and whom it serves. */
export interface ClusterTerms extends ClusterSettings {
  readonly clusterName?: string | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly namespaceSelector?: Parameters<typeof matches>[0] | undefined;
}

/** Reasons of every kind that names a Cluster. */
export const clusterReasons: Readonly<Record<string, string>> = {
  ClusterNotFound: 'There is no Cluster of the name in `cluster`. Make one, or name another; `default` is always there.',
  ClusterNotAllowed: 'The Cluster does not cover the namespace. Whoever keeps it can add the namespace to spec.namespaces.',
};

/** The name in a field `cluster`: ECS takes the name or the ARN, and `default` where there is none. */
export function clusterNameIn(cluster: unknown): string {
  if (typeof cluster !== 'string' || cluster === '') return 'default';
  return cluster.slice(cluster.lastIndexOf('/') + 1);
}

/** Looks up the Cluster that a field `cluster` names, from the synced copy. `default` is there also where nobody wrote one. */
export function clusterOf(cluster: unknown, namespace: string | undefined, {cache}: Pick<Doors, 'cache'>): ClusterPlace {
  const name = clusterNameIn(cluster);
  const object = named(name, cache.list(clusters));
  if (object === undefined) return name === 'default' ? {is: 'ready', settings: {}} : {is: 'missing', name};
  const terms = termsOf(object);
  const labels = namespace === undefined ? {} : (cache.get(namespaces, namespace)?.metadata.labels ?? {});
  if (!covers(terms, namespace, labels)) return {is: 'notAllowed', name};
  return {is: 'ready', settings: settingsFor(terms, labels)};
}

/** The object that answers to a name: the one that is called so, else the oldest whose `clusterName` it is. */
export function named(name: string, objects: readonly KubeObject[]): KubeObject | undefined {
  const ofName = objects.find(({metadata}) => metadata.name === name);
  if (ofName !== undefined && termsOf(ofName).clusterName === undefined) return ofName;
  const candidates = objects.filter((object) => termsOf(object).clusterName === name);
  return candidates.find((object) => elderOf(object, candidates) === undefined);
}

/** Whether the change of one Cluster may matter to an object with that `cluster` field. */
export function concerns(changed: KubeObject, cluster: unknown): boolean {
  const name = clusterNameIn(cluster);
  return changed.metadata.name === name || termsOf(changed).clusterName === name;
}

export function termsOf(object: KubeObject): ClusterTerms {
  return object['spec'] ?? {};
}

export function covers(
  terms: Pick<ClusterTerms, 'namespaces' | 'namespaceSelector'>,
  namespace: string | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  const {namespaces: names, namespaceSelector: selector} = terms;
  if (names === undefined && selector === undefined) return true;
  return (namespace !== undefined && names?.includes(namespace) === true) || (selector !== undefined && matches(selector, labels));
}

// A translation knows the namespace's name and not its labels: a selector that chose it is left out, so that the entry holds.
function settingsFor(terms: ClusterTerms, labels: Readonly<Record<string, string>>): ClusterSettings {
  const {allowedRoles} = terms;
  if (allowedRoles === undefined) return terms;
  const mine = allowedRoles.map(({namespaceSelector, ...entry}) => {
    if (namespaceSelector === undefined) return entry;
    return matches(namespaceSelector, labels)
      ? {roles: entry.roles}
      : {...entry, ...(entry.namespaces === undefined && {namespaceSelector})};
  });
  return {...terms, allowedRoles: mine};
}

/** Why there is no Cluster to run in. */
export function unavailable({is, name}: Exclude<ClusterPlace, {is: 'ready'}>): Outcome {
  if (is === 'missing') {
    const message = `there is no Cluster ${name} (metadata.name, or spec.clusterName); it goes on as soon as there is one`;
    return {is: 'stalled', reason: 'ClusterNotFound', message};
  }
  const message = `the Cluster ${name} does not cover this namespace (spec.namespaces, spec.namespaceSelector)`;
  return {is: 'stalled', reason: 'ClusterNotAllowed', message};
}

/** What a Cluster that was found says; the built-in one where none was looked up, or where it is not there. */
export function settingsIn(place: ClusterPlace | undefined): ClusterSettings {
  return place?.is === 'ready' ? place.settings : {};
}
