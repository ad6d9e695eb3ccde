import * as fc from 'fast-check';

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
const text = fc.string({unit: fc.constantFrom('$', '(', ')', 'A', 'b', '"', ' ', 'é', '\n', '{', '<', '>'), maxLength: 12});
const healthCheck = fc.record(
  {
    command: fc.tuple(fc.constantFrom('CMD', 'CMD-SHELL', 'NONE'), text).map(([form, line]) => [form, line]),
    interval: fc.integer({min: 5, max: 300}),
    timeout: fc.integer({min: 2, max: 60}),
    retries: fc.integer({min: 1, max: 10}),
    startPeriod: fc.integer({min: 0, max: 300}),
  },
  {requiredKeys: ['command']},
);

const port = fc.record(
  {
    containerPort: fc.integer({min: 1, max: 65535}),
    hostPort: fc.constantFrom(0, 80, 8080),
    protocol: fc.constantFrom('tcp', 'udp', 'TCP'),
    name,
    appProtocol: fc.constantFrom('http', 'grpc'),
    containerPortRange: fc.constant('80-90'),
  },
  {requiredKeys: []},
);

// Fields that are carried, fields that are not, and fields that nobody has heard of.
const container = fc.record(
  {
    name,
    image: fc.constantFrom(
      'nginx',
      'nginx:1.29',
      `busybox@sha256:${'0'.repeat(64)}`,
      '<IMAGE1_NAME>',
      '1.dkr.ecr.eu-west-1.amazonaws.com/a:b',
    ),
    command: fc.array(text, {maxLength: 3}),
    entryPoint: fc.array(text, {maxLength: 3}),
    environment: fc.array(fc.record({name, value: text}, {requiredKeys: ['name']}), {maxLength: 4}),
    portMappings: fc.array(port, {maxLength: 2}),
    cpu: fc.integer({min: 0, max: 4096}),
    memory: fc.integer({min: 6, max: 4096}),
    memoryReservation: fc.integer({min: 6, max: 512}),
    essential: fc.boolean(),
    workingDirectory: fc.constantFrom('/', '/srv/app'),
    user: fc.constantFrom('0', '1000:1000', 'root', 'nobody', ''),
    privileged: fc.boolean(),
    readonlyRootFilesystem: fc.boolean(),
    interactive: fc.boolean(),
    pseudoTerminal: fc.boolean(),
    stopTimeout: fc.integer({min: 0, max: 120}),
    healthCheck,
    dependsOn: fc.array(
      fc.record({containerName: fc.constantFrom('a', 'b'), condition: fc.constantFrom('START', 'HEALTHY', 'SUCCESS', 'COMPLETE')}),
      {maxLength: 1},
    ),
    mountPoints: fc.array(
      fc.record({sourceVolume: fc.constantFrom('v', 'w'), containerPath: fc.constantFrom('/a', '/b'), readOnly: fc.boolean()}),
      {maxLength: 1},
    ),
    links: fc.constantFrom(['a'], ['a:db']),
    extraHosts: fc.constant([{hostname: 'db.local', ipAddress: '10.0.0.1'}]),
    dockerLabels: fc.dictionary(fc.constantFrom('a', 'com.example/b', '_'), text),
    dockerSecurityOptions: fc.constantFrom(['no-new-privileges'], ['label:x']),
    versionConsistency: fc.constantFrom('enabled', 'disabled'),
    restartPolicy: fc.constantFrom({enabled: true, restartAttemptPeriod: 60}, {enabled: false}),
    linuxParameters: fc.constantFrom(
      {capabilities: {add: ['SYS_PTRACE']}},
      {initProcessEnabled: true},
      {tmpfs: [{containerPath: '/t', size: 1}]},
    ),
    logConfiguration: fc.constant({logDriver: 'awslogs', options: {'awslogs-group': 'g'}}),
    secrets: fc.constantFrom([], [{name: 'A', valueFrom: 'arn:aws:ssm:x'}], [{name: 'A', valueFrom: '/shop/a'}]),
    environmentFiles: fc.constantFrom(
      [],
      [{type: 's3', value: 'arn:aws:s3:::b/a.txt'}],
      [{type: 's3', value: 'arn:aws:s3:::bucket/a.env'}],
    ),
    ulimits: fc.constant([{name: 'nofile', softLimit: 1, hardLimit: 1}]),
    hostname: fc.constant('h'),
    dnsServers: fc.constantFrom(['10.0.0.2'], ['not an address']),
    systemControls: fc.constantFrom(
      [{namespace: 'net.ipv4.tcp_fin_timeout', value: '10'}],
      [{namespace: 'net.core.somaxconn', value: '1'}],
      [{namespace: ''}],
    ),
    resourceRequirements: fc.constantFrom([{type: 'GPU', value: '1'}], [{type: 'GPU', value: 'ALL'}]),
    volumesFrom: fc.constantFrom([{sourceContainer: 'a'}], [{sourceContainer: 'b', readOnly: true}]),
    disableNetworking: fc.boolean(),
    startTimeout: fc.integer({min: 2, max: 120}),
    soonToBe: fc.jsonValue({maxDepth: 2}),
  },
  {requiredKeys: ['name', 'image']},
);

/** Task definitions of which many are valid, and every field stands in some. */
export const taskDefinitions = fc.record(
  {
    family: name,
    containerDefinitions: fc.uniqueArray(
      fc.oneof(
        container,
        container.map((one) => ({...one, name: 'a', essential: true})),
      ),
      {
        minLength: 1,
        maxLength: 3,
        selector: ({name}) => name,
      },
    ),
    memory: fc.constantFrom('16384', '32GB', 65536, '.5 GB', null),
    cpu: fc.constantFrom('16384', '32 vCPU', '.25 vcpu', null),
    networkMode: fc.constantFrom('awsvpc', 'bridge', 'host', 'none', '', null),
    pidMode: fc.constantFrom('host', 'task', ''),
    ipcMode: fc.constantFrom('host', 'task', 'none', ''),
    requiresCompatibilities: fc.constantFrom(['EC2'], ['FARGATE'], []),
    runtimePlatform: fc.constantFrom(
      {cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX'},
      {operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE'},
    ),
    volumes: fc.constantFrom(
      [{name: 'v'}],
      [
        {name: 'v', host: {sourcePath: '/x'}},
        {name: 'w', host: {}},
      ],
      [{name: 'v', efsVolumeConfiguration: {fileSystemId: 'fs-1'}}],
    ),
    tags: fc.constantFrom([], [{key: 'a', value: ''}]),
    taskRoleArn: fc.constantFrom('', 'arn:aws:iam::1:role/r'),
    revision: fc.constant(3),
    newField: fc.jsonValue({maxDepth: 2}),
  },
  {requiredKeys: ['family', 'containerDefinitions', 'memory']},
);

const carriedVolume = fc.oneof(
  fc.constantFrom({}, {host: {sourcePath: '/x'}}, {host: {}}),
  fc.record({
    efsVolumeConfiguration: fc.oneof(
      fc.record(
        {
          fileSystemId: fc.constant('fs-01234567'),
          rootDirectory: fc.constantFrom('/', '/a', '/a/b'),
          transitEncryption: fc.constantFrom('ENABLED', 'DISABLED'),
          transitEncryptionPort: fc.constant(2999),
        },
        {requiredKeys: ['fileSystemId']},
      ),
      fc.record({
        fileSystemId: fc.constant('fs-01234567'),
        transitEncryption: fc.constant('ENABLED'),
        authorizationConfig: fc.record(
          {accessPointId: fc.constant('fsap-01234567'), iam: fc.constantFrom('ENABLED', 'DISABLED')},
          {requiredKeys: []},
        ),
      }),
    ),
  }),
  fc.record({
    dockerVolumeConfiguration: fc.record(
      {
        scope: fc.constantFrom('task', 'shared'),
        autoprovision: fc.boolean(),
        driver: fc.constant('local'),
        labels: fc.constant({a: 'b'}),
        driverOpts: fc.constantFrom(
          {type: 'nfs', device: ':/x', o: 'addr=10.0.0.1,ro'},
          {type: 'nfs4', device: 'host:/x'},
          {type: 'none', device: '/srv', o: 'bind'},
          {device: '/srv', o: 'bind,rw'},
        ),
      },
      {requiredKeys: []},
    ),
  }),
  fc.constant({
    s3filesVolumeConfiguration: {fileSystemArn: 'arn:aws:s3files:eu-west-1:1:file-system/fs-01234567', rootDirectory: '/a'},
  }),
  fc.constant({dockerVolumeConfiguration: {driverOpts: {type: 'tmpfs', device: 'tmpfs', o: 'size=10m,mode=700'}}}),
  fc.constant({configuredAtLaunch: true}),
);

const secrets = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^SECRET_[A-Z]{1,8}$/),
    valueFrom: fc.constantFrom(
      '/shop/password',
      'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/password',
      'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf',
      'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf:key:AWSPREVIOUS:',
    ),
  }),
  {maxLength: 3, selector: ({name}) => name},
);

const logConfiguration = fc.oneof(
  fc.constant({logDriver: 'awslogs', options: {'awslogs-group': 'g', 'awslogs-region': 'eu-west-1', mode: 'blocking'}}),
  fc.constant({
    logDriver: 'awsfirelens',
    options: {Name: 'http', Host: 'logs.example.com'},
    secretOptions: [{name: 'apikey', valueFrom: '/log'}],
  }),
  fc.constant({
    logDriver: 'splunk',
    options: {'splunk-url': 'https://s.example.com:8088'},
    secretOptions: [{name: 'splunk-token', valueFrom: '/s'}],
  }),
  fc.record({
    logDriver: fc.constantFrom('json-file', 'syslog', 'gelf', 'fluentd', 'journald'),
    options: fc.dictionary(fc.constantFrom('tag', 'a'), text),
  }),
);

const carriedContainer = fc.record(
  {
    name,
    image: fc.constantFrom('nginx', 'nginx:1.29', `busybox@sha256:${'0'.repeat(64)}`),
    command: fc.array(text, {maxLength: 3}),
    entryPoint: fc.array(text, {maxLength: 3}),
    environment: fc.uniqueArray(fc.record({name, value: text}, {requiredKeys: ['name']}), {maxLength: 4, selector: ({name}) => name}),
    cpu: fc.integer({min: 2, max: 1024}),
    memory: fc.integer({min: 512, max: 4096}),
    memoryReservation: fc.integer({min: 6, max: 512}),
    workingDirectory: fc.constantFrom('/', '/srv/app'),
    user: fc.constantFrom('0', '1000:1000', 'root'),
    privileged: fc.boolean(),
    readonlyRootFilesystem: fc.boolean(),
    interactive: fc.boolean(),
    pseudoTerminal: fc.boolean(),
    stopTimeout: fc.integer({min: 0, max: 120}),
    healthCheck: healthCheck.map((check) => ({...check, command: ['CMD-SHELL', 'exit 0']})),
    mountPoints: fc.constantFrom([], [{sourceVolume: 'v', containerPath: '/a', readOnly: true}]),
    links: fc.constantFrom(['a'], ['a:db']),
    extraHosts: fc.constant([{hostname: 'db.local', ipAddress: '10.0.0.1'}]),
    dockerLabels: fc.dictionary(fc.constantFrom('a', 'com.example/b', '_'), text),
    dockerSecurityOptions: fc.constant([]),
    versionConsistency: fc.constantFrom('enabled', 'disabled'),
    restartPolicy: fc.constantFrom({enabled: true, restartAttemptPeriod: 60, ignoredExitCodes: [3]}, {enabled: false}),
    linuxParameters: fc.constantFrom(
      {capabilities: {add: ['SYS_PTRACE'], drop: ['ALL']}},
      {initProcessEnabled: true, maxSwap: 1},
      {sharedMemorySize: 64, tmpfs: [{containerPath: '/t', size: 1, mountOptions: ['ro', 'noexec']}]},
    ),
    resourceRequirements: fc.constantFrom(
      [{type: 'GPU', value: '1'}],
      [{type: 'GPU', sharingStrategy: {nvidiaMps: {memory: 1, maxComputePercent: 5}}}],
    ),
    disableNetworking: fc.constant(false),
    startTimeout: fc.integer({min: 2, max: 120}),
    logConfiguration,
    firelensConfiguration: fc.constantFrom(
      {},
      {type: 'fluentbit', options: {'config-file-type': 'file', 'config-file-value': '/a.conf'}},
      {type: 'fluentd'},
    ),
    ulimits: fc.constant([{name: 'nofile', softLimit: 1, hardLimit: 1}]),
    secrets,
    environmentFiles: fc.constantFrom([], [{type: 's3', value: 'arn:aws:s3:::my-bucket/shop/a.env'}]),
    repositoryCredentials: fc.constantFrom({}, {credentialsParameter: 'hub'}),
    soonToBe: fc.jsonValue({maxDepth: 2}),
  },
  {requiredKeys: ['name', 'image']},
);

/** Task definitions that can be carried: nothing in them is refused. */
export const carriedTaskDefinitions = fc
  .record(
    {
      family: name,
      containerDefinitions: fc.uniqueArray(carriedContainer, {minLength: 1, maxLength: 3, selector: ({name}) => name}),
      memory: fc.constantFrom('16384', '32GB', 65536),
      cpu: fc.constantFrom('16384', '32 vCPU', null),
      networkMode: fc.constantFrom('awsvpc', 'bridge', 'host', 'none', '', null),
      pidMode: fc.constantFrom('host', 'task', ''),
      ipcMode: fc.constantFrom('host', 'task', 'none', ''),
      runtimePlatform: fc.constantFrom({cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX'}, {cpuArchitecture: 'X86_64'}),
      volumes: carriedVolume.map((volume) => [{name: 'v', ...volume}, {name: 'w'}]),
      tags: fc.constantFrom([], [{key: 'a', value: ''}], [{key: 'a', value: 'b'}]),
      taskRoleArn: fc.constantFrom('', 'arn:aws:iam::1:role/r'),
      ephemeralStorage: fc.constant({sizeInGiB: 30}),
      enableFaultInjection: fc.boolean(),
      revision: fc.constant(3),
      newField: fc.jsonValue({maxDepth: 2}),
    },
    {requiredKeys: ['family', 'containerDefinitions', 'memory', 'volumes']},
  )
  .chain((task) => fc.tuple(fc.constant(task), fc.array(fc.tuple(fc.boolean(), port), {minLength: 3, maxLength: 3})))
  .map(([task, ports]) => ({
    ...task,
    containerDefinitions: task.containerDefinitions.map((one, index) => withPort(oneRouter(one, index), index, ports[index])),
  }));

function oneRouter<T extends object>(one: T, index: number): T {
  return index === 0 ? one : {...one, firelensConfiguration: {}};
}

function withPort<T extends object>(one: T, index: number, drawn: readonly [boolean, {name?: string}] | undefined): T {
  if (drawn === undefined || !drawn[0]) return one;
  const {name} = drawn[1];
  const named = name === undefined || name.startsWith('-') ? {} : {name: `${name}${index}`};
  return {...one, portMappings: [{containerPort: 8080 + index, protocol: index === 1 ? 'udp' : 'tcp', ...named}]};
}
