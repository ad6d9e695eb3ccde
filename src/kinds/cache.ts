import type {KubeObject} from '../schema/object.ts';
import type {Source} from './kind.ts';

/** Synced copies of the sources that the kinds watch. Reading one that no kind watches throws. */
export interface Cache {
  get(source: Source, name: string, namespace?: string): KubeObject | undefined;
  /** All objects, or those of one namespace. */
  list(source: Source, namespace?: string): readonly KubeObject[];
}
