import test from 'ava';
import {reasons} from '../../../src/kinds/public-repository/reasons.ts';
import {definition, PublicRepositorySpec} from '../../../src/kinds/public-repository/schema.ts';
import {watches} from '../../../src/kinds/public-repository/watches.ts';
import {customResourceDefinition} from '../../../src/schema/crd.ts';
import type {KubeObject} from '../../../src/schema/object.ts';

test('an empty spec is a repository with safe defaults', (t) => {
  t.deepEqual(PublicRepositorySpec.parse({}), {
    registryRef: {name: 'default'},
    deletionPolicy: 'Retain',
    adoptionPolicy: 'IfOwned',
    driftPolicy: 'Correct',
  });
});

test("AWS's limits hold, to the last character", (t) => {
  const accepted = {
    'the longest name': {name: 'a'.repeat(205)},
    'the longest texts': {catalogData: {description: 'a'.repeat(1024), aboutText: 'b'.repeat(25_600), usageText: 'c'.repeat(25_600)}},
    'the largest logo': {catalogData: {logoImageBlob: Buffer.alloc(512_000).toString('base64')}},
    'empty texts': {catalogData: {description: '', architectures: []}},
  };
  const refused = {
    'a name that is too long': {name: 'a'.repeat(206)},
    'upper case': {name: 'Team/app'},
    'a long description': {catalogData: {description: 'a'.repeat(1025)}},
    'a long text': {catalogData: {aboutText: 'a'.repeat(25_601)}},
    'an architecture that is none': {catalogData: {architectures: ['amd64']}},
    'a badge twice': {catalogData: {operatingSystems: ['Linux', 'Linux']}},
    'a logo that is too large': {catalogData: {logoImageBlob: Buffer.alloc(512_010).toString('base64')}},
    'a logo that is not base64': {catalogData: {logoImageBlob: 'data:image/png;base64,AAAA'}},
    'our own tag': {tags: [{key: 'drayage.dev/owner', value: 'me'}]},
  };
  for (const [name, spec] of Object.entries(accepted)) t.true(PublicRepositorySpec.safeParse(spec).success, name);
  for (const [name, spec] of Object.entries(refused)) t.false(PublicRepositorySpec.safeParse(spec).success, name);
});

test('the API server can be told all of it, and what cannot change does not', (t) => {
  const crd = customResourceDefinition(definition);
  const spec = crd.spec.versions[0].schema.openAPIV3Schema.properties?.['spec'];
  for (const field of ['name', 'registryRef']) t.regex(JSON.stringify(spec?.properties?.[field]), /self == oldSelf/, field);
  t.is(crd.metadata.name, 'publicrepositories.ecr.drayage.dev');
});

test('every reason is in upper camel case and explained', (t) => {
  for (const [reason, meaning] of Object.entries(reasons)) {
    t.regex(reason, /^[A-Z][A-Za-z]+$/);
    t.regex(meaning, /\.$/, reason);
  }
});

function object(kind: string, name: string, spec: unknown = {}, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {apiVersion: 'v1', kind, metadata: {name, ...more}, spec};
}

test('a Registry, a namespace and a rival that goes wake those that they concern', (t) => {
  const own = [
    object('PublicRepository', 'a', {}, {namespace: 'one'}),
    object('PublicRepository', 'b', {name: 'a', registryRef: {name: 'europe'}}, {namespace: 'two'}),
  ];
  const woken = (source: string, changed: KubeObject) =>
    (watches.find((watch) => watch.source.name === source)?.keys(changed, own) ?? []).map(({namespace, name}) => `${namespace}/${name}`);
  t.deepEqual(woken('registries.ecr.drayage.dev', object('Registry', 'europe')), ['two/b']);
  t.deepEqual(woken('namespaces', object('Namespace', 'one')), ['one/a']);
  const [first] = own;
  t.deepEqual(woken('publicrepositories.ecr.drayage.dev', first!), []);
  const going = {...first!, metadata: {...first!.metadata, deletionTimestamp: '2026-01-01T00:00:00Z'}};
  t.deepEqual(woken('publicrepositories.ecr.drayage.dev', going), ['two/b'], 'whatever the Registry: the account may be the same');
});
