import test from 'ava';
import * as fc from 'fast-check';
import {constrained} from '../../../src/translate/placement/constraints.ts';
import {parse} from '../../../src/translate/placement/parse.ts';
import {beginningsOf, textsOf} from '../../../src/translate/placement/pattern.ts';
import type {Note} from '../../../src/translate/note.ts';
import {holds, selects} from './evaluate.ts';

const nodes = {attributes: {labelPrefix: '', labels: {}}, computes: ['Karpenter'] as const};

// Few names and values, so that they meet. Custom attributes are labels of the same name here.
const name = fc.constantFrom('a', 'b', 'c');
const word = fc.constantFrom('x', 'y', 'zz');
const number = fc.nat({max: 4}).map(String);
const comparison = fc.oneof(
  fc.tuple(name, fc.constantFrom('==', '!=', 'equals', 'not_equals'), word).map((all) => `attribute:${all.join(' ')}`),
  fc
    .tuple(name, fc.constantFrom('in', '!in', 'not_in'), fc.array(word, {minLength: 1, maxLength: 3}))
    .map(([a, how, all]) => `attribute:${a} ${how} [${all.join(', ')}]`),
  fc.tuple(name, fc.constantFrom('exists', '!exists')).map((all) => `attribute:${all.join(' ')}`),
  fc
    .tuple(name, fc.constantFrom('=~', '!~'), fc.constantFrom('x|y', '[xy]', 'zz?', 'z.*', '.*'))
    .map((all) => `attribute:${all.join(' ')}`),
  fc.tuple(fc.constantFrom('n', 'm'), fc.constantFrom('>', '>=', '<', '<='), number).map((all) => `attribute:${all.join('')}`),
);
const {expression} = fc.letrec<{expression: string}>((tie) => ({
  expression: fc.oneof(
    {maxDepth: 3},
    comparison,
    fc.tuple(tie('expression'), fc.constantFrom('and', '&&', 'or', '||'), tie('expression')).map(([a, how, b]) => `(${a} ${how} ${b})`),
    fc.tuple(comparison, fc.constantFrom('and', 'or'), comparison, fc.constantFrom('and', 'or'), comparison).map((all) => all.join(' ')),
    tie('expression').map((inner) => `not(${inner})`),
    comparison.map((inner) => `!${inner}`),
  ),
}));
const attributes = fc.record({a: word, b: word, c: word, n: number, m: number}, {requiredKeys: []});

test('node affinity selects exactly the instances that the expression does', (t) => {
  let selected = 0;
  let compared = 0;
  fc.assert(
    fc.property(expression, fc.array(attributes, {minLength: 5, maxLength: 5}), (text, instances) => {
      const notes: Note[] = [];
      const {terms} = constrained([{type: 'memberOf', expression: text}], 'placementConstraints', nodes, (note) => void notes.push(note));
      const parsed = parse(text);
      if (parsed.is === 'wrong') throw new Error(`${text}: ${parsed.message}`);
      const refused = notes.filter(({level}) => level === 'refused').map(({reason}) => reason);
      if (refused.includes('PlacementImpossible')) return instances.every((instance) => !holds(parsed.expression, instance));
      if (refused.length > 0) {
        // Only what no label can say: a pattern with an open end, or more alternatives than anyone writes.
        return /z\.\*/.test(text) || refused.includes('PlacementExpressionTooLarge');
      }
      compared += 1;
      return instances.every((instance) => {
        const wanted = holds(parsed.expression, instance);
        if (wanted) selected += 1;
        return selects(terms ?? [], instance) === wanted;
      });
    }),
    {numRuns: 2000},
  );
  // Else all were the same, and nothing was shown.
  t.true(compared > 500 && selected > 500, `${compared} ${selected}`);
});

test('two expressions hold both', (t) => {
  fc.assert(
    fc.property(comparison, comparison, attributes, (one, other, instance) => {
      const notes: Note[] = [];
      const both = [one, other].map((text) => ({type: 'memberOf' as const, expression: text}));
      const {terms = []} = constrained(both, 'placementConstraints', nodes, (note) => void notes.push(note));
      if (notes.some(({level}) => level === 'refused')) return true;
      const wanted = [one, other].every((text) => {
        const parsed = parse(text);
        return parsed.is === 'parsed' && holds(parsed.expression, instance);
      });
      return selects(terms, instance) === wanted;
    }),
  );
  t.pass();
});

test('a pattern is listed as exactly the texts that it matches', (t) => {
  const atom = fc.constantFrom('a', 'b', 'c', '[ab]', '[a-c]', '(a|bc)', '(?:c|)', 'b?', '\\.', '-');
  const pattern = fc
    .array(
      fc.array(atom, {maxLength: 4}).map((all) => all.join('')),
      {minLength: 1, maxLength: 3},
    )
    .map((all) => all.join('|'));
  const text = fc.stringMatching(/^[abc.-]{0,5}$/);
  fc.assert(
    fc.property(pattern, text, (given, candidate) => {
      const texts = textsOf(given);
      if (texts === undefined) return true;
      const whole = new RegExp(`^(?:${given})$`);
      return texts.every((one) => whole.test(one)) && texts.includes(candidate) === whole.test(candidate);
    }),
    {numRuns: 2000},
  );
  t.pass();
});

test('what cannot be listed is not', (t) => {
  for (const pattern of [
    'a*',
    'a+',
    'a{2}',
    'a.b',
    '\\d',
    '[^a]',
    'a(?=b)',
    '(a',
    'a)',
    '[a',
    '*',
    'a??',
    '[a-z][a-z]',
    '(a|b)\\1',
    '\\',
  ]) {
    t.is(textsOf(pattern), undefined, pattern);
  }
  t.deepEqual(textsOf('t2.micro', '.'), ['t2.micro']);
  t.deepEqual(beginningsOf('[ct]3.*'), ['c3', 't3']);
  t.deepEqual(beginningsOf('t3\\..*'), ['t3.']);
  t.is(beginningsOf('t3\\.*'), undefined);
  t.is(beginningsOf('.*'), undefined);
});
