type Json = Readonly<Record<string, unknown>>;

/** What ECS asks for beside a field. Keys are patterns of structures; the SDK's schemas name hardly any of these. */
export const companions: Readonly<Record<string, Json>> = {
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
  'placementConstraints[]': {type: 'memberOf', expression: 'attribute:ecs.instance-type =~ t3.*'},
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
  'service.deploymentConfiguration.lifecycleHooks[]': {
    hookTargetArn: 'arn:aws:lambda:eu-west-1:123456789012:function:check',
    roleArn: 'arn:aws:iam::123456789012:role/web',
    lifecycleStages: ['POST_SCALE_UP'],
  },
  'service.deploymentConfiguration.earlySuccessCriteria': {enable: true},
  'service.placementConstraints[]': {type: 'memberOf', expression: 'attribute:ecs.instance-type =~ t3.*'},
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
  'service.volumeConfigurations[]': {name: 'data'},
  'service.volumeConfigurations[].managedEBSVolume': {roleArn: 'arn:aws:iam::123456789012:role/ebs', sizeInGiB: 20},
  'service.volumeConfigurations[].managedEBSVolume.tagSpecifications[]': {resourceType: 'volume'},
  'service.volumeConfigurations[].managedEBSVolume.tagSpecifications[].tags[]': {key: 'team', value: 'shop'},
  'service.vpcLatticeConfigurations[]': {
    roleArn: 'arn:aws:iam::123456789012:role/web',
    targetGroupArn: 'arn:aws:vpc-lattice:eu-west-1:123456789012:targetgroup/tg-0123456789abcdef0',
    portName: 'http',
  },
  'service.gatewayConnectors[]': {portName: 'http'},
  'service.monitoring.metricConfigurations[]': {metricNames: ['CPUUtilization'], resolutionSeconds: 20},
};

/** Fields that ECS takes only instead of others beside them. */
export const instead: Readonly<Record<string, readonly string[]>> = {
  'containerDefinitions[].portMappings[].containerPortRange': ['containerPort'],
  'containerDefinitions[].resourceRequirements[].sharingStrategy': ['value'],
  'service.loadBalancers[].loadBalancerName': ['targetGroupArn'],
};

export interface Pair {
  readonly task: Json;
  readonly service: Json;
}

const app = {name: 'app', image: 'nginx:1.29', portMappings: [{containerPort: 8080, name: 'http'}]};
const side = {name: 'side', image: 'envoy:1', essential: false, healthCheck: {command: ['CMD', 'true']}};
const job = {name: 'third', image: 'busybox:1', essential: false};
const basic: Pair = {task: {family: 'web', memory: '1024', containerDefinitions: [app]}, service: {desiredCount: 3}};
const withSide: Pair = {...basic, task: {...basic.task, containerDefinitions: [app, side, job]}};
const two: Pair = {...basic, task: {...basic.task, containerDefinitions: [app, {name: 'other', image: 'envoy:1'}]}};
const mounted = (volumes: readonly object[]): Pair => ({
  ...basic,
  task: {...basic.task, volumes, containerDefinitions: [{...app, mountPoints: [{sourceVolume: 'data', containerPath: '/data'}]}]},
});
const awsvpc: Pair = {...basic, task: {...basic.task, networkMode: 'awsvpc', cpu: '256'}};

/**
 * Definitions in which a field makes sense; the first pattern that fits counts, and a field that depends on the mode is tried in
 * each. Without one it is {@link basic}.
 */
const surroundings: readonly (readonly [pattern: RegExp, pairs: readonly Pair[]])[] = [
  [/^containerDefinitions\[\]\.essential/, [two]],
  [/^containerDefinitions\[\]\.(?:dependsOn|links|volumesFrom|stopTimeout)|^proxyConfiguration/, [withSide]],
  [
    /^containerDefinitions\[\]\.startTimeout/,
    [
      {
        ...withSide,
        task: {
          ...withSide.task,
          containerDefinitions: [
            {...app, healthCheck: {command: ['CMD', 'true']}},
            {...job, dependsOn: [{containerName: 'app', condition: 'HEALTHY'}]},
          ],
        },
      },
    ],
  ],
  [
    /^containerDefinitions\[\]\.portMappings/,
    [
      {...basic, task: {...basic.task, containerDefinitions: [{name: 'app', image: 'nginx:1.29'}]}},
      {...awsvpc, task: {...awsvpc.task, containerDefinitions: [{name: 'app', image: 'nginx:1.29'}]}},
    ],
  ],
  [/^containerDefinitions\[\]\.mountPoints/, [{...basic, task: {...basic.task, volumes: [{name: 'data'}, {name: 'other'}]}}]],
  [/^networkMode|^ipcMode/, [withSide, basic]],
  [/^volumes\[\]\.name/, [{...basic, task: {...basic.task, volumes: [{name: 'data'}]}}]],
  [
    /^volumes\[\]\.configuredAtLaunch/,
    [
      {
        ...mounted([{name: 'data'}]),
        service: {
          desiredCount: 3,
          volumeConfigurations: [{name: 'data', managedEBSVolume: {roleArn: 'arn:aws:iam::123456789012:role/ebs', sizeInGiB: 20}}],
        },
      },
    ],
  ],
  [/^volumes/, [mounted([{name: 'data'}])]],
  [/^service\.volumeConfigurations/, [mounted([{name: 'data', configuredAtLaunch: true}])]],
  [/^requiresCompatibilities/, [basic, awsvpc]],
  [/^service\.(?:networkConfiguration|loadBalancers|serviceRegistries|serviceConnect|gateway|vpcLattice)/, [awsvpc]],
];
const ordinary: readonly Pair[] = [basic];

export function surroundingsOf(pattern: string): readonly Pair[] {
  return surroundings.find(([fits]) => fits.test(pattern))?.[1] ?? ordinary;
}
