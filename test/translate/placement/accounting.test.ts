import test from 'ava';
import * as fc from 'fast-check';
import type {ClusterSettings} from '../../../src/translate/cluster-settings.ts';
import {normalizeTaskDefinition} from '../../../src/translate/normalize.ts';
import {translate} from '../../../src/translate/translate.ts';
import {unaccounted} from '../accounting.ts';

const cluster: ClusterSettings = {
  capacityProviders: [
    {name: 'EC2', compute: 'ManagedNodes', capacityType: 'Spot', nodeSelector: {pool: 'a'}},
    {name: 'FARGATE', compute: 'EKSFargate', podLabels: {compute: 'fargate'}},
  ],
  taskRoles: {provider: 'IRSA', accountId: '123456789012'},
  allowedRoles: [{roles: ['*']}],
};

const constraint = fc.constantFrom(
  {type: 'distinctInstance'},
  {type: 'memberOf', expression: 'attribute:ecs.instance-type in [m6i.large, c6i.large] or not(attribute:stack == web)'},
  {type: 'memberOf', expression: 'attribute:size >= 3 and attribute:color !exists'},
  {type: 'memberOf', expression: 'task:group in [service:a, service:b] and task:group != database'},
);
const task = fc.record(
  {
    placementConstraints: fc.uniqueArray(constraint, {maxLength: 3}),
    taskRoleArn: fc.constantFrom('web', 'arn:aws:iam::123456789012:role/web'),
    requiresCompatibilities: fc.constantFrom(['EC2'], ['EC2', 'EXTERNAL']),
    cpu: fc.constantFrom('256', '1024'),
  },
  {requiredKeys: []},
);

test('every leaf of a task that a Cluster places and gives a role changes what is made, or has a note', (t) => {
  fc.assert(
    fc.property(task, fc.constantFrom({}, {launchType: 'EC2'}), (more, service) => {
      const {value, notes} = normalizeTaskDefinition({
        family: 'web',
        containerDefinitions: [{name: 'web', image: 'nginx', memory: 64}],
        ...more,
      });
      if (value === undefined) throw new Error(JSON.stringify(notes));
      t.deepEqual(unaccounted(value, service, {name: 'web', cluster}), []);
    }),
    {numRuns: 40},
  );
});

test('every leaf of where a service runs changes what is made, or has a note', (t) => {
  const definition = {family: 'web', containerDefinitions: [{name: 'web', image: 'nginx', memory: 64}]};
  const made = (service: object): string => JSON.stringify(translate(definition, service, {name: 'web', cluster}));
  const alike: readonly (readonly [object, object])[] = [
    [{launchType: 'EC2'}, {}],
    [{launchType: 'EC2'}, {launchType: 'EXTERNAL'}],
    [
      {capacityProviderStrategy: [{capacityProvider: 'EC2', weight: 1}]},
      {capacityProviderStrategy: [{capacityProvider: 'FARGATE', weight: 1}]},
    ],
    [{placementStrategy: [{type: 'spread', field: 'host'}]}, {placementStrategy: [{type: 'spread', field: 'attribute:stack'}]}],
    [{placementStrategy: [{type: 'binpack', field: 'cpu'}]}, {placementStrategy: [{type: 'binpack', field: 'memory'}]}],
    [{placementStrategy: [{type: 'random'}]}, {}],
    [{placementConstraints: [{type: 'distinctInstance'}]}, {}],
    [{placementConstraints: [{type: 'memberOf', expression: 'agentConnected == true'}]}, {}],
    [{platformVersion: 'LATEST'}, {}],
  ];
  for (const [one, other] of alike) t.not(made(one), made(other), JSON.stringify([one, other]));
});
