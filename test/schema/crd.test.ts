import {readFile, writeFile} from 'node:fs/promises';
import test from 'ava';
import {parse} from 'yaml';
import * as z from 'zod';
import {yamlText} from '../../src/generate/text.ts';
import {customResourceDefinition} from '../../src/schema/crd.ts';
import type {Definition} from '../../src/schema/definition.ts';
import type {StructuralSchema} from '../../src/schema/structural-schema.ts';
import {kinds, lighthouse, LighthouseSpec} from './lighthouse.ts';

const golden = 'test/schema/golden/lighthouse.yaml';

test('the CRD of a kind that uses every word is as it was reviewed', async (t) => {
  const text = yamlText(customResourceDefinition(lighthouse));
  if (process.env['UPDATE_GOLDEN']) await writeFile(golden, text);
  t.is(text, await readFile(golden, 'utf8'));
});

test('fields whose names YAML 1.1 takes for booleans stay names', (t) => {
  const text = yamlText(customResourceDefinition(lighthouse));
  const read = parse(text, {version: '1.1'}) as ReturnType<typeof customResourceDefinition>;
  t.deepEqual(read, customResourceDefinition(lighthouse));
});

test('spec is required where an empty one is not valid', (t) => {
  const spec = z.object({a: z.string().describe('A.')}).describe('Spec.');
  const {scale: _, selectableFields: __, ...bare} = lighthouse;
  const schema = schemaOf({...bare, spec, columns: []});
  t.deepEqual(schema.required, ['spec']);
  t.is(schema.properties?.['spec']?.default, undefined);
});

test('spec is filled in where an empty one is valid', (t) => {
  const schema = schemaOf(lighthouse);
  t.is(schema.required, undefined);
  t.deepEqual(schema.properties?.['spec']?.default, LighthouseSpec.parse({}));
});

test('a new object counts as not yet looked at', (t) => {
  t.deepEqual(schemaOf(lighthouse).properties?.['status']?.default, {observedGeneration: -1});
});

test('a field that nobody has described is refused, however deep', (t) => {
  const spec = z.object({list: z.array(z.object({a: z.string()})).describe('L.'), map: z.record(z.string(), z.object({b: z.string()}))});
  t.throws(() => customResourceDefinition({...lighthouse, spec}), {message: /spec\.list\.\[\]\.a, spec\.map, spec\.map\.\*\.b$/});
});

test('a column, a selector and a scale path must name a field', (t) => {
  const column = {name: 'X', type: 'string', jsonPath: '.spec.lihgt'} as const;
  t.throws(() => customResourceDefinition({...lighthouse, columns: [column]}), {message: /no field is called so: \.spec\.lihgt/});
  t.throws(() => customResourceDefinition({...lighthouse, selectableFields: ['.spec.light.x']}), {message: /\.spec\.light\.x/});
  const scale = {specReplicasPath: '.spec.period', statusReplicasPath: '.status.nothing', labelSelectorPath: '.status.selector'};
  t.throws(() => customResourceDefinition({...lighthouse, scale}), {message: /\.status\.nothing/});
});

test('a kind cannot take the names of the status fields that all kinds have', (t) => {
  const status = z.object({conditions: z.string().describe('Mine.')});
  t.throws(() => customResourceDefinition({...lighthouse, status}), {message: /every kind has it already/});
});

test('a list of kinds holds kinds of any spec, observation and step', (t) => {
  t.is(kinds[0]?.definition.kind, 'Lighthouse');
});

function schemaOf(definition: Definition): StructuralSchema {
  return customResourceDefinition(definition).spec.versions[0].schema.openAPIV3Schema;
}
