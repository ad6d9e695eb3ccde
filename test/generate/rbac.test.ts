import test from 'ava';
import {operatorRules, peopleRules, type PolicyRule} from '../../src/generate/rbac.ts';
import type {Access, Kind} from '../../src/kinds/kind.ts';
import {lighthouseKind} from '../schema/lighthouse.ts';

const quiet: Kind = {...lighthouseKind, finalizer: false, watches: [], access: []};
const harbour: Kind = {
  ...quiet,
  definition: {...lighthouseKind.definition, kind: 'Harbour', plural: 'harbours', singular: 'harbour', namespaced: false},
};

test('a kind is read, its status patched, and the object patched only for a finalizer', (t) => {
  const {seed: _, ...unseeded} = lighthouseKind as Kind;
  t.deepEqual(of([{...unseeded, watches: [], access: []}], 'lighthouses'), ['get', 'list', 'watch', 'patch']);
  t.deepEqual(of([{...unseeded, finalizer: false}], 'lighthouses'), ['get', 'list', 'watch']);
  t.deepEqual(of([quiet], 'lighthouses/status'), ['patch']);
  t.deepEqual(of([quiet], 'lighthouses/finalizers'), []);
});

test('a kind with a seed may be created', (t) => {
  t.deepEqual(of([quiet], 'lighthouses'), ['get', 'list', 'watch', 'create']);
});

test('what a kind watches is read, and what it asks for is added to it', (t) => {
  t.deepEqual(of([lighthouseKind], 'ships'), ['get', 'list', 'watch']);
  t.deepEqual(of([lighthouseKind], 'secrets'), ['get', 'list', 'watch', 'patch']);
});

test('a rule with names stays apart, and leaves out what holds for every name', (t) => {
  const rules = operatorRules([lighthouseKind]);
  t.deepEqual(
    rules.filter(({resourceNames}) => resourceNames),
    [
      {apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get']},
      {apiGroups: [''], resources: ['secrets'], resourceNames: ['oil'], verbs: ['delete']},
    ],
  );
  const reader: Kind = {...quiet, access: [{apiGroups: [''], resources: ['namespaces'], verbs: ['list', 'get', 'watch']}]};
  t.deepEqual(
    operatorRules([reader]).filter(({resources}) => resources.includes('namespaces')),
    [{apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch']}],
  );
});

test('the order of kinds changes nothing, and kinds that are handled alike share a rule', (t) => {
  t.deepEqual(operatorRules([quiet, harbour]), operatorRules([harbour, quiet]));
  t.deepEqual(
    operatorRules([harbour, quiet]).find(({resources}) => resources.includes('harbours')),
    {apiGroups: ['sea.example.dev'], resources: ['harbours', 'lighthouses'], verbs: ['get', 'list', 'watch', 'create']},
  );
});

test('Events can be written', (t) => {
  t.deepEqual(of([], 'events'), ['create', 'patch']);
});

for (const wild of [
  {apiGroups: ['*'], resources: ['secrets'], verbs: ['get']},
  {apiGroups: [''], resources: ['*'], verbs: ['get']},
  {apiGroups: [''], resources: ['secrets'], verbs: ['*']},
] satisfies readonly Access[]) {
  test(`a wildcard is refused: ${JSON.stringify(wild)}`, (t) => {
    t.throws(() => operatorRules([{...quiet, access: [wild]}]), {message: /no wildcards/});
  });
}

test('people who may view read all kinds; people who may edit write only namespaced ones', (t) => {
  const {view, edit} = peopleRules([harbour, quiet]);
  t.deepEqual(view, [{apiGroups: ['sea.example.dev'], resources: ['harbours', 'lighthouses'], verbs: ['get', 'list', 'watch']}]);
  t.deepEqual(edit, [
    {apiGroups: ['sea.example.dev'], resources: ['lighthouses'], verbs: ['create', 'update', 'patch', 'delete', 'deletecollection']},
  ]);
});

/** The verbs for a resource under any name. */
function of(kinds: readonly Kind[], resource: string): readonly string[] {
  const rules: readonly PolicyRule[] = operatorRules(kinds).filter(
    ({resources, resourceNames}) => resources.includes(resource) && !resourceNames,
  );
  return rules.flatMap(({verbs}) => verbs);
}
