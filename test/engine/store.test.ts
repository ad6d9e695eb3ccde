import test from 'ava';
import * as fc from 'fast-check';
import {createStore} from '../../src/engine/store.ts';
import type {KubeObject} from '../../src/schema/object.ts';

function object(name: string, namespace?: string, resourceVersion = '1'): KubeObject {
  return {apiVersion: 'v1', kind: 'Thing', metadata: {name, resourceVersion, ...(namespace !== undefined && {namespace})}};
}

function sorted(objects: Iterable<KubeObject>): readonly string[] {
  return [...objects].map((each) => JSON.stringify(each.metadata)).toSorted();
}

test('an object is found by its name and namespace', (t) => {
  const store = createStore();
  t.is(store.set(object('one', 'a')), undefined);
  store.set(object('one', 'b'));
  store.set(object('one'));
  t.is(store.get('one', 'a')?.metadata.namespace, 'a');
  t.is(store.get('one')?.metadata.namespace, undefined);
  t.is(store.get('two', 'a'), undefined);
  t.is(store.size, 3);
});

test('set and delete give what was there', (t) => {
  const store = createStore();
  const first = object('one', 'a');
  store.set(first);
  t.is(store.set(object('one', 'a', '2')), first);
  t.is(store.delete('one', 'a')?.metadata.resourceVersion, '2');
  t.is(store.delete('one', 'a'), undefined);
  t.is(store.size, 0);
});

test('a list is the same array until something of it changes', (t) => {
  const store = createStore();
  store.set(object('one', 'a'));
  store.set(object('two', 'b'));
  const [a, b, all] = [store.list('a'), store.list('b'), store.list()];
  t.is(store.list('a'), a);
  t.is(store.list(), all);
  store.set(object('three', 'a'));
  t.not(store.list('a'), a);
  t.is(store.list('b'), b);
  t.is(store.list().length, 3);
  t.is(all.length, 2);
});

test('a namespace without objects has an empty list', (t) => {
  t.deepEqual(createStore().list('nowhere'), []);
});

test('any sequence of changes leaves what a plain map would hold', (t) => {
  const place = fc.record({
    name: fc.constantFrom('x', 'y', '__proto__'),
    namespace: fc.constantFrom('a', 'b', undefined),
    remove: fc.boolean(),
    version: fc.nat().map(String),
  });
  fc.assert(
    fc.property(fc.array(place), (changes) => {
      const store = createStore();
      const plain = new Map<string, KubeObject>();
      for (const {name, namespace, remove, version} of changes) {
        const key = `${namespace}/${name}`;
        if (remove) store.delete(name, namespace);
        else store.set(object(name, namespace, version));
        if (remove) plain.delete(key);
        else plain.set(key, object(name, namespace, version));
        t.deepEqual(sorted(store.list()), sorted(plain.values()));
        t.deepEqual(sorted(store.list('a')), sorted([...plain.values()].filter((each) => each.metadata.namespace === 'a')));
        t.is(store.size, plain.size);
      }
    }),
    {numRuns: 200},
  );
});

test('20,000 objects are listed in a moment, by namespace and whole', (t) => {
  const store = createStore();
  for (let i = 0; i < 20_000; i++) store.set(object(`o${i}`, `ns${i % 200}`));
  store.list();
  const start = performance.now();
  let seen = 0;
  for (let i = 0; i < 20_000; i++) seen += store.list(`ns${i % 200}`).length + store.list().length;
  const milliseconds = performance.now() - start;
  t.log(`40,000 lists took ${Math.round(milliseconds)} ms`);
  t.is(seen, 20_000 * 20_100);
  t.true(milliseconds < 500);
});
