import test from 'ava';
import {asText} from '../../src/cli/plan/render.ts';
import {summarize} from '../../src/cli/plan/summary.ts';
import {applied, cacheOf} from '../../src/cli/plan/world.ts';
import {local} from '../../src/cli/plan/select.ts';
import {kinds} from '../../src/kinds/registry.ts';
import {definition} from '../../src/kinds/repository/schema.ts';
import {namespaces, sourceOf} from '../../src/kinds/sources.ts';
import type {KubeObject} from '../../src/schema/object.ts';

test('a plan that waits says that more may follow', (t) => {
  const then = {is: 'waiting', reason: 'Busy', message: 'AWS copies', seconds: 5} as const;
  const report = {
    plans: [{where: 'a.yaml:1', kind: 'Template', name: 'x', steps: [{call: 'StartCopy', why: 'new'}], then}],
    faults: [],
    notes: [],
  };
  t.is(
    asText(report),
    'Template x (a.yaml:1)\n  + StartCopy  new\n  … Busy: AWS copies; what follows is known only then\n\nPlan: 1 call on 1 object\n',
  );
});

test('an object with calls that then needs a person is in both counts', (t) => {
  const then = {is: 'stalled', reason: 'X', message: 'y'} as const;
  const plans = [{where: 'a:1', kind: 'K', name: 'x', steps: [{call: 'PutX', why: 'z'}], then}];
  t.like(summarize({plans, faults: [], notes: []}), {calls: 1, changed: 1, needPerson: 1, inSync: 0});
});

const {apiVersion, kind} = definition;
const live: KubeObject = {
  apiVersion,
  kind,
  metadata: {name: 'a', namespace: 'shop', uid: 'u', generation: 3, labels: {team: 'x'}},
  spec: {
    imageTagMutability: 'MUTABLE',
    deletionPolicy: 'Retain',
    adoptionPolicy: 'IfOwned',
    driftPolicy: 'Correct',
    registryRef: {name: 'default'},
  },
  status: {repositoryArn: 'arn'},
};

test('a manifest brings its spec, and the cluster what it remembers; only a change of meaning is a new generation', (t) => {
  const manifest = {
    apiVersion,
    kind,
    metadata: {name: 'a', namespace: 'shop', labels: {stage: 'y'}},
    spec: {imageTagMutability: 'MUTABLE'},
    status: {repositoryArn: 'theirs'},
  };
  const same = applied(manifest, live, definition);
  t.like(same, {metadata: {uid: 'u', generation: 3, labels: {team: 'x', stage: 'y'}}, status: {repositoryArn: 'arn'}});
  t.deepEqual(same['spec'], manifest.spec);
  const changed = applied({...manifest, spec: {imageTagMutability: 'IMMUTABLE'}}, live, definition);
  t.is(changed.metadata.generation, 4);
  t.is(applied(manifest, undefined, definition)['status'], undefined, 'a file has no say in the status');
});

test('files go before the cluster, and add to it', (t) => {
  const source = sourceOf(definition);
  const own = new Map([[source.name, new Map([['shop/a', live]])]]);
  const file = {apiVersion, kind, metadata: {name: 'b', namespace: 'shop'}, spec: {}};
  const cache = cacheOf(own, [file, {...live, spec: {name: 'changed'}}]);
  t.deepEqual(
    cache.list(source, 'shop').map(({metadata}) => metadata.name),
    ['a', 'b'],
  );
  t.deepEqual(cache.get(source, 'a', 'shop')?.['spec'], {name: 'changed'});
  t.is(cache.get(source, 'a'), undefined);
  t.deepEqual(cache.list(namespaces), []);
});

test('the kinds that set nothing in AWS are kinds', (t) => {
  const all = kinds.map(({definition}) => definition.kind);
  t.deepEqual(
    [...local].filter((name) => !all.includes(name)),
    [],
  );
});
