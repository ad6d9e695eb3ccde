import type {Outcome} from '../kinds/outcome.ts';
import type {ControllerMetrics} from './metrics.ts';

const all: readonly Outcome['is'][] = ['settled', 'waiting', 'stalled', 'failed'];

/** How many objects of a kind are in which outcome, for the `drayage_outcome` metric. */
export class Outcomes {
  readonly #kind: string;
  readonly #metrics: Pick<ControllerMetrics, 'outcomes'>;
  readonly #last = new Map<string, Outcome['is']>();
  readonly #counts = new Map<Outcome['is'], number>();

  constructor(kind: string, metrics: Pick<ControllerMetrics, 'outcomes'>) {
    this.#kind = kind;
    this.#metrics = metrics;
    this.clear();
  }

  set(key: string, is: Outcome['is']): void {
    const before = this.#last.get(key);
    if (before === is) return;
    this.#last.set(key, is);
    if (before !== undefined) this.#count(before, -1);
    this.#count(is, 1);
  }

  delete(key: string): void {
    const before = this.#last.get(key);
    if (before === undefined) return;
    this.#last.delete(key);
    this.#count(before, -1);
  }

  clear(): void {
    this.#last.clear();
    for (const is of all) this.#count(is, -(this.#counts.get(is) ?? 0));
  }

  #count(is: Outcome['is'], by: number): void {
    const count = (this.#counts.get(is) ?? 0) + by;
    this.#counts.set(is, count);
    this.#metrics.outcomes(this.#kind, is, count);
  }
}
