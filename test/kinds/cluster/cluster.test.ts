import test from 'ava';
import type {Doors} from '../../../src/kinds/doors.ts';
import {observe} from '../../../src/kinds/cluster/observe.ts';
import {plan} from '../../../src/kinds/cluster/plan.ts';
import {ClusterSpec, ClusterStatus} from '../../../src/kinds/cluster/schema.ts';
import {status} from '../../../src/kinds/cluster/status.ts';
import type {Source} from '../../../src/kinds/kind.ts';
import {clusters, namespaces, services} from '../../../src/kinds/sources.ts';
import type {KubeObject, Resource} from '../../../src/schema/object.ts';

function clusterObject(name: string, spec: unknown = {}, creationTimestamp = '2026-01-01T00:00:00Z'): Resource<ClusterSpec> {
  return {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Cluster', metadata: {name, creationTimestamp}, spec: ClusterSpec.parse(spec)};
}

function service(namespace: string, cluster: string | undefined, runningCount: number, pendingCount = 0): KubeObject {
  const spec = {taskDefinition: 'web', ...(cluster === undefined ? {} : {cluster})};
  return {
    apiVersion: 'ecs.drayage.dev/v1alpha1',
    kind: 'Service',
    metadata: {name: 'web', namespace},
    spec,
    status: {runningCount, pendingCount},
  };
}

const places = ['shop', 'data', 'other'].map((name): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {name, labels: {kind: name}},
}));

function parse(spec: unknown): boolean {
  return ClusterSpec.safeParse(spec).success;
}

function doorsWith(objects: ReadonlyMap<Source, readonly KubeObject[]>): Doors {
  return {cache: {get: () => undefined, list: (source: Source) => objects.get(source) ?? []}} as unknown as Doors;
}

test('it counts the services that name it, in the namespaces that it covers', async (t) => {
  const prod = clusterObject('prod', {namespaces: ['shop', 'data', 'gone']});
  const all = [
    service('shop', 'prod', 2, 1),
    service('data', 'arn:aws:ecs:us-east-1:123456789012:cluster/prod', 3),
    service('other', 'prod', 5),
    service('shop', undefined, 7),
  ];
  const observed = await observe(
    prod,
    doorsWith(
      new Map([
        [clusters, [prod]],
        [namespaces, places],
        [services, all],
      ]),
    ),
  );
  t.deepEqual(observed, {namespaces: ['data', 'shop'], services: 2, running: 5, pending: 1});
  t.deepEqual(plan(prod, observed), {steps: [], then: {is: 'settled', reason: 'Active', message: 'It covers 2 namespaces.', seconds: 60}});
  const {fields} = status(prod, observed);
  t.deepEqual(fields, {
    status: 'ACTIVE',
    namespaceCount: 2,
    namespaces: ['data', 'shop'],
    activeServicesCount: 2,
    runningTasksCount: 5,
    pendingTasksCount: 1,
  });
  t.true(ClusterStatus.safeParse(fields).success);
});

test('default has the services that name none', async (t) => {
  const byDefault = clusterObject('default');
  const doors = doorsWith(
    new Map([
      [clusters, [byDefault]],
      [namespaces, places],
      [services, [service('shop', undefined, 7), service('shop', 'prod', 1)]],
    ]),
  );
  t.like(await observe(byDefault, doors), {namespaces: ['data', 'other', 'shop'], services: 1, running: 7});
});

test('of two that answer to one name the younger is stalled and counts nothing', async (t) => {
  const older = clusterObject('one', {clusterName: 'Prod'});
  const younger = clusterObject('two', {clusterName: 'Prod'}, '2026-02-01T00:00:00Z');
  const doors = doorsWith(
    new Map([
      [clusters, [younger, older]],
      [namespaces, places],
      [services, [service('shop', 'Prod', 7)]],
    ]),
  );
  t.is((await observe(older, doors)).elder, undefined);
  const observed = await observe(younger, doors);
  t.like(plan(younger, observed).then, {
    is: 'stalled',
    reason: 'ClusterNameTaken',
    message: 'The Cluster one answers to Prod already; change clusterName of one.',
  });
  t.like(status(younger, observed).fields, {status: 'INACTIVE', runningTasksCount: 0});
});

test('an invalid spec leaves the status as it was', (t) => {
  const before = {...clusterObject('prod'), status: {namespaceCount: 4, conditions: [], observedGeneration: 3}};
  t.deepEqual(status(before, undefined).fields, {namespaceCount: 4});
});

test('the default strategy must name providers that there are', (t) => {
  const strategy = [{capacityProvider: 'FARGATE', weight: 1}];
  t.true(parse({capacityProviders: [{name: 'FARGATE'}], defaultCapacityProviderStrategy: strategy}));
  t.false(parse({capacityProviders: [{name: 'EC2'}], defaultCapacityProviderStrategy: strategy}));
  t.false(parse({defaultCapacityProviderStrategy: strategy}));
  t.false(parse({capacityProviders: [{name: 'a'}, {name: 'a'}]}));
  t.false(parse({capacityProviders: [{name: 'a', tolerations: [{operator: 'Equal', value: 'x'}]}]}));
  t.false(parse({secrets: {secretStoreRef: {name: 'aws'}}}));
  t.false(parse({allowedRoles: [{roles: ['arn:aws:iam::1:role/a b']}]}));
});
