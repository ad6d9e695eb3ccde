type Json = Readonly<Record<string, unknown>>;

const ebs: Json = {roleArn: 'arn:aws:iam::123456789012:role/ebs', sizeInGiB: 20, volumeType: 'gp3'};

/** What ECS asks for beside a field. Keys are patterns of structures; the SDK's schemas name hardly any of these. */
const companions: Readonly<Record<string, Json>> = {
  '': {family: 'web'},
  'containerDefinitions[]': {name: 'app', image: 'nginx:1.29'},
  'containerDefinitions[].portMappings[]': {containerPort: 8080},
  'containerDefinitions[].restartPolicy': {enabled: true},
  'containerDefinitions[].environment[]': {name: 'MODE', value: 'on'},
  'containerDefinitions[].environmentFiles[]': {value: 'arn:aws:s3:::files/app.env', type: 's3'},
  'containerDefinitions[].mountPoints[]': {sourceVolume: 'data', containerPath: '/data'},
  'containerDefinitions[].volumesFrom[]': {sourceContainer: 'side'},
  'containerDefinitions[].linuxParameters.devices[]': {hostPath: '/dev/fuse'},
  'containerDefinitions[].linuxParameters.tmpfs[]': {containerPath: '/cache', size: 64},
  'containerDefinitions[].secrets[]': {name: 'TOKEN', valueFrom: '/shop/token'},
  'containerDefinitions[].dependsOn[]': {containerName: 'side', condition: 'SUCCESS'},
  'containerDefinitions[].extraHosts[]': {hostname: 'db.internal', ipAddress: '10.0.0.1'},
  'containerDefinitions[].ulimits[]': {name: 'nofile', softLimit: 1024, hardLimit: 4096},
  'containerDefinitions[].logConfiguration': {logDriver: 'awslogs', options: {'awslogs-group': '/ecs/app', 'awslogs-region': 'eu-west-1'}},
  'containerDefinitions[].logConfiguration.secretOptions[]': {name: 'token', valueFrom: '/shop/log-token'},
  'containerDefinitions[].healthCheck': {command: ['CMD', 'true']},
  'containerDefinitions[].systemControls[]': {namespace: 'net.ipv4.tcp_keepalive_time', value: '500'},
  'containerDefinitions[].resourceRequirements[]': {type: 'GPU', value: '1'},
  'containerDefinitions[].resourceRequirements[].sharingStrategy.nvidiaMps': {memory: 2048},
  'containerDefinitions[].firelensConfiguration': {type: 'fluentbit'},
  'volumes[]': {name: 'data'},
  'volumes[].dockerVolumeConfiguration': {scope: 'task'},
  'volumes[].efsVolumeConfiguration': {fileSystemId: 'fs-0123456789abcdef0'},
  'volumes[].efsVolumeConfiguration.authorizationConfig': {accessPointId: 'fsap-0123456789abcdef0'},
  'volumes[].s3filesVolumeConfiguration': {fileSystemArn: 'arn:aws:s3files:eu-west-1:123456789012:file-system/fs-0123456789abcdef0'},
  'volumes[].fsxWindowsFileServerVolumeConfiguration': {fileSystemId: 'fs-0123456789abcdef0', rootDirectory: 'share'},
  'volumes[].fsxWindowsFileServerVolumeConfiguration.authorizationConfig': {
    credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:ad-AbCdEf',
    domain: 'shop.internal',
  },
  'placementConstraints[]': {type: 'memberOf', expression: 'attribute:ecs.availability-zone == eu-west-1a'},
  'tags[]': {key: 'team', value: 'shop'},
  proxyConfiguration: {type: 'APPMESH', containerName: 'side', properties: [{name: 'AppPorts', value: '8080'}]},
  'proxyConfiguration.properties[]': {name: 'AppPorts', value: '8080'},
  'inferenceAccelerators[]': {deviceName: 'device', deviceType: 'eia2.medium'},
  'service.loadBalancers[]': {
    targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef',
    containerName: 'app',
    containerPort: 8080,
  },
  'service.loadBalancers[].advancedConfiguration': {
    alternateTargetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/1',
    productionListenerRule: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/web/0/1/2',
    roleArn: 'arn:aws:iam::123456789012:role/web',
  },
  'service.serviceRegistries[]': {registryArn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-0123456789abcdef'},
  'service.capacityProviderStrategy[]': {capacityProvider: 'FARGATE', weight: 1},
  'service.deploymentConfiguration.deploymentCircuitBreaker': {enable: true, rollback: true},
  'service.deploymentConfiguration.deploymentCircuitBreaker.thresholdConfiguration': {type: 'COUNT', value: 5},
  'service.deploymentConfiguration.alarms': {alarmNames: ['errors'], enable: true, rollback: true},
  'service.deploymentConfiguration.lifecycleHooks[]': {targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP']},
  'service.deploymentConfiguration.earlySuccessCriteria': {enable: true, healthyPercent: 80},
  'service.placementConstraints[]': {type: 'memberOf', expression: 'attribute:ecs.availability-zone == eu-west-1a'},
  'service.placementStrategy[]': {type: 'spread', field: 'attribute:ecs.availability-zone'},
  'service.networkConfiguration.awsvpcConfiguration': {subnets: ['subnet-0123456789abcdef0']},
  'service.deploymentController': {type: 'ECS'},
  'service.tags[]': {key: 'team', value: 'shop'},
  'service.serviceConnectConfiguration': {enabled: true, namespace: 'shop'},
  'service.serviceConnectConfiguration.services[]': {portName: 'http'},
  'service.serviceConnectConfiguration.services[].clientAliases[]': {port: 80},
  'service.serviceConnectConfiguration.services[].clientAliases[].testTrafficRules.header': {name: 'x-test', value: {exact: 'on'}},
  'service.serviceConnectConfiguration.services[].tls': {
    issuerCertificateAuthority: {awsPcaAuthorityArn: 'arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/0'},
  },
  'service.serviceConnectConfiguration.logConfiguration': {logDriver: 'awslogs', options: {'awslogs-group': '/ecs/proxy'}},
  'service.serviceConnectConfiguration.logConfiguration.secretOptions[]': {name: 'token', valueFrom: '/shop/log-token'},
  'service.serviceConnectConfiguration.accessLogConfiguration': {format: 'JSON'},
  'service.volumeConfigurations[]': {name: 'data', managedEBSVolume: ebs},
  'service.volumeConfigurations[].managedEBSVolume': ebs,
  'service.volumeConfigurations[].managedEBSVolume.tagSpecifications[]': {resourceType: 'volume', tags: [{key: 'team', value: 'shop'}]},
  'runTask.volumeConfigurations[].managedEBSVolume.terminationPolicy': {deleteOnTermination: true},
  'runTask.overrides.containerOverrides[]': {name: 'app'},
  'runTask.overrides.inferenceAcceleratorOverrides[]': {deviceName: 'device', deviceType: 'eia2.medium'},
  'service.volumeConfigurations[].managedEBSVolume.tagSpecifications[].tags[]': {key: 'team', value: 'shop'},
  'service.vpcLatticeConfigurations[]': {
    roleArn: 'arn:aws:iam::123456789012:role/web',
    targetGroupArn: 'arn:aws:vpc-lattice:eu-west-1:123456789012:targetgroup/tg-0123456789abcdef0',
    portName: 'http',
  },
  'service.gatewayConnectors[]': {portName: 'http'},
  'service.monitoring.metricConfigurations[]': {metricNames: ['CPUUtilization'], resolutionSeconds: 20},
};

/** Fields that ECS takes only instead of others beside them; `=` stands before a value for which it is so. */
const instead: Readonly<Record<string, readonly string[]>> = {
  'containerDefinitions[].portMappings[].containerPortRange': ['containerPort'],
  'containerDefinitions[].resourceRequirements[].sharingStrategy': ['value'],
  'service.loadBalancers[].loadBalancerName': ['targetGroupArn'],
  'service.placementConstraints[].type=distinctInstance': ['expression'],
  'service.deploymentConfiguration.lifecycleHooks[].lifecycleStages=TEST_TRAFFIC_SHIFT': ['targetType'],
  'service.deploymentConfiguration.lifecycleHooks[].lifecycleStages=PRODUCTION_TRAFFIC_SHIFT': ['targetType'],
};

/** What one field asks for beside it, and its structure does not. */
const besides: Readonly<Record<string, Json>> = {
  'service.deploymentConfiguration.lifecycleHooks[].targetType': {
    hookTargetArn: 'arn:aws:lambda:eu-west-1:123456789012:function:check',
    roleArn: 'arn:aws:iam::123456789012:role/web',
  },
  'volumes[].efsVolumeConfiguration.authorizationConfig': {transitEncryption: 'ENABLED'},
  'runTask.overrides.containerOverrides[].name': {command: ['--once']},
  'service.serviceRegistries[].containerName': {containerPort: 8080},
  'service.serviceRegistries[].containerPort': {containerName: 'app'},
  'service.volumeConfigurations[].managedEBSVolume.kmsKeyId': {encrypted: true},
  'service.volumeConfigurations[].managedEBSVolume.volumeInitializationRate': {snapshotId: 'snap-0123456789abcdef0'},
};

/** What stands in the structure of this pattern before a field of it is set. */
export function companionsOf(pattern: string): Json {
  return lookUp(companions, pattern) ?? {};
}

/** What stands beside the field of this pattern, beyond what its structure asks for. */
export function besidesOf(pattern: string): Json {
  return lookUp(besides, pattern) ?? {};
}

/** What may not stand beside the field of this pattern when it has this value. */
export function insteadOf(pattern: string, value: unknown): readonly string[] {
  return lookUp(instead, pattern) ?? lookUp(instead, `${pattern}=${String(value)}`) ?? [];
}

/** RunTask takes what a definition and a service have, under other names: what is known of those holds for it. */
export function lookUp<T>(table: Readonly<Record<string, T>>, pattern: string): T | undefined {
  const own = Object.hasOwn(table, pattern) ? table[pattern] : undefined;
  if (own !== undefined || !pattern.startsWith('runTask.')) return own;
  const like = pattern
    .replace(/^runTask\.overrides\.containerOverrides\[\]/, 'containerDefinitions[]')
    .replace(/^runTask\.overrides\./, '')
    .replace(/^runTask\./, 'service.');
  return table[like];
}

export const companionPatterns: readonly string[] = Object.keys(companions);
