import test from 'ava';
import * as z from 'zod';
import {anyObject, immutable, intOrString, listMap, mapOf, rule, set, transition} from '../../src/schema/rules.ts';
import {toStructural} from '../../src/schema/structural.ts';
import {UnsayableSchema} from '../../src/schema/structural-schema.ts';

const wide = {rule: 'self.size() > 0', message: 'not empty', test: () => true};
const A = z.object({k: z.string()}).meta({id: 'A'});
const Tree: z.ZodType = z.object({
  get child() {
    return Tree.optional();
  },
});

// What zod can say and the API server cannot, or would read differently: each must be refused where it stands.
const traps: Readonly<Record<string, readonly [z.ZodType, RegExp]>> = {
  'a union': [z.union([z.int(), z.string()]), /unions are not structural/],
  'a discriminated union': [
    z.discriminatedUnion('t', [z.object({t: z.literal('a')}), z.object({t: z.literal('b')})]),
    /unions are not structural/,
  ],
  'a tuple': [z.tuple([z.string(), z.int()]), /z\.tuple\(\) cannot be said/],
  'an intersection': [z.intersection(z.object({a: z.string()}), z.object({b: z.string()})), /z\.intersection\(\)/],
  'two patterns on one string': [z.string().regex(/^a/).regex(/b$/), /two patterns/],
  'a pattern and a prefix': [z.string().regex(/b$/).startsWith('a'), /two patterns/],
  'an id, which becomes $ref': [A, /\$ref/],
  'metadata that a CRD has no place for': [z.string().meta({title: 'T', examples: ['x']}), /\.meta\(\{title, examples\}\)/],
  any: [z.any(), /use anyObject/],
  unknown: [z.unknown(), /use anyObject/],
  'a strict object': [z.strictObject({a: z.string()}), /strictObject/],
  'a catch-all beside properties': [z.object({a: z.string()}).catchall(z.string()), /exclude each other/],
  'a pattern with look-ahead': [z.string().regex(/^(?!aws:)/), /not RE2/],
  'a pattern with look-behind': [z.string().regex(/(?<=a)b/), /not RE2/],
  'a pattern with a back-reference': [z.string().regex(/(a)\1/), /not RE2/],
  'a pattern that ignores case': [z.string().regex(/^a$/i), /flags \/i are dropped/],
  'enum keys of a record': [z.record(z.enum(['x']), z.string()), /keys of a record/],
  'a pattern on the keys of a record': [z.record(z.string().regex(/^a/), z.string()), /keys of a record/],
  'a refine without a CEL twin': [z.string().refine((text) => text !== 'x'), /use rule\(\)/],
  'a superRefine': [z.string().superRefine(() => undefined), /use rule\(\)/],
  'a refine on an optional': [
    z
      .string()
      .optional()
      .refine(() => true),
    /use rule\(\)/,
  ],
  'a format that the API server reads in its own way': [z.url(), /format url/],
  base64: [z.base64(), /format base64/],
  'includes()': [z.string().includes('x'), /format includes/],
  'trim()': [z.string().trim(), /change the value/],
  'toLowerCase()': [z.string().toLowerCase(), /change the value/],
  'a transform': [z.string().transform((text) => text.length), /z\.pipe\(\)/],
  'coercion by preprocess': [z.preprocess(String, z.string()), /z\.pipe\(\)/],
  'a fallback': [z.string().catch('x'), /z\.catch\(\)/],
  'a lazy schema': [z.lazy(() => z.string()), /z\.lazy\(\)/],
  'a schema that contains itself': [Tree, /contains itself/],
  'a date': [z.date(), /z\.date\(\)/],
  'a bigint': [z.bigint(), /z\.bigint\(\)/],
  null: [z.null(), /z\.null\(\)/],
  'an unsigned 32-bit number': [z.uint32(), /number format uint32/],
  'an enum of mixed values': [z.literal(['a', 1]), /all be strings/],
  'an enum that may be null': [z.enum(['a']).nullable(), /may be null/],
  'a default inside a list': [z.array(z.object({a: z.string().default('x')})), /default inside a list/],
  'a default that the API server would fill in further': [
    z.object({a: z.int(), b: z.int().default(1)}).default({a: 1} as {a: number; b: number}),
    /use \.prefault/,
  ],
  'a default that is not valid': [z.string().max(1).default('xx'), /default is not valid: .*Too big/],
  'a rule over a list without a maximum': [rule(z.object({l: z.array(z.string())}), wide), /can reach v\.l, which has no maximum/],
  'a rule over a map without a maximum': [rule(z.object({m: z.record(z.string(), z.string())}), wide), /can reach v\.m/],
  'a rule under a list without a maximum': [z.array(rule(z.string(), wide)), /a list or map above it/],
  'an old self under an atomic list': [z.array(immutable(z.string())).max(3), /only in a listMap/],
  'an old self under a set': [set(immutable(z.string())).max(3), /only in a listMap/],
  'a listMap whose key may be absent': [listMap(z.object({k: z.string().optional()}), 'k'), /must be required/],
  'an immutable field that its optional parent would forget': [
    z.object({parent: z.object({child: immutable(z.string())}).optional()}),
    /would forget the immutable fields/,
  ],
};

for (const [name, [schema, why]] of Object.entries(traps)) {
  test(`refuses ${name}, and says where`, (t) => {
    const error = t.throws(() => toStructural(z.object({v: schema})), {instanceOf: UnsayableSchema, message: why});
    t.regex(error?.path ?? '', /^v/);
  });
}

test('names the path down to the item that cannot be said', (t) => {
  const error = t.throws(() => toStructural(z.object({a: z.array(z.object({b: z.record(z.string(), z.any())}))})), {
    instanceOf: UnsayableSchema,
  });
  t.is(error?.path, 'a.[].b.*');
});

// What would be written for the API server in a naive translation, and is said well here.
const sayings: Readonly<Record<string, readonly [z.ZodType, object]>> = {
  'a literal is an enum of one': [z.literal('x'), {type: 'string', enum: ['x']}],
  'whole literals are integers': [z.literal([1, 2]), {type: 'integer', enum: [1, 2]}],
  'int() has no limits beside its format': [z.int(), {type: 'integer', format: 'int64'}],
  'int32() has no limits beside its format': [z.int32(), {type: 'integer', format: 'int32'}],
  'more than 0 is at least 1 for whole numbers': [z.int().positive(), {type: 'integer', format: 'int64', minimum: 1}],
  'more than 0 stays so for others': [
    z.number().gt(0).lt(2),
    {type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: true},
  ],
  'the narrowest of several limits counts': [z.number().min(1).min(3).max(9).max(7), {type: 'number', minimum: 3, maximum: 7}],
  'a time is only a format, not a pattern': [z.iso.datetime(), {type: 'string', format: 'date-time'}],
  'a prefix is a pattern': [z.string().startsWith('arn:'), {type: 'string', pattern: '^arn:.*'}],
  'length() is both limits': [z.string().length(3), {type: 'string', minLength: 3, maxLength: 3}],
  'nonempty() of a list is minItems': [z.array(z.string()).nonempty(), {type: 'array', items: {type: 'string'}, minItems: 1}],
  'nullable is nullable': [z.string().nullable(), {type: 'string', nullable: true}],
  'readonly() says nothing': [z.array(z.string()).readonly(), {type: 'array', items: {type: 'string'}}],
  'a plain record is a map': [z.record(z.string(), z.int32()), {type: 'object', additionalProperties: {type: 'integer', format: 'int32'}}],
  'mapOf() has a maximum': [mapOf(z.string(), {max: 3}), {type: 'object', additionalProperties: {type: 'string'}, maxProperties: 3}],
  'intOrString()': [intOrString(), {'x-kubernetes-int-or-string': true}],
  'anyObject()': [anyObject(), {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}],
  'a loose object keeps what it does not know': [
    z.looseObject({a: z.string()}),
    {type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: {a: {type: 'string'}}, required: ['a']},
  ],
  'a word outlives max() and describe()': [
    listMap(z.object({k: z.string()}), 'k')
      .max(3)
      .describe('D'),
    {
      description: 'D',
      type: 'array',
      items: {type: 'object', properties: {k: {type: 'string'}}, required: ['k']},
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      maxItems: 3,
    },
  ],
  'a default of a list is as it is': [
    z.array(z.object({a: z.int32()})).default([{a: 1}]),
    {
      type: 'array',
      items: {type: 'object', properties: {a: {type: 'integer', format: 'int32'}}, required: ['a']},
      default: [{a: 1}],
    },
  ],
  'an object that fills itself in has its whole default': [
    z.object({a: z.string().default('x'), b: z.object({c: z.int32().default(3)}).prefault({})}).prefault({}),
    {
      type: 'object',
      properties: {
        a: {type: 'string', default: 'x'},
        b: {type: 'object', properties: {c: {type: 'integer', format: 'int32', default: 3}}, default: {c: 3}},
      },
      default: {a: 'x', b: {c: 3}},
    },
  ],
  'an optional immutable field can neither come nor go': [
    z.object({for: immutable(z.string()).optional(), 'a-b': immutable(z.string()).default('x')}),
    {
      type: 'object',
      properties: {
        for: {type: 'string', 'x-kubernetes-validations': [{rule: 'self == oldSelf', message: 'is immutable'}]},
        'a-b': {type: 'string', 'x-kubernetes-validations': [{rule: 'self == oldSelf', message: 'is immutable'}], default: 'x'},
      },
      'x-kubernetes-validations': [
        {rule: 'has(self.__for__) == has(oldSelf.__for__)', message: 'for is immutable: it can neither be added nor removed later'},
      ],
    },
  ],
  'a rule outlives what is said after it': [
    rule(z.string(), {rule: "self != 'x'", message: 'not x', reason: 'FieldValueInvalid', test: (text) => text !== 'x'})
      .max(3)
      .optional(),
    {type: 'string', maxLength: 3, 'x-kubernetes-validations': [{rule: "self != 'x'", message: 'not x', reason: 'FieldValueInvalid'}]},
  ],
  'a transition under a listMap is fine': [
    listMap(z.object({k: z.string(), v: transition(z.int32(), {rule: 'self >= oldSelf', message: 'only grows'})}), 'k').max(3),
    {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'object',
        properties: {
          k: {type: 'string'},
          v: {type: 'integer', format: 'int32', 'x-kubernetes-validations': [{rule: 'self >= oldSelf', message: 'only grows'}]},
        },
        required: ['k', 'v'],
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    },
  ],
};

for (const [name, [schema, said]] of Object.entries(sayings)) {
  test(`says it well: ${name}`, (t) => {
    t.deepEqual(toStructural(schema) as object, said);
  });
}
