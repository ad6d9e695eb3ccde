import type {KubeObject} from '../../schema/object.ts';
import type {ImagePins} from '../../translate/image.ts';
import type {Revision} from '../../translate/revision.ts';
import type {ClusterPlace} from '../cluster-ref.ts';
import type {SeenSecrets} from '../needed-secrets/observed.ts';

/** What the task is run with: both are looked up before it is run, and never again. */
export interface Start {
  readonly images: ImagePins;
  readonly secrets: SeenSecrets;
}

export interface Observed {
  /** The revision that the task names, as long as the status does not say that it was run. */
  readonly revision?: Revision;
  /** The Cluster that the task names, for as long; left out, the built-in one. */
  readonly cluster?: ClusterPlace;
  /** Left out where there is nothing to run. */
  readonly start?: Start;
  /** Objects that the status remembers and that are there, whoever made them; of a task that was run, only while it is deleted. */
  readonly remembered?: readonly KubeObject[];
  /** The Job of the task's name, whoever made it. */
  readonly job?: KubeObject;
  /** The pods of that Job. */
  readonly pods: readonly KubeObject[];
  /** This object was deleted by its own plan. */
  readonly isGone?: true;
}
