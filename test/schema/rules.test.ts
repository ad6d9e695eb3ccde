import test from 'ava';
import * as z from 'zod';
import {anyObject, celName, immutable, intOrString, listMap, mapOf, rule, set, transition} from '../../src/schema/rules.ts';

const Span = rule(z.object({from: z.int(), to: z.int().default(9)}), {
  rule: 'self.from <= self.to',
  message: 'from must not be after to',
  test: ({from, to}) => from <= to,
});

test('a rule holds in zod with the same message, and sees defaults', (t) => {
  t.deepEqual(Span.parse({from: 1}), {from: 1, to: 9});
  t.is(Span.safeParse({from: 10}).error?.issues[0]?.message, 'from must not be after to');
});

test('a rule that names oldSelf is refused, for zod sees one value only', (t) => {
  t.throws(() => rule(z.string(), {rule: 'self == oldSelf', message: 'm', test: () => true}), {message: /use transition/});
});

test('a transition that does not name oldSelf is refused, for it would never be tried in zod', (t) => {
  t.throws(() => transition(z.string(), {rule: 'self != ""', message: 'm'}), {message: /use rule/});
});

test('a rule on an optional schema is refused, for CEL is not asked about what is absent', (t) => {
  t.throws(() => immutable(z.string().optional()), {message: /put the rule inside/});
});

test('a listMap takes no two items of the same key', (t) => {
  const list = listMap(z.object({a: z.string(), b: z.int()}), 'a', 'b');
  t.true(
    list.safeParse([
      {a: 'x', b: 1},
      {a: 'x', b: 2},
    ]).success,
  );
  t.is(
    list.safeParse([
      {a: 'x', b: 1},
      {a: 'x', b: 1},
    ]).error?.issues[0]?.message,
    'two items share a and b',
  );
});

test('a set takes no item twice', (t) => {
  t.true(set(z.string()).safeParse(['a', 'b']).success);
  t.false(set(z.string()).safeParse(['a', 'a']).success);
});

test('a map takes no more entries than its maximum', (t) => {
  t.true(mapOf(z.string(), {max: 1}).safeParse({a: 'x'}).success);
  t.false(mapOf(z.string(), {max: 1}).safeParse({a: 'x', b: 'y'}).success);
});

test('any object keeps what it has, and is no list and no text', (t) => {
  t.deepEqual(anyObject().parse({a: [{b: null}]}), {a: [{b: null}]});
  t.false(anyObject().safeParse([]).success);
  t.false(anyObject().safeParse('x').success);
});

test('intOrString takes both and nothing else', (t) => {
  t.is(intOrString().parse(80), 80);
  t.is(intOrString().parse('http'), 'http');
  t.false(intOrString().safeParse(1.5).success);
});

test('fields are named as CEL spells them', (t) => {
  t.deepEqual(['plain', 'namespace', 'a-b', 'a.b', 'a/b', 'a__b'].map(celName), [
    'plain',
    '__namespace__',
    'a__dash__b',
    'a__dot__b',
    'a__slash__b',
    'a__underscores__b',
  ]);
});
