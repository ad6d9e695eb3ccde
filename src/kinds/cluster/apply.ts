import type {Applied, Step} from '../kind.ts';
import type {Observed} from './observed.ts';

/** A plan for a Cluster has no steps. */
export async function apply({call}: Step): Promise<Applied<Observed>> {
  throw new Error(`A Cluster has no step ${call}.`);
}
