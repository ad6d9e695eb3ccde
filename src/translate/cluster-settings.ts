/** What an ECS cluster is in Kubernetes, as far as a translation asks for it: the spec of a Cluster. */
export interface ClusterSettings {
  /** `Warn`: what cannot be carried as it stands is noted. `Strict`: what is only approximated is refused. Default Warn. */
  readonly policy?: 'Warn' | 'Strict';
  /**
   * What happens when an essential container of a service ends. Default ReplaceTask.
   *
   * - `ReplaceTask`: the operator stops the whole task, with its stopTimeout, and another takes its place. In the first minute of a
   *   pod, and while no operator runs, the kubelet starts the container again alone, after a wait that grows.
   * - `RestartAlone`: always the latter.
   * - `RestartAll`: the kubelet kills every container of the pod at once and starts them again, without any wait. Needs Kubernetes
   *   1.36 or newer on the API server and on every node: an API server of 1.35 refuses such a pod, one of 1.34 restarts alone.
   */
  readonly essentialContainers?: 'ReplaceTask' | 'RestartAlone' | 'RestartAll';
  /**
   * Whether empty volumes are filled with what the image has where they are mounted, as Docker does. It takes an init container
   * that runs the image's own `/bin/sh` and `cp`: a pod whose image has none never starts. Default false.
   */
  readonly prefillVolumes?: boolean;
  /** Kernel settings that every kubelet allows beyond the safe ones (`--allowed-unsafe-sysctls`); a `*` at the end stands for any rest. */
  readonly allowedUnsafeSysctls?: readonly string[];
  /** The resource of a device plugin that gives a container this device of the node: `{"/dev/fuse": "github.com/fuse"}`. */
  readonly deviceResources?: Readonly<Record<string, string>>;
}

export const defaultCluster: ClusterSettings = {};
