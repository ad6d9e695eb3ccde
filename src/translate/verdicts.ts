import type {Verdicts} from './leftovers.ts';
import type {Note} from './note.ts';

type Verdict = Omit<Note, 'path'>;

function ignored(reason: string, message: string): Verdict {
  return {level: 'ignored', reason, message};
}

function refused(reason: string, message: string): Verdict {
  return {level: 'refused', reason, message};
}

const containerVerdicts: Verdicts = {
  credentialSpecs: refused(
    'GmsaUnsupported',
    'Group managed service accounts are carried for Windows containers only (runtimePlatform); remove them to go on without.',
  ),
  'linuxParameters.maxSwap': ignored('SwapIgnored', 'Swap is a setting of the node.'),
  'linuxParameters.swappiness': ignored('SwapIgnored', 'Swap is a setting of the node.'),
  'portMappings[].appProtocol': ignored('AppProtocolIgnored', 'It matters to Service Connect only, and that does not name this port.'),
};

/** What becomes of the fields of RegisterTaskDefinition that the translators do not read. */
export const taskVerdicts: Verdicts = {
  taskRoleArn: ignored(
    'TaskRoleIgnored',
    "The pods run as the namespace's default ServiceAccount; give that one the role, with EKS Pod Identity or the annotation eks.amazonaws.com/role-arn.",
  ),
  executionRoleArn: ignored(
    'ExecutionRoleNotUsed',
    'Images are pulled with the identity of the node or a pull secret, secrets are read by the operator, and logs are written by the node.',
  ),
  proxyConfiguration: refused('ProxyConfigurationNotCarried', 'App Mesh proxies are not set up; remove the field to go on without.'),
  inferenceAccelerators: refused('InferenceAcceleratorUnavailable', 'Elastic Inference is no more; remove the field.'),
  'volumes[].fsxWindowsFileServerVolumeConfiguration': refused(
    'FsxSmbDriverRequired',
    'The address of an FSx file system cannot be told from its id. Install the SMB CSI driver, make a PersistentVolumeClaim for the share, and mount it in a Deployment of your own; or remove the volume.',
  ),
  'volumes[].dockerVolumeConfiguration.autoprovision': ignored(
    'DockerVolumeOptionIgnored',
    'It is for volumes of scope shared that are folders of the node.',
  ),
  'volumes[].dockerVolumeConfiguration.labels': ignored(
    'DockerVolumeOptionIgnored',
    'The volume is no object of its own and has no labels.',
  ),
  ...Object.fromEntries(Object.entries(containerVerdicts).map(([field, verdict]) => [`containerDefinitions[].${field}`, verdict])),
};

/** Of `networkConfiguration`, of a service and of a task that is run. */
export const networkVerdicts: Verdicts = {
  'networkConfiguration.awsvpcConfiguration.subnets': ignored(
    'SubnetsIgnored',
    'A pod takes its address from the subnets of its node; choose nodes by zone, or subnets in the node class or ENIConfig.',
  ),
  'networkConfiguration.awsvpcConfiguration.securityGroups': ignored(
    'SecurityGroupsIgnored',
    "The node's security groups count. Where the VPC CNI has security groups for pods, say so in the Cluster (securityGroups.provider: SecurityGroupPolicy); they need networkMode awsvpc.",
  ),
  'networkConfiguration.awsvpcConfiguration.assignPublicIp': ignored(
    'NetworkConfigurationIgnored',
    'It is for networkMode awsvpc; with another ECS refuses it.',
  ),
};

const noProxy = (message: string): Verdict => ignored('ServiceConnectProxyFeaturesLost', message);

/** The same for CreateService; the paths begin with `service.`. */
export const serviceVerdicts: Verdicts = Object.fromEntries(
  Object.entries({
    cluster: ignored('ClusterIgnored', 'The service runs in the cluster and the namespace where the object is.'),
    serviceName: ignored('ServiceNameIgnored', 'The service is called as the object is.'),
    clientToken: ignored('ClientTokenIgnored', 'Applying an object twice does nothing twice.'),
    platformVersion: ignored('PlatformVersionIgnored', 'It is a version of Fargate.'),
    ...networkVerdicts,
    'loadBalancers[].advancedConfiguration': ignored(
      'ListenerRulesNotSwitched',
      'Listener rules and a second target group are not used: a blue/green deployment moves the selector of the Kubernetes Service behind the one target group.',
    ),
    'serviceConnectConfiguration.logConfiguration': noProxy('There is no proxy that would log.'),
    'serviceConnectConfiguration.accessLogConfiguration': noProxy('There is no proxy that would log; let the app log its requests.'),
    'serviceConnectConfiguration.containerConfigurations': noProxy('There is no proxy to set up.'),
    'serviceConnectConfiguration.services[].timeout': noProxy(
      'There is no proxy that would end a connection; let client and server do it.',
    ),
    'serviceConnectConfiguration.services[].tls': noProxy(
      'Nothing encrypts what passes between the pods; use a service mesh, or TLS in the app.',
    ),
    'serviceConnectConfiguration.services[].ingressPortOverride': noProxy('There is no proxy that would listen there.'),
    'serviceConnectConfiguration.services[].clientAliases[].testTrafficRules': ignored(
      'TestTrafficUnavailable',
      'There is no traffic for tests alone: at POST_SCALE_UP the new pods run without traffic, and can be reached by their label ecs.drayage.dev/deployment.',
    ),
    'volumeConfigurations[].managedEBSVolume.roleArn': ignored(
      'RoleArnIgnored',
      'The EBS CSI driver makes the volume with its own role; that one needs the permissions.',
    ),
    'volumeConfigurations[].managedEBSVolume.terminationPolicy': ignored(
      'TerminationPolicyIgnored',
      'It is for tasks that are run by themselves; a volume of a service is deleted with its pod.',
    ),
    vpcLatticeConfigurations: ignored(
      'VpcLatticeIgnored',
      'No pod is registered in the target group. Use the AWS Gateway API Controller, with a core Service that selects the label ecs.drayage.dev/service.',
    ),
    gatewayConnectors: ignored(
      'GatewayConnectorsIgnored',
      'No gateway leads to the pods. Use an Ingress or an HTTPRoute, with a core Service that selects the label ecs.drayage.dev/service.',
    ),
    role: ignored('RoleIgnored', 'Pods are registered in load balancers by a controller of the cluster, with its own role.'),
    monitoring: ignored('MonitoringIgnored', 'Metrics are those of the cluster.'),
    'deploymentConfiguration.alarms': ignored(
      'AlarmsIgnored',
      'No alarms of CloudWatch are asked: a deployment goes on whatever they say. The circuit breaker counts failed tasks.',
    ),
    'deploymentConfiguration.lifecycleHooks[].hookTargetArn': ignored(
      'HookTargetIgnored',
      'Hooks call nothing here: a PAUSE waits for an annotation.',
    ),
    'deploymentConfiguration.lifecycleHooks[].roleArn': ignored(
      'HookTargetIgnored',
      'Hooks call nothing here: a PAUSE waits for an annotation.',
    ),
    'deploymentConfiguration.lifecycleHooks[].hookDetails': ignored(
      'HookTargetIgnored',
      'Hooks call nothing here: a PAUSE waits for an annotation.',
    ),
    'deploymentConfiguration.linearConfiguration': ignored(
      'StrategySettingsIgnored',
      'It belongs to another strategy than the one that is asked for.',
    ),
    'deploymentConfiguration.canaryConfiguration': ignored(
      'StrategySettingsIgnored',
      'It belongs to another strategy than the one that is asked for.',
    ),
    'deploymentConfiguration.earlySuccessCriteria': ignored('EarlySuccessIgnored', 'Only a rolling deployment has it.'),
  } satisfies Verdicts).map(([field, verdict]) => [`service.${field}`, verdict]),
);
