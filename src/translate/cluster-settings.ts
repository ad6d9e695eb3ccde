/** What an ECS cluster is in Kubernetes, as far as a translation asks for it: the spec of a Cluster. */
export interface ClusterSettings {
  /** `Warn`: what cannot be carried as it stands is noted. `Strict`: what is only approximated is refused. Default Warn. */
  readonly policy?: 'Warn' | 'Strict';
  /**
   * What a fixed `hostPort` is with networkMode bridge. `Service`: a port of a Service that is called as the service. `Node`:
   * the port of the node, which then has room for one such pod. Default Service.
   */
  readonly hostPorts?: 'Service' | 'Node' | undefined;
  /** How pods get into the target groups of load balancers. `TargetGroupBinding`: by the AWS Load Balancer Controller. Default None. */
  readonly loadBalancers?: {readonly provider?: 'TargetGroupBinding' | 'None' | undefined} | undefined;
  /** How pods get their own security groups. `SecurityGroupPolicy`: by the VPC CNI of EKS, or EKS Auto Mode. Default None. */
  readonly securityGroups?: {readonly provider?: 'SecurityGroupPolicy' | 'None' | undefined} | undefined;
  readonly serviceDiscovery?:
    | {
        /** A domain of Cloud Map of which the cluster's DNS answers every name with the Service that is called so. */
        readonly domain?: string | undefined;
        /** Names of services in Cloud Map, by their id (`srv-…`) or ARN: a service registry has an ARN only. */
        readonly names?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly ebs?:
    | {
        /** `ebs.csi.eks.amazonaws.com` with EKS Auto Mode. Default `ebs.csi.aws.com`. */
        readonly provisioner?: string | undefined;
        /** `VolumeSnapshot`: the snapshot controller and its kinds are installed. Default None. */
        readonly snapshots?: 'VolumeSnapshot' | 'None' | undefined;
      }
    | undefined;
}

export const defaultCluster: ClusterSettings = {};
