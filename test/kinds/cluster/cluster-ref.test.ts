import test from 'ava';
import {clusterNameIn, clusterOf, unavailable, type ClusterTerms} from '../../../src/kinds/cluster-ref.ts';
import type {Cache} from '../../../src/kinds/cache.ts';
import {clusters, namespaces} from '../../../src/kinds/sources.ts';
import type {KubeObject} from '../../../src/schema/object.ts';

type Given = readonly [name: string, spec: ClusterTerms, created?: string];

function cacheOf(given: readonly Given[]): Cache {
  const objects = given.map(([name, spec, creationTimestamp = '2026-01-01T00:00:00Z']): KubeObject => {
    return {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Cluster', metadata: {name, creationTimestamp}, spec};
  });
  const shop: KubeObject = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop', labels: {team: 'web'}}};
  return {
    get: (source, name) => (source === namespaces && name === 'shop' ? shop : undefined),
    list: (source) => (source === clusters ? objects : []),
  };
}

const place = (cluster: unknown, ...given: readonly Given[]) => clusterOf(cluster, 'shop', {cache: cacheOf(given)});

function is(terms: ClusterTerms): string {
  return place('prod', ['prod', terms]).is;
}

function roles(name: string): readonly string[] {
  return [`arn:aws:iam::123456789012:role/${name}`];
}

test('a cluster is named by its name, by an ARN, or not at all', (t) => {
  t.deepEqual(['prod', 'arn:aws:ecs:us-east-1:123456789012:cluster/prod', undefined, '', 7].map(clusterNameIn), [
    'prod',
    'prod',
    'default',
    'default',
    'default',
  ]);
});

test('default is there without an object, and an object of that name replaces it', (t) => {
  t.deepEqual(place(undefined), {is: 'ready', settings: {}});
  t.like(place('default', ['default', {policy: 'Strict'}]), {is: 'ready', settings: {policy: 'Strict'}});
  t.deepEqual(place('default', ['default', {namespaces: ['other']}]), {is: 'notAllowed', name: 'default'});
  t.deepEqual(place('prod'), {is: 'missing', name: 'prod'});
});

test('a namespace is covered by name or by label, or where the Cluster names none', (t) => {
  t.is(is({}), 'ready');
  t.is(is({namespaces: ['shop']}), 'ready');
  t.is(is({namespaceSelector: {matchLabels: {team: 'web'}}}), 'ready');
  t.is(is({namespaces: ['other'], namespaceSelector: {matchLabels: {team: 'web'}}}), 'ready');
  t.is(is({namespaces: ['other']}), 'notAllowed');
  t.is(is({namespaces: []}), 'notAllowed');
  t.is(is({namespaceSelector: {matchLabels: {team: 'data'}}}), 'notAllowed');
});

test('a name of ECS that is none of Kubernetes is clusterName; of two the older has it', (t) => {
  const older = ['one', {clusterName: 'Prod_1', policy: 'Strict'}, '2026-01-01T00:00:00Z'] as const;
  const younger = ['two', {clusterName: 'Prod_1'}, '2026-01-02T00:00:00Z'] as const;
  for (const both of [
    [older, younger],
    [younger, older],
  ])
    t.like(place('Prod_1', ...both), {is: 'ready', settings: {policy: 'Strict'}});
  // With another name in ECS, the object's own is none.
  t.deepEqual(place('one', older), {is: 'missing', name: 'one'});
});

test('of the allowed roles those hold whose namespace is this one, by name or by label', (t) => {
  const allowedRoles = [
    {roles: roles('all')},
    {namespaces: ['other'], roles: roles('other')},
    {namespaceSelector: {matchLabels: {team: 'web'}}, roles: roles('web')},
    {namespaceSelector: {matchLabels: {team: 'data'}}, roles: roles('data')},
    {namespaces: ['shop'], namespaceSelector: {matchLabels: {team: 'data'}}, roles: roles('both')},
  ];
  const found = place('prod', ['prod', {allowedRoles}]);
  t.deepEqual(found.is === 'ready' && found.settings.allowedRoles, [
    {roles: roles('all')},
    {namespaces: ['other'], roles: roles('other')},
    {roles: roles('web')},
    {namespaceSelector: {matchLabels: {team: 'data'}}, roles: roles('data')},
    {namespaces: ['shop'], roles: roles('both')},
  ]);
});

test('why there is no Cluster is said with its name', (t) => {
  t.like(unavailable({is: 'missing', name: 'prod'}), {is: 'stalled', reason: 'ClusterNotFound'});
  t.like(unavailable({is: 'notAllowed', name: 'prod'}), {is: 'stalled', reason: 'ClusterNotAllowed'});
});
