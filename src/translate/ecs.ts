import * as z from 'zod';
import {DeploymentConfiguration} from './deployment-configuration.ts';
import {LoadBalancer, NetworkConfiguration, ServiceConnect, ServiceRegistry} from './ecs-service-networking.ts';
import {DockerVolume, EfsVolume, S3FilesVolume, VolumeConfiguration} from './ecs-volumes.ts';
import {credentialsSourceOf, fileSourceOf, sourceCheck, valueSourceOf} from './value-from.ts';

// The fields of RegisterTaskDefinition that are carried, with ECS's own limits. Everything else stays in the object as it is:
// it is not ours to check, and ends as a note.

const name = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be 1 to 255 letters, digits, "-" or "_"');
const port = z.int().min(1).max(65535);
const text = z.string().max(65536);
const strings = z.array(text).max(1000);

export const HealthCheck = z.looseObject({
  command: strings.min(1),
  interval: z.int().min(5).max(300).optional(),
  timeout: z.int().min(2).max(60).optional(),
  retries: z.int().min(1).max(10).optional(),
  startPeriod: z.int().min(0).max(300).optional(),
});

export const PortMapping = z.looseObject({
  containerPort: port.optional(),
  hostPort: z.int().min(0).max(65535).optional(),
  protocol: z.string().max(64).optional(),
  containerPortRange: z.string().max(64).optional(),
  appProtocol: z.enum(['http', 'http2', 'grpc']).optional(),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/, 'must be at most 64 letters, digits, "_" or "-", not beginning with "-"')
    .optional(),
});

export const Dependency = z.looseObject({
  containerName: z.string().max(255),
  condition: z.enum(['START', 'COMPLETE', 'SUCCESS', 'HEALTHY']),
});

/** A file system in memory; `size` in MiB. */
export const Tmpfs = z.looseObject({containerPath: z.string().min(1).max(4096), size: z.int().min(1), mountOptions: strings.optional()});

export const LinuxParameters = z.looseObject({
  capabilities: z.looseObject({add: strings.optional(), drop: strings.optional()}).optional(),
  devices: z
    .array(
      z.looseObject({
        hostPath: z.string().min(1).max(4096),
        containerPath: z.string().max(4096).optional(),
        permissions: strings.optional(),
      }),
    )
    .max(100)
    .optional(),
  initProcessEnabled: z.boolean().optional(),
  /** MiB. */
  sharedMemorySize: z.int().min(0).optional(),
  tmpfs: z.array(Tmpfs).max(100).optional(),
});

export const RestartPolicy = z.looseObject({
  enabled: z.boolean(),
  ignoredExitCodes: z.array(z.int()).max(50).optional(),
  restartAttemptPeriod: z.int().optional(),
});

export const ResourceRequirement = z.looseObject({
  type: z.string().max(64),
  value: z.string().max(64).optional(),
  sharingStrategy: z
    .looseObject({
      nvidiaMps: z.looseObject({memory: z.int().min(1).optional(), maxComputePercent: z.int().min(1).max(100).optional()}).optional(),
    })
    .optional(),
});

export const SecretReference = z.looseObject({
  name: z.string().min(1).max(4096),
  valueFrom: z.string('needs valueFrom').check(sourceCheck(valueSourceOf)),
});

export const LogConfiguration = z.looseObject({
  logDriver: z.enum(['json-file', 'syslog', 'journald', 'gelf', 'fluentd', 'awslogs', 'splunk', 'awsfirelens']),
  options: z.record(z.string(), text).optional(),
  secretOptions: z.array(SecretReference).max(100).optional(),
});

export const ContainerDefinition = z.looseObject({
  name,
  image: z.string('needs an image; name one, such as nginx:1.29').min(1).max(4096),
  command: strings.optional(),
  entryPoint: strings.optional(),
  environment: z
    .array(z.looseObject({name: z.string().min(1).max(4096), value: text.optional()}))
    .max(1000)
    .optional(),
  environmentFiles: z
    .array(z.looseObject({type: z.literal('s3', 'must be s3'), value: z.string().check(sourceCheck(fileSourceOf))}))
    .max(10)
    .optional(),
  secrets: z.array(SecretReference).max(1000).optional(),
  repositoryCredentials: z
    .looseObject({credentialsParameter: z.string('needs a secret').check(sourceCheck(credentialsSourceOf))})
    .optional(),
  logConfiguration: LogConfiguration.optional(),
  firelensConfiguration: z.looseObject({type: z.enum(['fluentd', 'fluentbit']), options: z.record(z.string(), text).optional()}).optional(),
  portMappings: z.array(PortMapping).max(100).optional(),
  cpu: z.int().min(0).max(196608).optional(),
  memory: z.int().min(6).max(1_000_000_000).optional(),
  memoryReservation: z.int().min(6).max(1_000_000_000).optional(),
  essential: z.boolean().optional(),
  workingDirectory: text.optional(),
  user: z.string().max(255).optional(),
  privileged: z.boolean().optional(),
  readonlyRootFilesystem: z.boolean().optional(),
  interactive: z.boolean().optional(),
  pseudoTerminal: z.boolean().optional(),
  stopTimeout: z.int().min(0).max(86400).optional(),
  healthCheck: HealthCheck.optional(),
  dependsOn: z.array(Dependency).max(100).optional(),
  mountPoints: z
    .array(z.looseObject({sourceVolume: name, containerPath: z.string().min(1).max(4096), readOnly: z.boolean().optional()}))
    .max(100)
    .optional(),
  links: strings.optional(),
  extraHosts: z
    .array(z.looseObject({hostname: z.string().min(1).max(253), ipAddress: z.string().min(1).max(64)}))
    .max(100)
    .optional(),
  dockerLabels: z.record(z.string(), text).optional(),
  dockerSecurityOptions: strings.optional(),
  versionConsistency: z.enum(['enabled', 'disabled']).optional(),
  restartPolicy: RestartPolicy.optional(),
  linuxParameters: LinuxParameters.optional(),
  ulimits: z
    .array(z.looseObject({name: z.string().max(64), softLimit: z.int(), hardLimit: z.int()}))
    .max(100)
    .optional(),
  systemControls: z
    .array(z.looseObject({namespace: z.string().max(253).optional(), value: z.string().max(4096).optional()}))
    .max(100)
    .optional(),
  hostname: z.string().max(253).optional(),
  dnsServers: strings.optional(),
  dnsSearchDomains: strings.optional(),
  disableNetworking: z.boolean().optional(),
  startTimeout: z.int().min(0).max(86400).optional(),
  volumesFrom: z
    .array(z.looseObject({sourceContainer: name, readOnly: z.boolean().optional()}))
    .max(100)
    .optional(),
  resourceRequirements: z.array(ResourceRequirement).max(100).optional(),
  credentialSpecs: strings.optional(),
});

export const Volume = z.looseObject({
  name,
  host: z.looseObject({sourcePath: z.string().max(4096).optional()}).optional(),
  dockerVolumeConfiguration: DockerVolume.optional(),
  efsVolumeConfiguration: EfsVolume.optional(),
  s3filesVolumeConfiguration: S3FilesVolume.optional(),
  configuredAtLaunch: z.boolean().optional(),
});

const PlacementConstraint = z.looseObject({type: z.enum(['distinctInstance', 'memberOf']), expression: z.string().max(2000).optional()});
const PlacementStrategy = z.looseObject({type: z.enum(['spread', 'binpack', 'random']), field: z.string().max(255).optional()});

/** RegisterTaskDefinition's input as ECS takes it, after {@link normalize}: no nulls, plain units, no wrapper. */
export const TaskDefinition = z.looseObject({
  family: name,
  containerDefinitions: z.array(ContainerDefinition, 'needs at least one container').min(1).max(10),
  cpu: z.string().optional(),
  memory: z.string().optional(),
  networkMode: z.enum(['awsvpc', 'bridge', 'host', 'none', 'default']).optional(),
  pidMode: z.enum(['host', 'task']).optional(),
  ipcMode: z.enum(['host', 'task', 'none']).optional(),
  requiresCompatibilities: z
    .array(z.enum(['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES']))
    .max(10)
    .optional(),
  runtimePlatform: z
    .looseObject({cpuArchitecture: z.enum(['X86_64', 'ARM64']).optional(), operatingSystemFamily: z.string().max(64).optional()})
    .optional(),
  volumes: z.array(Volume).max(100).optional(),
  ephemeralStorage: z.looseObject({sizeInGiB: z.int().min(20).max(200)}).optional(),
  enableFaultInjection: z.boolean().optional(),
  placementConstraints: z.array(PlacementConstraint).max(10).optional(),
  taskRoleArn: z.string().max(2048).optional(),
  tags: z
    .array(z.looseObject({key: z.string().max(128), value: z.string().max(256).optional()}))
    .max(50)
    .optional(),
});

export type TaskDefinition = z.infer<typeof TaskDefinition>;
export type ContainerDefinition = z.infer<typeof ContainerDefinition>;
export type PortMapping = z.infer<typeof PortMapping>;
export type HealthCheck = z.infer<typeof HealthCheck>;
export type Volume = z.infer<typeof Volume>;
export type LinuxParameters = z.infer<typeof LinuxParameters>;
export type PlacementConstraint = z.infer<typeof PlacementConstraint>;
export type PlacementStrategy = z.infer<typeof PlacementStrategy>;
export type Dependency = z.infer<typeof Dependency>;

/** Where tasks run, as CreateService and RunTask say it. */
export const placementFields = {
  launchType: z.enum(['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES']).optional(),
  capacityProviderStrategy: z
    .array(
      z.looseObject({
        capacityProvider: z.string().min(1).max(255),
        base: z.int().min(0).max(100_000).optional(),
        weight: z.int().min(0).max(1000).optional(),
      }),
    )
    .max(20)
    .optional(),
  placementConstraints: z.array(PlacementConstraint).max(10).optional(),
  placementStrategy: z.array(PlacementStrategy).max(5).optional(),
};

const WhereToRun = z.looseObject(placementFields);
export type WhereToRun = z.infer<typeof WhereToRun>;

/** CreateService's input: the fields that are carried. */
export const ServiceInput = z.looseObject({
  ...placementFields,
  taskDefinition: z.string().max(512).optional(),
  desiredCount: z.int().min(0).max(10_000).optional(),
  schedulingStrategy: z.enum(['REPLICA', 'DAEMON']).optional(),
  deploymentController: z.looseObject({type: z.string().max(64).optional()}).optional(),
  deploymentConfiguration: DeploymentConfiguration.optional(),
  availabilityZoneRebalancing: z.enum(['ENABLED', 'DISABLED']).optional(),
  healthCheckGracePeriodSeconds: z.int().min(0).max(2_147_483_647).optional(),
  propagateTags: z.enum(['SERVICE', 'TASK_DEFINITION', 'NONE']).optional(),
  loadBalancers: z.array(LoadBalancer).max(100).optional(),
  serviceRegistries: z.array(ServiceRegistry).max(100).optional(),
  serviceConnectConfiguration: ServiceConnect.optional(),
  networkConfiguration: NetworkConfiguration.optional(),
  volumeConfigurations: z.array(VolumeConfiguration).max(10).optional(),
  tags: z
    .array(z.looseObject({key: z.string().max(128), value: z.string().max(256).optional()}))
    .max(50)
    .optional(),
});

export type ServiceInput = z.infer<typeof ServiceInput>;
