import test from 'ava';
import * as fc from 'fast-check';
import {familyLabel, serviceLabel, taskLabel} from '../../src/translate/labels.ts';
import type {Translation} from '../../src/translate/translate.ts';
import {translateTask} from '../../src/translate/translate-task.ts';
import {translate} from '../../src/translate/translate.ts';
import {clusters, exposedTask} from './arbitrary-service.ts';

const settings = {name: 'web', namespace: 'shop'};
const role = 'arn:aws:iam::123456789012:role/shop';
/** Asks for everything that is made beside a workload, also where no Cluster says more. */
const everything = {
  ...exposedTask,
  networkMode: 'awsvpc',
  taskRoleArn: role,
  volumes: [
    {name: 'data', efsVolumeConfiguration: {fileSystemId: 'fs-0123456789abcdef0'}},
    {name: 'disk', configuredAtLaunch: true},
  ],
  containerDefinitions: [
    {
      name: 'web',
      image: 'registry.example.com/web:1',
      memory: 64,
      secrets: [{name: 'A', valueFrom: '/shop/a'}],
      environmentFiles: [{type: 's3', value: 'arn:aws:s3:::conf/live.env'}],
      repositoryCredentials: {credentialsParameter: 'hub'},
      logConfiguration: {logDriver: 'awslogs', options: {'awslogs-group': 'g', 'awslogs-region': 'eu-west-1'}},
      mountPoints: [
        {sourceVolume: 'data', containerPath: '/data'},
        {sourceVolume: 'disk', containerPath: '/disk'},
      ],
    },
  ],
};
const launch = {
  networkConfiguration: {awsvpcConfiguration: {subnets: ['subnet-1'], securityGroups: ['sg-1']}},
  volumeConfigurations: [{name: 'disk', managedEBSVolume: {roleArn: role, sizeInGiB: 8, snapshotId: 'snap-0123456789abcdef0'}}],
};
const withAll = {
  taskRoles: {provider: 'IRSA', accountId: '123456789012'},
  allowedRoles: [{roles: [role]}],
  logs: {provider: 'FluentBit'},
  securityGroups: {provider: 'SecurityGroupPolicy'},
  ebs: {snapshots: 'VolumeSnapshot'},
} as const;

function namesIn({manifests, needs}: Translation): readonly string[] {
  return [...manifests.map(({kind, metadata}) => `${kind} ${metadata.name}`), ...needs.map(({name}) => `Secret ${name}`)];
}

const isOwn = (name: string): boolean => !name.startsWith('ServiceAccount ');

test('a service and a task of one name want no object of one name', (t) => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(clusters, fc.constantFrom('awsvpc', 'none'), fc.boolean(), (some, networkMode, isExternal) => {
      const stores = {secretStoreRef: {name: 's'}, parameterStoreRef: {name: 'p'}};
      const secrets = isExternal ? {provider: 'ExternalSecrets' as const, ...stores} : {};
      const cluster = {...some, ...withAll, secrets};
      const definition = {...everything, networkMode};
      const run = networkMode === 'none' ? {volumeConfigurations: launch.volumeConfigurations} : launch;
      const ofTask = translateTask(definition, run, {...settings, cluster});
      const ofService = translate(definition, {desiredCount: 1, ...run}, {...settings, cluster});
      const [tasks, services] = [namesIn(ofTask), namesIn(ofService)];
      t.true(tasks.length > 1, JSON.stringify(ofTask.notes.filter(({level}) => level === 'refused')));
      t.true(services.length > 1, JSON.stringify(ofService.notes.filter(({level}) => level === 'refused')));
      t.deepEqual(
        tasks.filter((name) => services.includes(name)),
        [],
      );
      for (const name of tasks) kinds.add(name.split(' ')[0] ?? '');
      for (const {kind, metadata} of ofTask.manifests) {
        const {[serviceLabel]: service, [taskLabel]: task, [familyLabel]: family} = metadata.labels ?? {};
        t.deepEqual([service, task === 'web' || family !== undefined], [undefined, true], `${kind} ${metadata.name}`);
      }
    }),
    {numRuns: 30},
  );
  for (const kind of 'ServiceAccount ConfigMap PersistentVolume PersistentVolumeClaim StorageClass NetworkPolicy Secret ExternalSecret'.split(
    ' ',
  ))
    t.true(kinds.has(kind), kind);
  t.true(kinds.has('SecurityGroupPolicy') && kinds.has('VolumeSnapshotContent'));
});

test('what a task makes is told apart from what any other task makes, and from a service whose name is longer', (t) => {
  const cluster = {...withAll};
  const of = (name: string) => namesIn(translateTask(everything, launch, {...settings, name, cluster}));
  const longer = namesIn(translate(everything, launch, {...settings, name: 'web-task', cluster}));
  t.deepEqual(
    of('web').filter((name) => isOwn(name) && (of('other').includes(name) || longer.includes(name))),
    [],
  );
});

test('a ServiceAccount is the same for every task of a family with one role, and another for another role', (t) => {
  const cluster = {...withAll, allowedRoles: [{roles: ['*']}]};
  const accountOf = (name: string, overrides: object = {}): string | undefined => {
    const {manifests, notes} = translateTask(everything, {...launch, overrides}, {...settings, name, cluster});
    const found = manifests.find(({kind}) => kind === 'ServiceAccount');
    const note = notes.find(({reason}) => reason === 'TaskRoleTrustMissing');
    t.true(note?.message.includes(`system:serviceaccount:shop:${found?.metadata.name};`), note?.message);
    return found?.metadata.name;
  };
  const first = accountOf('report-1');
  t.is(first, accountOf('report-2'));
  t.not(first, accountOf('report-1', {taskRoleArn: 'arn:aws:iam::123456789012:role/other'}));
});
