import test from 'ava';
import {watches} from '../../../src/kinds/pull-secret/watches.ts';
import {definition} from '../../../src/kinds/pull-secret/schema.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {callsOf, pullSecret, withNamespaces} from './cluster.ts';

const plain: KubeObject = {
  apiVersion: 'ecr.drayage.dev/v1alpha1',
  kind: 'ClusterPullSecret',
  metadata: {name: 'plain', uid: 'uid-of-plain'},
  spec: {},
};
const picky: KubeObject = {
  ...plain,
  metadata: {name: 'picky', uid: 'uid-of-picky'},
  spec: {
    excludedNamespaces: ['a'],
    secretName: 'pull',
    serviceAccounts: {names: ['builder']},
    registries: [{registryRef: {name: 'shared'}}],
  },
};

function woken(source: string, changed: Partial<KubeObject>): readonly string[] {
  const object = {apiVersion: 'v1', kind: 'Any', metadata: {name: 'any'}, ...changed};
  const watch = watches.find(({source: {name}}) => name === source);
  return (watch?.keys(object, [plain, picky]) ?? []).map(({name}) => name);
}

const cases: readonly (readonly [title: string, source: string, changed: Partial<KubeObject>, names: readonly string[]])[] = [
  ['a namespace wakes all that do not exclude it', 'namespaces', {metadata: {name: 'a'}}, ['plain']],
  ['a ServiceAccount wakes those that choose it', 'serviceaccounts', {metadata: {name: 'default', namespace: 'b'}}, ['plain']],
  ['in an excluded namespace too, where our entry is left', 'serviceaccounts', attached('a', 'picky=pull'), ['picky']],
  ['no longer chosen, but with our entry', 'serviceaccounts', attached('b', 'plain=ecr-pull'), ['plain']],
  ['one that nobody chooses wakes nobody', 'serviceaccounts', {metadata: {name: 'other', namespace: 'b'}}, []],
  ['a Secret wakes the one that its labels name', 'managed secrets', labelled('picky'), ['picky']],
  ['a Secret of a wanted name wakes those that want it', 'managed secrets', {metadata: {name: 'pull', namespace: 'b'}}, ['picky']],
  ['a Registry wakes those that refer to it', 'registries.ecr.drayage.dev', {metadata: {name: 'shared'}}, ['picky']],
  ['the default Registry wakes those that name none', 'registries.ecr.drayage.dev', {metadata: {name: 'default'}}, ['plain']],
];

for (const [title, source, changed, names] of cases) {
  test(title, (t) => t.deepEqual(woken(source, changed), names));
}

test('every reason of this kind that a walk can end in is explained', async (t) => {
  const cluster = withNamespaces('a');
  const spec = pullSecret();
  const reasons = new Set<string>();
  for (const resource of [spec, pullSecret({secretName: 'pull'}), pullSecret({registries: [{registryRef: {name: 'gone'}}]})]) {
    const {outcome, report, steps} = await cluster.walk(resource);
    for (const {reason} of [outcome, ...report.conditions]) reasons.add(reason);
    t.true(callsOf(steps).length > 0 || outcome.is === 'stalled');
  }
  t.deepEqual(
    [...reasons].filter((reason) => !(reason in definition.reasons)),
    [],
  );
});

function attached(namespace: string, annotation: string): Partial<KubeObject> {
  return {metadata: {name: 'other', namespace, annotations: {'ecr.drayage.dev/pull-secrets': annotation}}};
}

function labelled(owner: string): Partial<KubeObject> {
  const labels = {'app.kubernetes.io/managed-by': 'drayage', 'ecr.drayage.dev/cluster-pull-secret': owner};
  return {metadata: {name: 'old', namespace: 'b', labels}};
}
