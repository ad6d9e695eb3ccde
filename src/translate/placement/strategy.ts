import type {Attributes} from '../cluster-settings.ts';
import type {PlacementStrategy} from '../ecs.ts';
import {at} from '../field-path.ts';
import type {Report} from '../note.ts';
import {nodeLabelOf} from './attributes.ts';

/** `topologySpreadConstraints[]`, without whom it counts. */
export interface Spread {
  readonly maxSkew: 1;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'ScheduleAnyway';
}

export const hostnameLabel = 'kubernetes.io/hostname';

/** Placement strategies are a wish, never a condition: in ECS as here. */
export function spreadOf(
  strategies: readonly PlacementStrategy[],
  path: string,
  attributes: Attributes,
  report: Report,
): readonly Spread[] {
  const keys = strategies.flatMap(({type, field}, index): readonly string[] => {
    const here = at(path, index);
    if (type === 'binpack') {
      const message = `How full nodes are packed (here by ${field ?? 'cpu'}) is a setting of the scheduler or of Karpenter, for all pods alike.`;
      report({path: here, level: 'ignored', reason: 'BinpackIsClusterWide', message});
      return [];
    }
    if (type === 'random') {
      report({
        path: here,
        level: 'ignored',
        reason: 'RandomPlacementIgnored',
        message: 'The scheduler chooses among the nodes by its own rules.',
      });
      return [];
    }
    const key = keyOf(field, attributes);
    if (key !== undefined) return [key];
    const message =
      'spread takes instanceId, host, or attribute:NAME where nodes have a label for NAME (attributes.labels of the Cluster).';
    report({path: at(here, 'field'), level: 'refused', reason: 'PlacementFieldUnsupported', message});
    return [];
  });
  return [...new Set(keys)].map((topologyKey) => ({maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway'}));
}

function keyOf(field: string | undefined, attributes: Attributes): string | undefined {
  if (field === undefined) return undefined;
  if (/^(instanceId|host)$/i.test(field)) return hostnameLabel;
  return field.startsWith('attribute:') ? nodeLabelOf(field.slice('attribute:'.length), attributes)?.key : undefined;
}
