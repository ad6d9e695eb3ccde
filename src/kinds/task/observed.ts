import type {KubeObject} from '../../schema/object.ts';
import type {Revision} from '../../translate/revision.ts';

export interface Observed {
  /** The revision that the task names, as long as the task was not run. */
  readonly revision?: Revision;
  /** The Job of the task's name, whoever made it. */
  readonly job?: KubeObject;
  /** The pods of that Job. */
  readonly pods: readonly KubeObject[];
  /** This object was deleted by its own plan. */
  readonly isGone?: true;
}
