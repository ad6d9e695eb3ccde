import type {Verdicts} from './leftovers.ts';
import type {Note} from './note.ts';

type Verdict = Omit<Note, 'path'>;

function ignored(reason: string, message: string): Verdict {
  return {level: 'ignored', reason, message};
}

function refused(reason: string, message: string): Verdict {
  return {level: 'refused', reason, message};
}

const volume = refused('VolumeNotCarried', 'This sort of volume is not carried yet; remove it, or use an empty volume or host.sourcePath.');

const containerVerdicts: Verdicts = {
  secrets: refused('SecretsNotCarried', 'Secrets are not carried yet; remove them to let the app start without.'),
  environmentFiles: refused('EnvironmentFilesNotCarried', 'Files of variables are not carried yet; write the variables into environment.'),
  repositoryCredentials: ignored(
    'RepositoryCredentialsIgnored',
    'Give the namespace a pull secret for that registry, and name it in imagePullSecrets of its default ServiceAccount.',
  ),
  logConfiguration: ignored(
    'LogConfigurationIgnored',
    'What the container prints goes to the log of its node, where kubectl logs and log agents find it.',
  ),
  firelensConfiguration: ignored('FirelensIgnored', 'The container runs, but no other container prints into it.'),
  credentialSpecs: refused(
    'GmsaUnsupported',
    'Group managed service accounts are carried for Windows containers only (runtimePlatform); remove them to go on without.',
  ),
  'linuxParameters.maxSwap': ignored('SwapIgnored', 'Swap is a setting of the node.'),
  'linuxParameters.swappiness': ignored('SwapIgnored', 'Swap is a setting of the node.'),
  'portMappings[].appProtocol': ignored('AppProtocolIgnored', 'It matters to Service Connect only, which is not carried yet.'),
};

/** What becomes of the fields of RegisterTaskDefinition that the translators do not read. */
export const taskVerdicts: Verdicts = {
  taskRoleArn: ignored(
    'TaskRoleIgnored',
    "The pods run as the namespace's default ServiceAccount; give that one the role, with EKS Pod Identity or the annotation eks.amazonaws.com/role-arn.",
  ),
  executionRoleArn: ignored(
    'ExecutionRoleNotUsed',
    'Images are pulled with the identity of the node or a pull secret; logs are written by the node.',
  ),
  placementConstraints: refused(
    'PlacementNotCarried',
    'Placement constraints are not carried yet; remove them to let the pods run on any node.',
  ),
  proxyConfiguration: refused('ProxyConfigurationNotCarried', 'App Mesh proxies are not set up; remove the field to go on without.'),
  inferenceAccelerators: refused('InferenceAcceleratorUnavailable', 'Elastic Inference is no more; remove the field.'),
  'volumes[].efsVolumeConfiguration': volume,
  'volumes[].fsxWindowsFileServerVolumeConfiguration': volume,
  'volumes[].s3filesVolumeConfiguration': volume,
  'volumes[].configuredAtLaunch': volume,
  'volumes[].dockerVolumeConfiguration.driverOpts': refused(
    'DockerVolumeNotCarried',
    'Options of a volume driver are not carried yet; remove them.',
  ),
  'volumes[].dockerVolumeConfiguration.autoprovision': ignored(
    'DockerVolumeOptionIgnored',
    'It has no meaning for a volume that lives as long as its task.',
  ),
  'volumes[].dockerVolumeConfiguration.labels': ignored('DockerVolumeOptionIgnored', 'The volume is part of the pod and has no labels.'),
  ...Object.fromEntries(Object.entries(containerVerdicts).map(([field, verdict]) => [`containerDefinitions[].${field}`, verdict])),
};

const notYet = (what: string): string => `${what} not carried yet.`;

/** The same for CreateService; the paths begin with `service.`. */
export const serviceVerdicts: Verdicts = Object.fromEntries(
  Object.entries({
    cluster: ignored('ClusterIgnored', 'The service runs in the cluster and the namespace where the object is.'),
    serviceName: ignored('ServiceNameIgnored', 'The service is called as the object is.'),
    clientToken: ignored('ClientTokenIgnored', 'Applying an object twice does nothing twice.'),
    launchType: ignored('LaunchTypeIgnored', 'The scheduler of the cluster chooses among all nodes.'),
    platformVersion: ignored('PlatformVersionIgnored', 'It is a version of Fargate.'),
    capacityProviderStrategy: ignored('CapacityProvidersIgnored', 'The scheduler of the cluster chooses among all nodes.'),
    networkConfiguration: ignored(
      'NetworkConfigurationIgnored',
      'Pods have the network of their cluster: its subnets, and its security groups.',
    ),
    loadBalancers: ignored(
      'LoadBalancersIgnored',
      'Load balancers are not registered yet; make a Kubernetes Service that selects the label ecs.drayage.dev/service.',
    ),
    serviceRegistries: ignored(
      'ServiceRegistriesIgnored',
      'Service discovery is not carried yet; make a Kubernetes Service with the name that clients use.',
    ),
    serviceConnectConfiguration: ignored(
      'ServiceConnectIgnored',
      'Service Connect is not carried yet; make a Kubernetes Service with the name that clients use.',
    ),
    vpcLatticeConfigurations: ignored('VpcLatticeIgnored', notYet('VPC Lattice is')),
    gatewayConnectors: ignored('GatewayConnectorsIgnored', notYet('Gateway connectors are')),
    healthCheckGracePeriodSeconds: ignored(
      'HealthCheckGraceIgnored',
      'It concerns load balancers; a health check has its own startPeriod.',
    ),
    placementConstraints: refused(
      'PlacementNotCarried',
      'Placement constraints are not carried yet; remove them to let the pods run on any node.',
    ),
    placementStrategy: ignored(
      'PlacementStrategyIgnored',
      'The scheduler of the cluster spreads the pods over nodes and zones by its own rules.',
    ),
    availabilityZoneRebalancing: ignored('RebalancingUnavailable', 'Kubernetes moves no pods to balance zones.'),
    enableECSManagedTags: ignored('ManagedTagsIgnored', 'Pods have labels for the service and the family instead.'),
    propagateTags: ignored('PropagateTagsIgnored', 'Tags are kept in annotations of the Deployment.'),
    enableExecuteCommand: ignored('ExecuteCommandIgnored', 'Who may use kubectl exec is a matter of RBAC.'),
    role: ignored('RoleIgnored', 'There is no load balancer that it would be needed for.'),
    volumeConfigurations: refused('VolumeNotCarried', 'EBS volumes are not carried yet; remove them to go on without.'),
    monitoring: ignored('MonitoringIgnored', 'Metrics are those of the cluster.'),
    'deploymentConfiguration.deploymentCircuitBreaker': ignored(
      'CircuitBreakerNotCarried',
      'A deployment that makes no progress for 10 minutes is reported as failed; the pods of the last revision run on, and nothing is rolled back.',
    ),
    'deploymentConfiguration.alarms': ignored('AlarmsIgnored', notYet('Alarms are')),
    'deploymentConfiguration.bakeTimeInMinutes': ignored('BakeTimeIgnored', notYet('Bake time is')),
    'deploymentConfiguration.lifecycleHooks': refused(
      'LifecycleHooksNotCarried',
      'Lifecycle hooks are not carried yet; remove them to deploy without.',
    ),
    'deploymentConfiguration.linearConfiguration': ignored('StrategySettingsIgnored', 'The deployment is a rolling one.'),
    'deploymentConfiguration.canaryConfiguration': ignored('StrategySettingsIgnored', 'The deployment is a rolling one.'),
    'deploymentConfiguration.earlySuccessCriteria': ignored(
      'EarlySuccessIgnored',
      'A deployment is complete when all of its pods are ready.',
    ),
  } satisfies Verdicts).map(([field, verdict]) => [`service.${field}`, verdict]),
);
