import {Gauge as PromGauge, type Registry} from 'prom-client';
import type {Gauge, Sample} from '../kinds/kind.ts';

/** Numbers of the objects of one kind, as they are whenever they are asked for. */
export interface Shown {
  readonly gauges: readonly Gauge[];
  /** Labels are `kind`, `namespace`, `name` and the gauge's own. */
  of(gauge: string): Iterable<Sample>;
}

const whose = ['kind', 'namespace', 'name'];

/**
 * Shows numbers of objects in a registry, until the answer is called. Nothing is kept between two scrapes, so no series can
 * stay behind. Throws a TypeError where two kinds mean different things by one name.
 */
export function objectGauges(registry: Registry): (shown: Shown) => () => void {
  const known = new Map<string, Gauge>();
  const all = new Set<Shown>();
  return (shown) => {
    for (const gauge of shown.gauges) declare(gauge);
    all.add(shown);
    return () => {
      all.delete(shown);
    };
  };

  function declare(gauge: Gauge): void {
    const {name, help, labels} = gauge;
    const before = known.get(name);
    if (before !== undefined) {
      if (isAlike(before, gauge)) return;
      throw new TypeError(`${name} is declared twice, with different labels or help`);
    }
    known.set(name, gauge);
    const shownGauge = new PromGauge({
      name,
      help,
      labelNames: [...whose, ...labels],
      registers: [],
      collect() {
        this.reset();
        for (const shown of all) for (const sample of shown.of(name)) this.set(sample.labels, sample.value);
      },
    });
    registry.registerMetric(shownGauge);
  }
}

function isAlike(one: Gauge, other: Gauge): boolean {
  return one.help === other.help && one.labels.join() === other.labels.join();
}
