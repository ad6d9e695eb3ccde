import test from 'ava';
import {watches} from '../../../src/kinds/repository/watches.ts';
import type {KubeObject} from '../../../src/schema/object.ts';

function object(kind: string, name: string, spec: unknown = {}, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {apiVersion: 'v1', kind, metadata: {name, ...more}, spec};
}

const own = [
  object('Repository', 'a', {}, {namespace: 'one'}),
  object('Repository', 'b', {name: 'a', registryRef: {name: 'default'}}, {namespace: 'two'}),
  object('Repository', 'a', {registryRef: {name: 'europe'}}, {namespace: 'two'}),
];

function woken(source: string, changed: KubeObject): string[] {
  const watch = watches.find((candidate) => candidate.source.name === source);
  return (watch?.keys(changed, own) ?? []).map(({namespace, name}) => `${namespace}/${name}`);
}

test('a Registry wakes the Repositories that name it', (t) => {
  t.deepEqual(woken('registries.ecr.drayage.dev', object('Registry', 'default')), ['one/a', 'two/b']);
  t.deepEqual(woken('registries.ecr.drayage.dev', object('Registry', 'europe')), ['two/a']);
});

test('a namespace wakes its Repositories', (t) => {
  t.deepEqual(woken('namespaces', object('Namespace', 'two')), ['two/b', 'two/a']);
});

test('a Repository that goes wakes the others that name the same repository, and only then', (t) => {
  const [first] = own;
  t.deepEqual(woken('repositories.ecr.drayage.dev', first!), []);
  const going = {...first!, metadata: {...first!.metadata, deletionTimestamp: '2026-01-01T00:00:00Z'}};
  t.deepEqual(woken('repositories.ecr.drayage.dev', going), ['two/b']);
});

test('a pod wakes only Repositories whose lifecycle policy is held back, and that it has an image of', (t) => {
  const held = {conditions: [{type: 'Stalled', status: 'True', reason: 'LifecycleWouldExpireRunningImage'}]};
  const watch = watches.find(({source}) => source.name === 'pods');
  const repositories = [
    {...object('Repository', 'app', {name: 'team/app'}, {namespace: 'one'}), status: held},
    object('Repository', 'free', {name: 'team/app'}, {namespace: 'one'}),
    {...object('Repository', 'team-app', {}, {namespace: 'two'}), status: held},
  ];
  const wakes = (...images: readonly string[]) =>
    (watch?.keys({...object('Pod', 'p', {}, {namespace: 'x'}), images}, repositories) ?? []).map(({name}) => name);
  const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
  t.deepEqual(wakes(`${host}/team/app:v1`), ['app']);
  t.deepEqual(wakes(`${host}/team-app@sha256:0`), ['team-app']);
  t.deepEqual(wakes(`${host}/team/app2:v1`), []);
  t.deepEqual(wakes(), []);
});
