import test from 'ava';
import * as fc from 'fast-check';
import {managedBy, managedByLabel} from '../../src/schema/labels.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import type {Context} from '../../src/translate/context.ts';
import type {TaskDefinition} from '../../src/translate/ecs.ts';
import {exposeService} from '../../src/translate/expose.ts';
import {namespaceLabel, serviceLabel, taskLabel} from '../../src/translate/labels.ts';
import {normalizeTaskDefinition} from '../../src/translate/normalize.ts';
import {podOf} from '../../src/translate/pod.ts';
import {translate} from '../../src/translate/translate.ts';
import {unaccountedOfService} from './accounting.ts';
import {carriedServices, clusters, exposedTask} from './arbitrary-service.ts';

const settings = {name: 'web', namespace: 'shop'};
const clusterWide = new Set(['PersistentVolume', 'StorageClass', 'VolumeSnapshotContent']);

test('every leaf of a service changes what is made, or has a note', (t) => {
  fc.assert(
    fc.property(carriedServices, clusters, (service, cluster) => {
      const {notes} = translate(exposedTask, service, {...settings, cluster});
      t.deepEqual(
        notes.filter(({level}) => level === 'refused'),
        [],
      );
      t.deepEqual(unaccountedOfService(exposedTask, service, {...settings, cluster}), []);
    }),
    {numRuns: 60},
  );
});

test('each object is there once, and is found by its labels', (t) => {
  fc.assert(
    fc.property(carriedServices, clusters, (service, cluster) => {
      const {manifests} = translate(exposedTask, service, {...settings, cluster});
      const keys = manifests.map(({kind, metadata}) => `${kind} ${metadata.name}`);
      t.deepEqual(keys, [...new Set(keys)]);
      for (const {kind, metadata} of manifests) {
        t.is(metadata.labels?.[managedByLabel], managedBy, kind);
        t.is(metadata.labels?.[serviceLabel], 'web', kind);
        t.is(metadata.namespace, clusterWide.has(kind) ? undefined : 'shop', kind);
        if (clusterWide.has(kind)) t.is(metadata.labels?.[namespaceLabel], 'shop');
      }
    }),
  );
});

/** The objects that a translator adds. */
function addedBy(run: (context: Context) => unknown, context: Pick<Context, 'form' | 'launch'>): readonly KubeObject[] {
  const objects: KubeObject[] = [];
  run({...context, settings, cluster: {}, report: () => {}, add: (object) => void objects.push(object), need: () => {}});
  return objects;
}

/** What stands beside a task that RunTask starts. */
function madeByTask(task: TaskDefinition, deleteOnTermination: boolean): readonly KubeObject[] {
  const volume = {name: 'data', managedEBSVolume: {sizeInGiB: 5, terminationPolicy: {deleteOnTermination}}};
  const launch = {path: 'runTask.volumeConfigurations', volumeConfigurations: [volume], tags: []};
  const objects = addedBy((context) => podOf(task, context), {form: 'task', launch});
  return objects.toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
}

test('a task that is run by itself has its own labels, and may keep its disk', (t) => {
  const task = normalizeTaskDefinition({...exposedTask, networkMode: 'none'}).value;
  t.truthy(task);
  if (task === undefined) return;
  const objects = madeByTask(task, false);
  t.deepEqual(
    objects.map(({kind}) => kind),
    ['NetworkPolicy', 'StorageClass'],
  );
  for (const {metadata} of objects) t.like(metadata.labels, {[taskLabel]: 'web', [serviceLabel]: undefined});
  t.like(objects[0]?.spec, {podSelector: {matchLabels: {[taskLabel]: 'web'}}});
  t.is(objects[1]?.['reclaimPolicy'], 'Retain');
  t.is(madeByTask(task, true).find(({kind}) => kind === 'StorageClass')?.['reclaimPolicy'], 'Delete');
});

test('a daemon is reached on the node of the client, at the port of the host', (t) => {
  const {value: task} = normalizeTaskDefinition({
    family: 'agent',
    containerDefinitions: [
      {name: 'agent', image: 'agent', memory: 64, portMappings: [{containerPort: 8125, hostPort: 8126, protocol: 'udp'}]},
    ],
  });
  t.truthy(task);
  if (task === undefined) return;
  const specs = (schedulingStrategy: 'DAEMON' | 'REPLICA'): readonly unknown[] =>
    addedBy((context) => exposeService(task, {schedulingStrategy}, context), {form: 'service'}).map(({spec}) => spec);
  const ports = [{name: 'udp-8126', port: 8126, targetPort: 8125, protocol: 'UDP'}];
  t.deepEqual(specs('DAEMON'), [{internalTrafficPolicy: 'Local', selector: {[serviceLabel]: 'web'}, ports}]);
  t.deepEqual(specs('REPLICA'), [{selector: {[serviceLabel]: 'web'}, ports}]);
});

const efs = {
  ...exposedTask,
  volumes: [{name: 'data', efsVolumeConfiguration: {fileSystemId: 'fs-01234567'}}],
};

/** The name of the PersistentVolume of a task. */
function named(task: object, name: string, namespace: string): string {
  const {manifests} = translate(task, {}, {name, namespace});
  return manifests.find(({kind}) => kind === 'PersistentVolume')?.metadata.name ?? '';
}

test('objects of the whole cluster have other names for another namespace, workload, or content', (t) => {
  const other = {...efs, volumes: [{name: 'data', efsVolumeConfiguration: {fileSystemId: 'fs-76543210'}}]};
  // The parts of a name must not run together: a-b in c, and a in b-c.
  const all = [
    named(efs, 'web', 'shop'),
    named(efs, 'web', 'cart'),
    named(efs, 'b', 'a-c'),
    named(efs, 'c-b', 'a'),
    named(other, 'web', 'shop'),
  ];
  t.is(new Set(all).size, all.length);
  t.regex(named(efs, 'web', 'shop'), /^shop-web-/);
});

test('names beside a workload are legal whatever its own is', (t) => {
  const service = {
    volumeConfigurations: [{name: 'data', managedEBSVolume: {sizeInGiB: 5}}],
    serviceRegistries: [{registryArn: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-1'}],
    loadBalancers: [
      {targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/1', containerName: 'web', containerPort: 8080},
    ],
    networkConfiguration: {awsvpcConfiguration: {securityGroups: ['sg-1']}},
  };
  const cluster = {loadBalancers: {provider: 'TargetGroupBinding'}, securityGroups: {provider: 'SecurityGroupPolicy'}} as const;
  const subdomain = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,80}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,80}[a-z0-9])?)?$/);
  fc.assert(
    fc.property(subdomain, fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/), (name, namespace) => {
      const [, ...beside] = translate(exposedTask, service, {name, namespace, cluster}).manifests;
      t.is(beside.length, 5);
      for (const {kind, metadata} of beside) {
        t.regex(metadata.name, kind === 'Service' ? /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/ : /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      }
    }),
  );
});

test('a service that asks for nothing has nothing beside it', (t) => {
  const {volumes: _, ...plain} = exposedTask;
  const [{mountPoints: __, ...container}] = exposedTask.containerDefinitions as [(typeof exposedTask.containerDefinitions)[number]];
  const {manifests} = translate({...plain, containerDefinitions: [container]}, {desiredCount: 1}, settings);
  t.deepEqual(
    manifests.map(({kind}) => kind),
    ['Deployment'],
  );
});

test('one name that leads to two places is refused', (t) => {
  const serviceConnectConfiguration = {
    enabled: true,
    services: [
      {portName: 'http', clientAliases: [{port: 80, dnsName: 'web'}]},
      {portName: 'admin', clientAliases: [{port: 80, dnsName: 'web'}]},
    ],
  };
  const volumeConfigurations = [{name: 'data', managedEBSVolume: {sizeInGiB: 5}}];
  const {notes} = translate(exposedTask, {serviceConnectConfiguration, volumeConfigurations}, settings);
  t.deepEqual(
    notes.filter(({level}) => level === 'refused').map(({path, reason}) => `${reason} ${path}`),
    ['ServicePortConflict service.serviceConnectConfiguration.services[1].clientAliases[0].port'],
  );
});

test('a name for discovery and for Service Connect is one Service with one address', (t) => {
  const service = {
    serviceRegistries: [{registryArn: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-1'}],
    serviceConnectConfiguration: {enabled: true, services: [{portName: 'http', clientAliases: [{port: 80, dnsName: 'web'}]}]},
    volumeConfigurations: [{name: 'data', managedEBSVolume: {sizeInGiB: 5}}],
  };
  const services = translate(exposedTask, service, settings).manifests.filter(({kind}) => kind === 'Service');
  t.deepEqual(
    services.map(({metadata}) => metadata.name),
    ['web'],
  );
  const spec = services[0]?.spec as {clusterIP?: string; ports: readonly {port: number; targetPort: number}[]};
  t.is(spec.clusterIP, undefined);
  t.deepEqual(
    spec.ports.map(({port, targetPort}) => [port, targetPort]),
    [
      [8080, 8080],
      [9090, 9090],
      [8081, 8081],
      [53, 53],
      [80, 8080],
    ],
  );
});

const alias = (dnsName: string): object => ({
  serviceConnectConfiguration: {enabled: true, services: [{portName: 'http', clientAliases: [{port: 80, dnsName}]}]},
  volumeConfigurations: [{name: 'data', managedEBSVolume: {sizeInGiB: 5}}],
});

// What clients use, what the cluster's DNS answers for → the Service, and whether a note says that the name is another.
const aliases: readonly (readonly [string, string | undefined, string, boolean])[] = [
  ['db', undefined, 'db', false],
  ['db.shop', undefined, 'db', false],
  ['db.shop.svc.cluster.local', undefined, 'db', false],
  ['db.internal.local', 'internal.local', 'db', false],
  ['db.internal.local', 'local', 'http', true],
  ['db.internal.local', undefined, 'http', true],
  ['9db', undefined, 's-9db', true],
];
for (const [dnsName, domain, expected, isNoted] of aliases) {
  test(`clients that use ${dnsName} find ${expected}, with ${domain ?? 'no domain'} in the cluster's DNS`, (t) => {
    const {manifests, notes} = translate(exposedTask, alias(dnsName), {
      ...settings,
      cluster: {serviceDiscovery: domain === undefined ? {} : {domain}},
    });
    t.deepEqual(
      manifests.filter(({kind}) => kind === 'Service').map(({metadata}) => metadata.name),
      [expected],
    );
    t.is(
      notes.some(({reason}) => reason === 'ServiceConnectNameChanged'),
      isNoted,
    );
  });
}
