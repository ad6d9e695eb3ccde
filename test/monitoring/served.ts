import {createMetrics} from '../../src/engine/metrics.ts';
import {Samples} from '../../src/engine/samples.ts';
import {kinds} from '../../src/kinds/registry.ts';

export interface Served {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** Every metric that an operator that leads serves. */
export function servedMetrics(): readonly Served[] {
  const {objects, registry} = createMetrics();
  for (const kind of kinds) objects(new Samples(kind, () => undefined));
  // The types of prom-client leave labelNames out.
  const metrics = registry.getMetricsAsArray() as readonly {name: string; type: unknown; labelNames?: readonly string[]}[];
  return metrics.map(({name, type, labelNames = []}) => ({name, type: String(type), labels: labelNames}));
}

/** The labels of each series name: a histogram has three, with `le`. */
export function servedSeries(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    servedMetrics().flatMap(({name, type, labels}) => {
      if (type !== 'histogram') return [[name, labels] as const];
      return ['bucket', 'sum', 'count'].map((part) => [`${name}_${part}`, part === 'bucket' ? [...labels, 'le'] : labels] as const);
    }),
  );
}
