import type {Gauge, Kind, Sample} from '../kinds/kind.ts';
import type {KubeObject} from '../schema/object.ts';
import {conditionGauge} from './condition-gauge.ts';
import type {Shown} from './object-gauges.ts';

interface Series extends Sample {
  readonly gauge: string;
}

/** The newest numbers of each object of a kind. An object that has none takes no room. */
export class Samples implements Shown {
  readonly gauges: readonly Gauge[];
  readonly #kind: string;
  readonly #onError: (error: unknown, key: string) => void;
  readonly #newest = new Map<string, readonly Series[]>();

  /** `onError` is told where a gauge threw: the object then has no series of it. */
  constructor(kind: Pick<Kind, 'definition' | 'gauges'>, onError: (error: unknown, key: string) => void) {
    this.gauges = [conditionGauge, ...(kind.gauges ?? [])];
    this.#kind = kind.definition.kind;
    this.#onError = onError;
  }

  set(key: string, object: KubeObject): void {
    const {name, namespace = ''} = object.metadata;
    const whose = {kind: this.#kind, namespace, name};
    const series = this.gauges.flatMap((gauge) =>
      this.#samplesOf(gauge, key, object).map(({labels, value}) => ({gauge: gauge.name, labels: {...whose, ...labels}, value})),
    );
    if (series.length > 0) this.#newest.set(key, series);
    else this.#newest.delete(key);
  }

  delete(key: string): void {
    this.#newest.delete(key);
  }

  *of(gauge: string): Iterable<Sample> {
    for (const series of this.#newest.values()) for (const one of series) if (one.gauge === gauge) yield one;
  }

  #samplesOf(gauge: Gauge, key: string, object: KubeObject): readonly Sample[] {
    try {
      return gauge.samples(object);
    } catch (error) {
      this.#onError(error, key);
      return [];
    }
  }
}
