import type {LabelSelector} from '../schema/selector.ts';

/** Which sort of nodes a capacity provider is. */
export type Compute = 'Any' | 'EKSFargate' | 'EKSAutoMode' | 'Karpenter' | 'ManagedNodes' | 'Hybrid';

export interface Toleration {
  readonly key?: string;
  readonly operator?: 'Exists' | 'Equal';
  readonly value?: string;
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  readonly tolerationSeconds?: number;
}

export interface CapacityProvider {
  /** As a launch type or a capacity provider strategy calls it: FARGATE, FARGATE_SPOT, EC2, EXTERNAL, MANAGED_INSTANCES, or a name. */
  readonly name: string;
  readonly compute?: Compute;
  readonly capacityType?: 'Spot' | 'OnDemand';
  /** Labels that its nodes have, beyond what the compute says. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  /** Labels for the pods, by which an EKS Fargate profile selects them. */
  readonly podLabels?: Readonly<Record<string, string>>;
}

export interface CapacityProviderStrategyItem {
  readonly capacityProvider: string;
  readonly base?: number | undefined;
  readonly weight?: number | undefined;
}

/** Role ARNs (`*` for any text) that tasks may have. With neither names nor selector it holds for every namespace. */
export interface AllowedRoles {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly roles: readonly string[];
}

/** What an ECS cluster is in Kubernetes, as far as a translation asks for it: the spec of a Cluster. */
export interface ClusterSettings {
  /** `Warn`: what cannot be carried as it stands is noted. `Strict`: what is only approximated is refused. Default Warn. */
  readonly policy?: 'Warn' | 'Strict';
  /** What Strict lets through: field paths with `[*]` for any index (and all below them), or reasons of notes. */
  readonly allowedApproximations?: readonly string[];
  readonly capacityProviders?: readonly CapacityProvider[];
  /** For whom neither a launch type nor a strategy is named. */
  readonly defaultCapacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
  readonly attributes?: Attributes;
  readonly taskRoles?: TaskRoles;
  /** Left out, no role may be used. */
  readonly allowedRoles?: readonly AllowedRoles[];
  readonly secrets?: SecretSettings;
  readonly logs?: LogSettings;
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
  /**
   * What a fixed `hostPort` is with networkMode bridge. `Service`: a port of a Service that is called as the service. `Node`:
   * the port of the node, which then has room for one such pod. Default Service.
   */
  readonly hostPorts?: 'Service' | 'Node';
  /** How pods get into the target groups of load balancers. `TargetGroupBinding`: by the AWS Load Balancer Controller. Default None. */
  readonly loadBalancers?: {readonly provider?: 'TargetGroupBinding' | 'None'};
  /** How pods get their own security groups. `SecurityGroupPolicy`: by the VPC CNI of EKS, or EKS Auto Mode. Default None. */
  readonly securityGroups?: {readonly provider?: 'SecurityGroupPolicy' | 'None'};
  readonly serviceDiscovery?: {
    /** A domain of Cloud Map of which the cluster's DNS answers every name with the Service that is called so. */
    readonly domain?: string;
    /** Names of services in Cloud Map, by their id (`srv-…`) or ARN: a service registry has an ARN only. */
    readonly names?: Readonly<Record<string, string>>;
  };
  readonly ebs?: {
    /** `ebs.csi.eks.amazonaws.com` with EKS Auto Mode. Default `ebs.csi.aws.com`. */
    readonly provisioner?: string;
    /** `VolumeSnapshot`: the snapshot controller and its kinds are installed. Default None. */
    readonly snapshots?: 'VolumeSnapshot' | 'None';
  };
}

/** Which node labels the attributes of container instances are. */
export interface Attributes {
  /** Before the name of a custom attribute. Default `attribute.ecs.drayage.dev/`. */
  readonly labelPrefix?: string;
  /** The whole label of an attribute, by the attribute's name; also of `ec2InstanceId` and `instance-family`. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface TaskRoles {
  /** How pods get the role of their task definition. Default None: not from here. */
  readonly provider?: 'IRSA' | 'PodIdentity' | 'None';
  /** AWS account of roles that are written by their bare names. */
  readonly accountId?: string;
  /** Partition of such roles. Default aws. */
  readonly partition?: string;
  /** Name of the EKS cluster, for Pod Identity. */
  readonly eksClusterName?: string;
  /**
   * Who binds a role to its ServiceAccount for Pod Identity. `PodIdentityAssociation`: the EKS controller of ACK, which is given an
   * object of that kind. Default None: a person.
   */
  readonly associations?: 'PodIdentityAssociation' | 'None';
}

/** How values in AWS Secrets Manager, Parameter Store and S3 reach pods. */
export interface SecretSettings {
  /**
   * Who reads them. `Operator`: this operator, with its own identity, into a Secret. `ExternalSecrets`: External Secrets
   * Operator, which is given an ExternalSecret for each; files of variables in S3 stay with this operator. Default Operator.
   */
  readonly provider?: 'Operator' | 'ExternalSecrets';
  /** For ExternalSecrets: the store for AWS Secrets Manager. */
  readonly secretStoreRef?: StoreReference;
  /** For ExternalSecrets: the store for Parameter Store, which to External Secrets Operator is another one. */
  readonly parameterStoreRef?: StoreReference;
  /**
   * For Operator: the ARNs that task definitions may name, with `*` for any characters and `?` for one. They are read with the
   * operator's identity, so what is not listed here is refused to every namespace. Default none.
   */
  readonly allowedResources?: readonly string[];
}

export interface StoreReference {
  readonly name: string;
  /** Default SecretStore. */
  readonly kind?: 'SecretStore' | 'ClusterSecretStore';
}

/** What becomes of logConfiguration. */
export interface LogSettings {
  /**
   * `None`: pods are annotated with what it says. `FluentBit`: outputs are also written for the Fluent Bit that runs on the
   * nodes, into a ConfigMap that it must include. Default None.
   */
  readonly provider?: 'None' | 'FluentBit';
  /** Of that configuration. Default Classic. */
  readonly format?: 'Classic' | 'Yaml';
}

export const defaultCluster: ClusterSettings = {};
