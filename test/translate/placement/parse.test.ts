import test from 'ava';
import * as fc from 'fast-check';
import type {Expression} from '../../../src/translate/placement/expression.ts';
import {parse} from '../../../src/translate/placement/parse.ts';

const examples: readonly (readonly [string, string])[] = [
  // Every example of the developer guide.
  ['attribute:ecs.instance-type == t2.small', '[attribute:ecs.instance-type == t2.small]'],
  ['attribute:ecs.availability-zone in [us-east-1a, us-east-1b]', '[attribute:ecs.availability-zone in us-east-1a,us-east-1b]'],
  [
    'attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d',
    '([attribute:ecs.instance-type =~ g2.*] and [attribute:ecs.availability-zone != us-east-1d])',
  ],
  ['task:group == service:production', '[task:group == service:production]'],
  ['not(task:group == database)', '(not [task:group == database])'],
  ['runningTasksCount == 1', '[runningTasksCount == 1]'],
  ['agentVersion < 1.14.5', '[agentVersion < 1.14.5]'],
  ['registeredAt < 2018-02-13', '[registeredAt < 2018-02-13]'],
  ["ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']", '[ec2InstanceId in i-abcd1234,i-wxyx7890]'],
  // Every operator in its long form.
  ['attribute:a equals b', '[attribute:a == b]'],
  ['attribute:a not_equals b', '[attribute:a != b]'],
  ['attribute:a greater_than 1', '[attribute:a > 1]'],
  ['attribute:a greater_than_equal 1', '[attribute:a >= 1]'],
  ['attribute:a less_than 1', '[attribute:a < 1]'],
  ['attribute:a less_than_equal 1', '[attribute:a <= 1]'],
  ['attribute:a exists', '[attribute:a exists ]'],
  ['attribute:a !exists', '[attribute:a !exists ]'],
  ['attribute:a not_exists', '[attribute:a !exists ]'],
  ['attribute:a not_in [b]', '[attribute:a !in b]'],
  ['attribute:a !in [b,c]', '[attribute:a !in b,c]'],
  ['attribute:a matches b', '[attribute:a =~ b]'],
  ['attribute:a not_matches b', '[attribute:a !~ b]'],
  // `!` before `&&` before `||`; parentheses before all.
  [
    'attribute:a exists || attribute:b exists && attribute:c exists',
    '([attribute:a exists ] or ([attribute:b exists ] and [attribute:c exists ]))',
  ],
  [
    '(attribute:a exists or attribute:b exists) and attribute:c exists',
    '(([attribute:a exists ] or [attribute:b exists ]) and [attribute:c exists ])',
  ],
  ['!attribute:a exists && attribute:b exists', '((not [attribute:a exists ]) and [attribute:b exists ])'],
  ['not not attribute:a exists', '(not (not [attribute:a exists ]))'],
  // Close together.
  ['attribute:a==b&&attribute:c!=d||!(attribute:e>=1)', '(([attribute:a == b] and [attribute:c != d]) or (not [attribute:e >= 1]))'],
  ['attribute:stack == "a b"', '[attribute:stack == a b]'],
  ['attribute:zone =~ us-east-1[ab]', '[attribute:zone =~ us-east-1[ab]]'],
];

for (const [text, meaning] of examples) {
  test(`reads ${text}`, (t) => {
    const parsed = parse(text);
    t.is(parsed.is === 'parsed' ? shown(parsed.expression) : parsed.message, meaning);
  });
}

const wrong: readonly (readonly [string, number, string])[] = [
  ['', 0, 'a subject such as attribute:NAME is missing'],
  ['attribute:a', 11, 'an operator is missing after attribute:a'],
  ['attribute:a = b', 12, 'an operator is missing after attribute:a'],
  ['attribute:a == ', 15, 'a value is missing'],
  ['attribute:a in b', 15, 'a list such as [a, b] is missing'],
  ['attribute:a in [b', 17, 'a closing bracket is missing'],
  ['(attribute:a exists', 19, 'a closing parenthesis is missing'],
  ['attribute:a == b c', 17, 'and, or, or the end of the expression is missing'],
  ['attribute:a == b and', 20, 'a subject such as attribute:NAME is missing'],
  ['instanceType == t2.small', 0, 'instanceType is no subject'],
];

for (const [text, position, message] of wrong) {
  test(`does not read «${text}», and says where`, (t) => {
    t.deepEqual(parse(text), {is: 'wrong', position, message});
  });
}

test('any text at all is read or refused, and what is read names its place in the text', (t) => {
  const pieces = fc.array(
    fc.constantFrom('attribute:a', ' ', '==', 'in', '[', 'b', ',', ']', '(', ')', 'not', '!', '&&', 'or', "'", 'exists', '=~', '.*', 'ü'),
    {maxLength: 20},
  );
  fc.assert(
    fc.property(
      fc.oneof(
        pieces.map((all) => all.join('')),
        fc.string(),
      ),
      (text) => {
        const parsed = parse(text);
        if (parsed.is === 'wrong') return parsed.position <= text.length;
        return comparisonsOf(parsed.expression).every(({text: own, position}) => text.startsWith(own, position));
      },
    ),
  );
  t.pass();
});

test('the longest nesting that ECS takes is read', (t) => {
  t.is(parse(`${'('.repeat(990)}attribute:a exists${')'.repeat(990)}`).is, 'parsed');
});

function shown(expression: Expression): string {
  if (expression.is === 'comparison') return `[${expression.subject} ${expression.operator} ${expression.values.join(',')}]`;
  if (expression.is === 'not') return `(not ${shown(expression.of)})`;
  return `(${expression.parts.map(shown).join(` ${expression.is} `)})`;
}

function comparisonsOf(expression: Expression): readonly Extract<Expression, {is: 'comparison'}>[] {
  if (expression.is === 'comparison') return [expression];
  return expression.is === 'not' ? comparisonsOf(expression.of) : expression.parts.flatMap(comparisonsOf);
}
