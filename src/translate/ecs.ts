import * as z from 'zod';
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
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/, 'must be at most 64 letters, digits, "_" or "-", not beginning with "-"')
    .optional(),
});

export const Dependency = z.looseObject({
  containerName: z.string().max(255),
  condition: z.enum(['START', 'COMPLETE', 'SUCCESS', 'HEALTHY']),
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
  image: z.string('needs an image').min(1).max(4096),
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
  restartPolicy: z.looseObject({enabled: z.boolean()}).optional(),
  linuxParameters: z.looseObject({capabilities: z.looseObject({add: strings.optional(), drop: strings.optional()}).optional()}).optional(),
});

export const Volume = z.looseObject({
  name,
  host: z.looseObject({sourcePath: z.string().max(4096).optional()}).optional(),
  dockerVolumeConfiguration: z
    .looseObject({scope: z.string().max(64).optional(), driver: z.string().max(255).optional(), driverOpts: z.looseObject({}).optional()})
    .optional(),
});

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
export type Dependency = z.infer<typeof Dependency>;

/** CreateService's input: the fields that are carried. */
export const ServiceInput = z.looseObject({
  taskDefinition: z.string().max(512).optional(),
  desiredCount: z.int().min(0).max(10_000).optional(),
  schedulingStrategy: z.enum(['REPLICA', 'DAEMON']).optional(),
  deploymentController: z.looseObject({type: z.string().max(64).optional()}).optional(),
  deploymentConfiguration: z
    .looseObject({
      minimumHealthyPercent: z.int().min(0).max(1000).optional(),
      maximumPercent: z.int().min(0).max(1000).optional(),
      strategy: z.string().max(64).optional(),
    })
    .optional(),
  tags: z
    .array(z.looseObject({key: z.string().max(128), value: z.string().max(256).optional()}))
    .max(50)
    .optional(),
});

export type ServiceInput = z.infer<typeof ServiceInput>;
