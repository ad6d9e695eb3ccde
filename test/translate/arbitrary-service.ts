import * as fc from 'fast-check';

const arn = fc.constantFrom('public', 'private').map((name) => `arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/${name}/6a3018507022`);
const portName = fc.constantFrom('http', 'Grpc_Port', 'admin');
const name = fc.constantFrom('web', 'db', 'db.local', 'api.shop', 'my_db', '9lives', 'api.shop.svc.cluster.local');
const size = fc.integer({min: 125, max: 1024});

const connected = fc.record(
  {
    portName,
    discoveryName: fc.constantFrom('web', 'storefront', 'my_db'),
    // One port for each name of a port: else two of them could ask for the same port of one Service.
    clientAliases: fc.option(
      name.map((dnsName) => [{dnsName}]),
      {nil: undefined},
    ),
    timeout: fc.constant({idleTimeoutSeconds: 5}),
    tls: fc.constant({issuerCertificateAuthority: {awsPcaAuthorityArn: 'a'}}),
    ingressPortOverride: fc.constant(15000),
  },
  {requiredKeys: ['portName']},
);

const aliasPorts: Readonly<Record<string, number>> = {http: 80, Grpc_Port: 90, admin: 91};

/** A task with a volume that is configured at launch, and ports of which some are named. */
export const exposedTask = {
  family: 'shop-web',
  networkMode: 'awsvpc',
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginx',
      memory: 64,
      portMappings: [
        {name: 'http', containerPort: 8080, appProtocol: 'http'},
        {name: 'Grpc_Port', containerPort: 9090, appProtocol: 'grpc'},
        {name: 'admin', containerPort: 8081},
        {containerPort: 53, protocol: 'udp'},
      ],
      mountPoints: [{sourceVolume: 'data', containerPath: '/data'}],
    },
  ],
  volumes: [{name: 'data', configuredAtLaunch: true}],
  tags: [{key: 'owner', value: 'shop'}],
};

/** Services of {@link exposedTask} that can be carried: nothing in them is refused. */
export const carriedServices = fc.record(
  {
    desiredCount: fc.integer({min: 1, max: 5}),
    tags: fc.constantFrom([], [{key: 'team', value: 'shop'}]),
    volumeConfigurations: fc
      .record(
        {
          roleArn: fc.constant('arn:aws:iam::1:role/r'),
          sizeInGiB: size,
          volumeType: fc.constantFrom('gp2', 'gp3', 'st1', 'sc1', 'standard'),
          encrypted: fc.boolean(),
          filesystemType: fc.constantFrom('ext4', 'xfs'),
          tagSpecifications: fc.constantFrom([
            {
              resourceType: 'volume',
              propagateTags: 'TASK_DEFINITION',
              tags: [
                {key: 'a', value: 'b'},
                {key: 'c', value: '{{'},
              ],
            },
          ]),
        },
        {requiredKeys: ['sizeInGiB']},
      )
      .map((managedEBSVolume) => [{name: 'data', managedEBSVolume}]),
    networkConfiguration: fc.record({
      awsvpcConfiguration: fc.record(
        {
          subnets: fc.constant(['subnet-1', 'subnet-2']),
          securityGroups: fc.constantFrom(['sg-1'], ['sg-1', 'sg-2']),
          assignPublicIp: fc.constantFrom('ENABLED', 'DISABLED'),
        },
        {requiredKeys: []},
      ),
    }),
    loadBalancers: fc.uniqueArray(
      fc.record({targetGroupArn: arn, containerName: fc.constant('web'), containerPort: fc.constantFrom(8080, 9090)}),
      {maxLength: 2, selector: ({targetGroupArn, containerPort}) => `${targetGroupArn} ${containerPort}`},
    ),
    serviceRegistries: fc.constantFrom(
      [],
      [{registryArn: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-1'}],
      [{registryArn: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-2', containerName: 'web', containerPort: 8080}],
      [{registryArn: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-2', port: 8080}],
    ),
    serviceConnectConfiguration: fc.record(
      {
        enabled: fc.boolean(),
        namespace: fc.constantFrom('shop', 'internal', 'arn:aws:servicediscovery:eu-west-1:1:namespace/ns-1'),
        services: fc.array(connected, {maxLength: 3}).map((all) =>
          all.map(({clientAliases, ...one}) => ({
            ...one,
            ...(clientAliases === undefined
              ? {}
              : {clientAliases: clientAliases.map((alias) => ({...alias, port: aliasPorts[one.portName]}))}),
          })),
        ),
        logConfiguration: fc.constant({logDriver: 'awslogs'}),
      },
      {requiredKeys: ['enabled']},
    ),
    vpcLatticeConfigurations: fc.constant([{roleArn: 'r', targetGroupArn: 't', portName: 'http'}]),
    gatewayConnectors: fc.constant([{portName: 'http'}]),
  },
  {requiredKeys: ['volumeConfigurations']},
);

/** What a Cluster may say about what it has. */
export const clusters = fc.record(
  {
    loadBalancers: fc.constantFrom({provider: 'TargetGroupBinding' as const}, {provider: 'None' as const}),
    securityGroups: fc.constantFrom({provider: 'SecurityGroupPolicy' as const}, {provider: 'None' as const}),
    serviceDiscovery: fc.constant({names: {'srv-1': 'storefront'}}),
    ebs: fc.constant({provisioner: 'ebs.csi.eks.amazonaws.com'}),
  },
  {requiredKeys: []},
);
