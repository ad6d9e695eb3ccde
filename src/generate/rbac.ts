import type {Access, Kind} from '../kinds/kind.ts';
import {groupOf, type ResourceType} from '../schema/resource-type.ts';
import {events, namespaces} from '../schema/types.ts';

/** A rule of a ClusterRole. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const read = ['get', 'list', 'watch'];

/** What the engine needs beside what the kinds ask for: Events, and the uid of kube-system, which names the cluster. */
const engine: readonly Access[] = [access(events, ['create', 'patch']), {...access(namespaces, ['get']), resourceNames: ['kube-system']}];

/**
 * The rules that the operator needs, and no wider: of its own kinds to read them, write their status and, where they have one,
 * their finalizer; what they watch; what they ask for by `access`. Throws where a kind asks for everything (`*`).
 */
export function operatorRules(kinds: readonly Kind[]): readonly PolicyRule[] {
  return merge([...engine, ...kinds.flatMap((kind) => rulesOf(kind))]);
}

/** What people may do with the kinds by Kubernetes' own roles: view reads them all, edit writes the namespaced ones. */
export function peopleRules(kinds: readonly Kind[]): {readonly view: readonly PolicyRule[]; readonly edit: readonly PolicyRule[]} {
  const definitions = kinds.map(({definition}) => definition);
  const write = ['create', 'update', 'patch', 'delete', 'deletecollection'];
  return {
    view: merge(definitions.map((type) => access(type, read))),
    edit: merge(definitions.filter(({namespaced}) => namespaced).map((type) => access(type, write))),
  };
}

function rulesOf(kind: Kind): readonly Access[] {
  const {definition} = kind;
  return [
    access(definition, [...read, ...(kind.finalizer ? ['patch'] : []), ...(kind.seed ? ['create'] : [])]),
    access(definition, ['patch'], 'status'),
    ...kind.watches.map(({source}) => access(source.type, read)),
    ...kind.access,
  ];
}

function access(type: ResourceType, verbs: readonly string[], subresource?: string): Access {
  return {apiGroups: [groupOf(type)], resources: [subresource ? `${type.plural}/${subresource}` : type.plural], verbs};
}

/** One rule for all resources of a group that may be handled alike, in an order that does not depend on the kinds'. */
function merge(rules: readonly Access[]): readonly PolicyRule[] {
  const verbs = verbsByTarget(rules);
  const alike = new Map<string, {group: string; names: string; verbs: readonly string[]; resources: string[]}>();
  for (const target of [...verbs.keys()].toSorted()) {
    const [group = '', resource = '', names = ''] = target.split(' ');
    const everywhere = names === '' ? new Set<string>() : (verbs.get(`${group} ${resource} `) ?? new Set());
    const mine = inOrder([...(verbs.get(target) ?? [])].filter((verb) => !everywhere.has(verb)));
    if (mine.length === 0) continue;
    const key = [group, names, mine.join()].join(' ');
    const rule = alike.get(key) ?? {group, names, verbs: mine, resources: []};
    rule.resources.push(resource);
    alike.set(key, rule);
  }
  return [...alike.values()].map(({group, names, verbs, resources}) => ({
    apiGroups: [group],
    resources,
    ...(names !== '' && {resourceNames: names.split(',')}),
    verbs,
  }));
}

/** Verbs by `group resource names`. */
function verbsByTarget(rules: readonly Access[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const {apiGroups, resources, verbs, resourceNames = []} of rules) {
    if ([...apiGroups, ...resources, ...verbs, ...resourceNames].includes('*')) {
      throw new TypeError(`no wildcards in RBAC: ${JSON.stringify({apiGroups, resources, verbs})}`);
    }
    for (const target of apiGroups.flatMap((group) =>
      resources.map((resource) => `${group} ${resource} ${resourceNames.toSorted().join()}`),
    )) {
      found.set(target, new Set([...(found.get(target) ?? []), ...verbs]));
    }
  }
  return found;
}

const verbOrder = [...read, 'create', 'update', 'patch', 'delete', 'deletecollection'];

function inOrder(verbs: readonly string[]): readonly string[] {
  return verbs.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function rank(verb: string): number {
  return verbOrder.includes(verb) ? verbOrder.indexOf(verb) : verbOrder.length;
}
