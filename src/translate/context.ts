import type {KubeObject} from '../schema/object.ts';
import type {ClusterSettings} from './cluster-settings.ts';
import type {ImagePins} from './image.ts';
import type {NeededSecret} from './needs.ts';
import type {Report} from './note.ts';

/** What runs: tasks that a service keeps running, or one that runs to its end (RunTask). */
export type Form = 'service' | 'task';

export interface Settings {
  /** Name of the workload. */
  readonly name: string;
  readonly namespace?: string;
  /** The revision of the task definition, where it has one. */
  readonly revision?: number;
  /** Digests for tags; left out, none was looked up. */
  readonly images?: ImagePins;
  /** What an ECS cluster is here; left out, the default one. */
  readonly cluster?: ClusterSettings;
}

/** What every translator may use besides the definition that it reads. */
export interface Context {
  readonly form: Form;
  readonly settings: Settings;
  readonly cluster: ClusterSettings;
  readonly report: Report;
  /** Another object that the workload needs. Its name must follow from the workload's. */
  readonly add: (object: KubeObject) => void;
  /** A Secret that must be filled from AWS before the workload may run. */
  readonly need: (secret: NeededSecret) => void;
}
