type Json = Readonly<Record<string, unknown>>;

/** What is translated: a definition, and how it runs. */
export interface Pair {
  readonly task: Json;
  readonly service: Json;
}

const app = {name: 'app', image: 'nginx:1.29', portMappings: [{containerPort: 8080, name: 'http'}]};
const side = {name: 'side', image: 'envoy:1', essential: false, healthCheck: {command: ['CMD', 'true']}};
const job = {name: 'third', image: 'busybox:1', essential: false};
const basic: Pair = {task: {family: 'web', memory: '1024', containerDefinitions: [app]}, service: {desiredCount: 3}};
const withSide: Pair = {...basic, task: {...basic.task, containerDefinitions: [app, side, job]}};
const data = {sourceVolume: 'data', containerPath: '/data'};
const sharing: Pair = {
  ...basic,
  task: {...basic.task, volumes: [{name: 'data'}], containerDefinitions: [app, {...side, mountPoints: [data]}]},
};
const two: Pair = {...basic, task: {...basic.task, containerDefinitions: [app, {name: 'other', image: 'envoy:1'}]}};
const mounted = (volumes: readonly object[]): Pair => ({
  ...basic,
  task: {...basic.task, volumes, containerDefinitions: [{...app, mountPoints: [data]}]},
});
const tagged = ({task, service}: Pair): Pair => ({
  task: {...task, tags: [{key: 'owner', value: 'web'}]},
  service: {...service, tags: [{key: 'tier', value: 'front'}]},
});
const deployed = (pair: Pair, deploymentConfiguration: object): Pair => ({...pair, service: {...pair.service, deploymentConfiguration}});
const awsvpc: Pair = {...basic, task: {...basic.task, networkMode: 'awsvpc', cpu: '256'}};

/**
 * Definitions in which a field makes sense; the first pattern that fits counts, and a field that depends on the mode is tried in
 * each. Without one it is {@link basic}.
 */
const surroundings: readonly (readonly [pattern: RegExp, pairs: readonly Pair[]])[] = [
  [/^containerDefinitions\[\]\.essential/, [two]],
  [/^containerDefinitions\[\]\.volumesFrom/, [sharing]],
  [/^containerDefinitions\[\]\.(?:dependsOn|links|stopTimeout)|^proxyConfiguration|^runTask\.overrides\.containerOverrides/, [withSide]],
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
  [/^service\.propagateTags/, [tagged(basic)]],
  [/^service\.deploymentConfiguration\.linear/, [deployed(awsvpc, {strategy: 'LINEAR'})]],
  [/^service\.deploymentConfiguration\.canary/, [deployed(awsvpc, {strategy: 'CANARY'})]],
  [/^service\.deploymentConfiguration\.bakeTime/, [deployed(awsvpc, {strategy: 'BLUE_GREEN'})]],
  [/^service\.deploymentConfiguration\.early/, [deployed(basic, {minimumHealthyPercent: 50})]],
  [
    /^(?:service|runTask)\.volumeConfigurations\[\]\.managedEBSVolume\.tagSpec/,
    [tagged(mounted([{name: 'data', configuredAtLaunch: true}]))],
  ],
  [/^(?:service|runTask)\.volumeConfigurations/, [mounted([{name: 'data', configuredAtLaunch: true}])]],
  [/^requiresCompatibilities/, [basic, awsvpc]],
  [/^(?:service|runTask)\.(?:networkConfiguration|loadBalancers|serviceRegistries|serviceConnect|gateway|vpcLattice)/, [awsvpc]],
];
const ordinary: readonly Pair[] = [basic];

export function surroundingsOf(pattern: string): readonly Pair[] {
  return surroundings.find(([fits]) => fits.test(pattern))?.[1] ?? ordinary;
}
