import * as z from 'zod';
import {mapOf, set} from '../../schema/rules.ts';

const LogSettings = z.object({
  provider: z
    .enum(['None', 'FluentBit'])
    .default('None')
    .describe(
      'None: pods are annotated with what it says. FluentBit: outputs are also written for the Fluent Bit that runs on the nodes, into a ConfigMap that it must include.',
    ),
  format: z.enum(['Classic', 'Yaml']).default('Classic').describe('Of that configuration.'),
});

const Ebs = z.object({
  provisioner: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
    .default('ebs.csi.aws.com')
    .describe('The CSI driver. `ebs.csi.eks.amazonaws.com` with EKS Auto Mode.'),
  snapshots: z
    .enum(['VolumeSnapshot', 'None'])
    .default('None')
    .describe('VolumeSnapshot: the snapshot controller and its kinds are installed.'),
});

/** How tasks become workloads, where Kubernetes leaves a choice or something more must be installed. */
export const workloadFields = {
  essentialContainers: z
    .enum(['ReplaceTask', 'RestartAlone', 'RestartAll'])
    .default('ReplaceTask')
    .describe(
      'What happens when an essential container of a service ends. ReplaceTask: the operator stops the whole task, with its stopTimeout, and another takes its place; in the first minute of a pod, and while no operator runs, the kubelet starts the container again alone. RestartAlone: always the latter. RestartAll: the kubelet kills every container of the pod and starts them again; needs Kubernetes 1.36 on the API server and every node.',
    ),
  prefillVolumes: z
    .boolean()
    .default(false)
    .describe(
      'Whether empty volumes are filled with what the image has where they are mounted, as Docker does. It takes an init container that runs /bin/sh and cp of the image: a pod whose image has none never starts.',
    ),
  allowedUnsafeSysctls: set(z.string().min(1).max(253))
    .max(64)
    .optional()
    .describe(
      'Kernel settings that every kubelet allows beyond the safe ones (--allowed-unsafe-sysctls); a `*` at the end stands for any rest. Default none.',
    ),
  deviceResources: mapOf(z.string().min(1).max(317), {max: 64})
    .optional()
    .describe(
      'The resource of a device plugin that gives a container a device of the node, by the path of the device: {"/dev/fuse": "github.com/fuse"}.',
    ),
  hostPorts: z
    .enum(['Service', 'Node'])
    .default('Service')
    .describe(
      'What a fixed hostPort is with networkMode bridge. Service: a port of a Kubernetes Service that is called as the service. Node: the port of the node, which then has room for one such pod.',
    ),
  loadBalancers: z
    .object({
      provider: z
        .enum(['TargetGroupBinding', 'None'])
        .default('None')
        .describe('TargetGroupBinding: the AWS Load Balancer Controller is installed.'),
    })
    .optional()
    .describe('How pods get into the target groups of load balancers.'),
  securityGroups: z
    .object({
      provider: z
        .enum(['SecurityGroupPolicy', 'None'])
        .default('None')
        .describe('SecurityGroupPolicy: the VPC CNI of EKS, or EKS Auto Mode, gives pods their own security groups.'),
    })
    .optional()
    .describe('How pods get their own security groups.'),
  serviceDiscovery: z
    .object({
      domain: z
        .string()
        .min(1)
        .max(253)
        .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
        .optional()
        .describe(
          'A domain of Cloud Map of which the DNS of the cluster answers every name with the Kubernetes Service that is called so.',
        ),
      names: mapOf(z.string().min(1).max(253), {max: 1000})
        .optional()
        .describe('Names of services in Cloud Map, by their id (srv-…) or ARN: a service registry of ECS has an ARN only.'),
    })
    .optional()
    .describe('How tasks find each other.'),
  logs: LogSettings.optional().describe('What becomes of logConfiguration.'),
  ebs: Ebs.optional().describe('How EBS volumes are made.'),
};
