import test from 'ava';
import * as fc from 'fast-check';
import {
  canonicalLifecyclePolicy,
  isSameLifecyclePolicy,
  lifecyclePolicyFault,
  renderLifecyclePolicy,
} from '../../src/documents/lifecycle-policy.ts';
import {LifecycleRules} from '../../src/documents/lifecycle-rules.ts';

const tags = fc.uniqueArray(fc.constantFrom('prod*', 'dev-*', '*-rc*', 'v1'), {minLength: 1});
const prefixes = fc.uniqueArray(fc.constantFrom('prod', 'dev-', 'v'), {minLength: 1});
const looksAt = fc.oneof(
  tags.map((tagPatternList) => ({tagStatus: 'tagged' as const, tagPatternList})),
  prefixes.map((tagPrefixList) => ({tagStatus: 'tagged' as const, tagPrefixList})),
);
const storage = fc.constantFrom({}, {storageClass: 'standard' as const});
const counted = fc.oneof(
  storage.map((more) => ({selection: {...more, countType: 'imageCountMoreThan' as const}, action: {type: 'expire' as const}})),
  storage.map((more) => ({
    selection: {...more, countType: 'sinceImagePushed' as const, countUnit: 'days' as const},
    action: {type: 'expire' as const},
  })),
  storage.map((more) => ({
    selection: {...more, countType: 'sinceImagePulled' as const, countUnit: 'days' as const},
    action: {type: 'transition' as const, targetStorageClass: 'archive' as const},
  })),
  fc.constant({
    selection: {storageClass: 'archive' as const, countType: 'sinceImageTransitioned' as const, countUnit: 'days' as const},
    action: {type: 'expire' as const},
  }),
);
const rule = fc
  .record({
    rulePriority: fc.integer({min: 1, max: 1000}),
    description: fc.option(fc.constantFrom('', 'why'), {nil: undefined}),
    looksAt,
    counted,
    countNumber: fc.integer({min: 1, max: 400}),
  })
  .map(({rulePriority, description, looksAt: look, counted: {selection, action}, countNumber}) => ({
    rulePriority,
    ...(description !== undefined && {description}),
    selection: {...look, ...selection, countNumber},
    action,
  }));
const rules: fc.Arbitrary<LifecycleRules> = fc.uniqueArray(rule, {minLength: 1, maxLength: 6, selector: ({rulePriority}) => rulePriority});

/** Another way to write the same, chosen by the numbers. */
function respell(value: unknown, next: () => number, key = ''): unknown {
  if (Array.isArray(value)) return shuffled(value, next).map((item) => respell(item, next));
  if (typeof value === 'number') return next() % 2 === 0 ? value : `${value}`;
  if (typeof value !== 'object' || value === null) return value;
  const members: [string, unknown][] = Object.entries(value).filter(
    ([name, member]) =>
      !(next() % 2 === 0 && ((name === 'storageClass' && member === 'standard') || (name === 'description' && member === ''))),
  );
  const unsaid: [string, unknown][] = [];
  if (key === 'selection') {
    for (const list of ['tagPatternList', 'tagPrefixList']) if (!(list in value) && next() % 2 === 0) unsaid.push([list, []]);
    if (!('storageClass' in value) && next() % 2 === 0) unsaid.push(['storageClass', 'standard']);
  }
  return Object.fromEntries(shuffled([...members, ...unsaid], next).map(([name, member]) => [name, respell(member, next, name)]));
}

function shuffled<T>(items: readonly T[], next: () => number): readonly T[] {
  return items
    .map((item) => ({item, rank: next()}))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({item}) => item);
}

const chances = fc.infiniteStream(fc.nat());

test('typed rules are a policy that AWS takes, and every other spelling of it is the same', (t) => {
  fc.assert(
    fc.property(rules, chances, fc.constantFrom(undefined, 2), (given, chance, indent) => {
      t.deepEqual(LifecycleRules.safeParse(given).error, undefined);
      const text = renderLifecyclePolicy(given);
      const answer = JSON.stringify(
        respell(JSON.parse(text), () => chance.next().value ?? 0),
        undefined,
        indent,
      );
      t.is(lifecyclePolicyFault(text), undefined);
      t.is(lifecyclePolicyFault(answer.padEnd(100)), undefined, answer);
      t.true(isSameLifecyclePolicy(text, answer), answer);
      t.is(canonicalLifecyclePolicy(text), canonicalLifecyclePolicy(answer));
      t.true(isSameLifecyclePolicy(text, renderLifecyclePolicy(shuffled(given, () => chance.next().value ?? 0) as LifecycleRules)));
    }),
    {numRuns: 500},
  );
});

test('a policy with one number changed, or one member more, is another', (t) => {
  fc.assert(
    fc.property(rules, fc.nat(), (given, at) => {
      const text = renderLifecyclePolicy(given);
      const edited = (edit: (rule: LifecycleRules[number]) => object) =>
        JSON.stringify({rules: given.map((each, index) => (index === at % given.length ? edit(each) : each))});
      const others = [
        edited((each) => ({...each, selection: {...each.selection, countNumber: each.selection.countNumber + 1}})),
        edited((each) => ({...each, selection: {...each.selection, newKey: 1}})),
        edited((each) => ({...each, newKey: []})),
        JSON.stringify({rules: given, newKey: 'x'}),
      ];
      for (const other of others) {
        t.false(isSameLifecyclePolicy(text, other), other);
        t.not(canonicalLifecyclePolicy(text), canonicalLifecyclePolicy(other));
      }
    }),
  );
});

const base = {
  rulePriority: 1,
  selection: {tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 3},
  action: {type: 'expire'},
};
const select = (selection: object, more: object = {}) => ({...base, selection: {...base.selection, ...selection}, ...more});
const archive = {storageClass: 'archive', countType: 'sinceImageTransitioned', countUnit: 'days'};
const transition = {action: {type: 'transition', targetStorageClass: 'archive'}};

const refused: Readonly<Record<string, readonly [readonly object[], RegExp]>> = {
  'no rule': [[], /^rules: /],
  'tagged without tags': [[select({tagStatus: 'tagged'})], /^rules\[0\]\.selection: tagStatus tagged needs either/],
  'tagged with both': [[select({tagStatus: 'tagged', tagPatternList: ['a'], tagPrefixList: ['a']})], /needs either tagPatternList or/],
  'untagged with tags': [[select({tagPatternList: ['a']})], /^rules\[0\]\.selection: .*need tagStatus tagged/],
  'five wildcards': [[select({tagStatus: 'tagged', tagPatternList: ['*a*b*c*d*']})], /^rules\[0\]\.selection\.tagPatternList\[0\]: /],
  'a count in days': [[select({countUnit: 'days'})], /^rules\[0\]\.selection: countUnit/],
  'an age without a unit': [[select({countType: 'sinceImagePushed'})], /^rules\[0\]\.selection: countUnit/],
  'a count of none': [[select({countNumber: 0})], /^rules\[0\]\.selection\.countNumber: /],
  'no priority': [[{...base, rulePriority: undefined}], /^rules\[0\]\.rulePriority: /],
  'one priority twice': [[base, select({tagStatus: 'any'})], /^rules: two items share rulePriority/],
  'two rules for untagged': [[base, {...base, rulePriority: 2}], /^rules: only one rule of a storage class/],
  'any before others': [[select({tagStatus: 'any'}), {...base, rulePriority: 2}], /^rules: a rule with tagStatus any/],
  'any twice': [[select({tagStatus: 'any'}), {...select({tagStatus: 'any'}), rulePriority: 2}], /^rules: a rule with tagStatus any/],
  'a transition to nowhere': [[{...base, action: {type: 'transition'}}], /^rules\[0\]\.action: type transition needs/],
  'an expiry to somewhere': [[{...base, action: {type: 'expire', targetStorageClass: 'archive'}}], /^rules\[0\]\.action: /],
  'not pulled, expired': [[select({countType: 'sinceImagePulled', countUnit: 'days'})], /^rules\[0\]: countType sinceImagePulled can only/],
  'archived again': [[select(archive, transition)], /^rules\[0\]: what is archived can only expire/],
  'archive by age of the push': [[select({...archive, countType: 'sinceImagePushed'})], /^rules\[0\]\.selection: storageClass archive/],
  'transitioned from standard': [[select({...archive, storageClass: 'standard'})], /^rules\[0\]\.selection: storageClass archive/],
};

for (const [name, [list, message]] of Object.entries(refused)) {
  test(`refused with its path: ${name}`, (t) => {
    t.regex(lifecyclePolicyFault(JSON.stringify({rules: list}).padEnd(100)) ?? '', message);
    t.false(LifecycleRules.safeParse(list).success);
  });
}

test('what the storage classes allow side by side is taken', (t) => {
  const unpulled = select({tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days'}, transition);
  const old = {...select({tagStatus: 'any', ...archive}), rulePriority: 2};
  t.is(lifecyclePolicyFault(JSON.stringify({rules: [unpulled, old]})), undefined);
  t.is(lifecyclePolicyFault(JSON.stringify({rules: [base, {...select(archive), rulePriority: 2}]})), undefined);
});

test('keys and words that are not known are left to AWS; what is known beside them is still judged', (t) => {
  t.is(
    lifecyclePolicyFault(JSON.stringify({version: 2, rules: [{...base, owner: 'me', selection: {...base.selection, arch: 'arm64'}}]})),
    undefined,
  );
  t.is(lifecyclePolicyFault(JSON.stringify({rules: [select({countType: 'sinceImageSigned', countUnit: 'days'})]})), undefined);
  t.regex(lifecyclePolicyFault(JSON.stringify({rules: [select({countType: 'sinceImageSigned', countNumber: 0})]})) ?? '', /countNumber/);
});

test('limits that AWS does not document hold for typed rules, and not for a text', (t) => {
  const many = Array.from({length: 101}, (_, index) => `v${index}`);
  const list = [{...select({tagStatus: 'tagged', tagPrefixList: [...many, 'v1']}), description: 'x'.repeat(300)}];
  t.is(lifecyclePolicyFault(JSON.stringify({rules: list})), undefined);
  t.false(LifecycleRules.safeParse(list).success);
});

test('a text that is too long for AWS is refused', (t) => {
  const text = JSON.stringify({rules: [base]});
  t.is(lifecyclePolicyFault(text.padEnd(30_720)), undefined);
  t.regex(lifecyclePolicyFault(text.padEnd(30_721)) ?? '', /at most 30720/);
});
