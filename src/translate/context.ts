import type {KubeObject} from '../schema/object.ts';
import type {ClusterSettings} from './cluster-settings.ts';
import type {VolumeConfiguration} from './ecs-volumes.ts';
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

/** What is said when a task is run, by a service or by RunTask. */
export interface Launch {
  /** Where `volumeConfigurations` stand. */
  readonly path: string;
  readonly volumeConfigurations: readonly VolumeConfiguration[];
  /** Tags of whoever runs the task. */
  readonly tags: readonly {readonly key: string; readonly value?: string | undefined}[];
}

/** What every translator may use besides the definition that it reads. */
export interface Context {
  readonly form: Form;
  readonly settings: Settings;
  readonly cluster: ClusterSettings;
  readonly report: Report;
  /** Left out where a task definition is looked at by itself. */
  readonly launch?: Launch;
  /** Another object that the workload needs. Its name must follow from the workload's. */
  readonly add: (object: KubeObject) => void;
  /** A Secret that must be filled from AWS before the workload may run. */
  readonly need: (secret: NeededSecret) => void;
}
