import * as fc from 'fast-check';
import type {StructuralSchema} from '../../src/schema/structural-schema.ts';

/** Values near a schema: most members fit, some lie on or beyond a limit, some are of another type, some are missing. */
export function near(schema: StructuralSchema): fc.Arbitrary<unknown> {
  return fc.oneof({arbitrary: fitting(schema), weight: 30}, {arbitrary: strange, weight: 1});
}

const strange: fc.Arbitrary<unknown> = fc.constantFrom<unknown>('', 'x', 0, -1, 1.5, 3_000_000_000, true, [], {}, null, [[]], {a: 1});

function fitting(schema: StructuralSchema): fc.Arbitrary<unknown> {
  if (schema['x-kubernetes-int-or-string']) return fc.oneof(fc.integer(), fc.constantFrom('http', '', '25%'));
  if (schema['x-kubernetes-preserve-unknown-fields'] && !schema.properties)
    return fc.dictionary(words, fc.jsonValue({maxDepth: 2}), {maxKeys: 3});
  if (schema.enum) return fc.constantFrom(...schema.enum, ...schema.enum);
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer') return numbers(schema).map(Math.round);
  if (schema.type === 'number') return numbers(schema);
  if (schema.items) return fc.array(near(schema.items), {maxLength: Math.min((schema.maxItems ?? 3) + 1, 9)});
  if (schema.additionalProperties) return maps(schema, schema.additionalProperties);
  return schema.properties ? objects(schema) : strings(schema);
}

const words = fc.constantFrom('a', 'b-c', 'app', 'x_y', 'a.b/c', 'UPPER', '9');

function numbers({minimum = -10, maximum = minimum + 100}: StructuralSchema): fc.Arbitrary<number> {
  const limits = fc.constantFrom(minimum - 1, minimum, maximum, maximum + 1, minimum + 0.5);
  return fc.oneof({arbitrary: fc.integer({min: Math.ceil(minimum), max: Math.floor(maximum)}), weight: 8}, {arbitrary: limits, weight: 2});
}

function strings({minLength = 0, maxLength = minLength + 20, pattern}: StructuralSchema): fc.Arbitrary<string> {
  const lengths = fc.constantFrom(minLength, maxLength, maxLength + 1).map((length) => 'a'.repeat(length));
  const matching = pattern ? fc.stringMatching(new RegExp(pattern), {maxLength: 40}) : fc.string();
  return fc.oneof(
    {arbitrary: matching, weight: 5},
    {arbitrary: words, weight: 4},
    {arbitrary: lengths, weight: 1},
    fc.string({unit: 'grapheme'}),
  );
}

function maps({maxProperties = 4}: StructuralSchema, values: StructuralSchema): fc.Arbitrary<unknown> {
  const some = fc.dictionary(words, near(values), {maxKeys: 4});
  const many = fc.constant(Object.fromEntries(Array.from({length: maxProperties + 1}, (_, index) => [`k${index}`, 'v'])));
  return fc.oneof({arbitrary: some, weight: 20}, {arbitrary: many, weight: 1});
}

function objects({properties = {}, required = []}: StructuralSchema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, inner]) => {
    const value = near(inner);
    const often = required.includes(name) ? 40 : 1;
    return [name, fc.oneof({arbitrary: value.map((some) => [some]), weight: often}, {arbitrary: fc.constant([]), weight: 1})] as const;
  });
  const unknownField = fc.option(fc.constant({unknownField: 1}), {freq: 10, nil: {}});
  return fc
    .tuple(fc.record(Object.fromEntries(members)) as fc.Arbitrary<Record<string, readonly unknown[]>>, unknownField)
    .map(([chosen, more]) => ({
      ...Object.fromEntries(Object.entries(chosen).flatMap(([name, [...some]]) => some.map((value) => [name, value]))),
      ...more,
    }));
}
