import test from 'ava';
import {labelSelector, type LabelSelector, matches} from '../../src/schema/selector.ts';

const labels = {app: 'web', tier: ''};

const cases: readonly (readonly [string, LabelSelector, boolean])[] = [
  ['an empty selector matches everything', {}, true],
  ['equal labels match', {matchLabels: {app: 'web'}}, true],
  ['an empty value is a value', {matchLabels: {tier: ''}}, true],
  ['every label must match', {matchLabels: {app: 'web', tier: 'x'}}, false],
  ['an absent label matches no value, not even an empty one', {matchLabels: {other: ''}}, false],
  ['In holds for one of the values', {matchExpressions: [{key: 'app', operator: 'In', values: ['db', 'web']}]}, true],
  ['In needs the label', {matchExpressions: [{key: 'other', operator: 'In', values: ['']}]}, false],
  ['NotIn holds where the label is absent', {matchExpressions: [{key: 'other', operator: 'NotIn', values: ['x']}]}, true],
  ['NotIn fails for one of the values', {matchExpressions: [{key: 'app', operator: 'NotIn', values: ['web']}]}, false],
  ['Exists asks for the label only', {matchExpressions: [{key: 'tier', operator: 'Exists'}]}, true],
  ['DoesNotExist fails where the label is', {matchExpressions: [{key: 'tier', operator: 'DoesNotExist'}]}, false],
  ['labels and expressions must all hold', {matchLabels: {app: 'web'}, matchExpressions: [{key: 'other', operator: 'Exists'}]}, false],
  ['a label is not looked for among what objects inherit', {matchExpressions: [{key: 'constructor', operator: 'Exists'}]}, false],
];

for (const [name, selector, expected] of cases) {
  test(name, (t) => {
    t.deepEqual(labelSelector().parse(selector), selector);
    t.is(matches(selector, labels), expected);
  });
}

test('an object without labels is matched by an empty selector', (t) => {
  t.true(matches({}));
  t.false(matches({matchLabels: {a: 'b'}}));
});

for (const [name, expression] of Object.entries({
  'In without values': {key: 'a', operator: 'In'},
  'In with an empty list': {key: 'a', operator: 'In', values: []},
  'Exists with values': {key: 'a', operator: 'Exists', values: ['b']},
  'an unknown operator': {key: 'a', operator: 'Gt', values: ['1']},
  'a key that no label can have': {key: 'a b', operator: 'Exists'},
  'a value that no label can have': {key: 'a', operator: 'In', values: ['a b']},
})) {
  test(`a selector refuses ${name}`, (t) => {
    t.false(labelSelector().safeParse({matchExpressions: [expression]}).success);
  });
}
