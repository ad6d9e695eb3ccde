import type {Doors} from '../kinds/doors.ts';
import type {Kind, Source} from '../kinds/kind.ts';
import type {Clock} from './clock.ts';
import type {Recorder} from './events.ts';
import type {LimiterOptions} from './limiter.ts';
import type {Logger} from './log.ts';
import type {Metrics} from './metrics.ts';
import type {ObservableCache} from './observable-cache.ts';

export interface ControllerOptions {
  readonly kind: Kind;
  /** The source of the kind's own objects. */
  readonly source: Source;
  readonly doors: Doors;
  readonly cache: ObservableCache;
  readonly recorder: Recorder;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  /** Whether this process may act at this moment: it leads, and is not told to stop. */
  readonly mayWrite: () => boolean;
  /** Walks at once. */
  readonly workers: number;
  readonly resyncSeconds: number;
  /** A walk that takes longer is `failed` with reason `Timeout`. */
  readonly walkSeconds: number;
  readonly backoff?: Partial<Omit<LimiterOptions, 'clock' | 'random'>>;
}
