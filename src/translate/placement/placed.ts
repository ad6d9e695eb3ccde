import type {Report} from '../note.ts';
import type {Placement} from './placement.ts';

type Json = Readonly<Record<string, unknown>>;

/** A pod's spec on the nodes where it is to run. */
export function placed(pod: Json, placement: Placement, report: Report): Json {
  const {nodeSelector, tolerations, affinity, topologySpreadConstraints} = placement;
  const own = (pod['nodeSelector'] ?? {}) as Json;
  const labels = {...own, ...nodeSelector};
  for (const [key, value] of Object.entries(own)) {
    if (labels[key] === value) continue;
    const message = `The task needs nodes with ${key}=${String(value)}, and those of the capacity provider have ${key}=${String(labels[key])}; choose another.`;
    report({path: 'runtimePlatform', level: 'refused', reason: 'PlacementImpossible', message});
  }
  return {
    ...pod,
    ...(Object.keys(labels).length === 0 ? {} : {nodeSelector: labels}),
    ...(tolerations.length === 0 ? {} : {tolerations}),
    ...(affinity === undefined ? {} : {affinity}),
    ...(topologySpreadConstraints.length === 0 ? {} : {topologySpreadConstraints}),
  };
}
