/** What an ECS cluster is in Kubernetes, as far as a translation asks for it: the spec of a Cluster. */
export interface ClusterSettings {
  /** `Warn`: what cannot be carried as it stands is noted. `Strict`: what is only approximated is refused. Default Warn. */
  readonly policy?: 'Warn' | 'Strict';
  /**
   * What a fixed `hostPort` is with networkMode bridge. `Service`: a port of a Service that is called as the service. `Node`:
   * the port of the node, which then has room for one such pod. Default Service.
   */
  readonly hostPorts?: 'Service' | 'Node';
  /** How pods get into the target groups of load balancers. `TargetGroupBinding`: by the AWS Load Balancer Controller. Default None. */
  readonly loadBalancers?: {readonly provider?: 'TargetGroupBinding' | 'None'};
  /** How pods get their own security groups. `SecurityGroupPolicy`: by the VPC CNI of EKS, or EKS Auto Mode. Default None. */
  readonly securityGroups?: {readonly provider?: 'SecurityGroupPolicy' | 'None'};
  /** Names of services in Cloud Map, by their id (`srv-…`) or ARN: a service registry has an ARN only. */
  readonly serviceDiscovery?: {readonly names?: Readonly<Record<string, string>>};
  readonly ebs?: {
    /** `ebs.csi.eks.amazonaws.com` with EKS Auto Mode. Default `ebs.csi.aws.com`. */
    readonly provisioner?: string;
    /** `VolumeSnapshot`: the snapshot controller and its kinds are installed. Default None. */
    readonly snapshots?: 'VolumeSnapshot' | 'None';
  };
  /**
   * What happens when an essential container of a service ends. `RestartAlone`: it alone is started again, after a wait that grows.
   * `RestartAll`: every container of its pod is, which needs Kubernetes 1.36 or newer on the API server and on every node; an
   * older API server refuses such a pod (1.35) or restarts it alone (1.34). Default RestartAlone.
   */
  readonly essentialContainers?: 'RestartAlone' | 'RestartAll';
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
