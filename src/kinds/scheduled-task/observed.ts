import type {KubeObject} from '../../schema/object.ts';

export interface Observed {
  /** The Tasks of the namespace that this object made, and any that has a name that it could give. */
  readonly tasks: readonly KubeObject[];
}
