import test from 'ava';
import * as z from 'zod';
import {issueWords} from '../../src/translate/issue-words.ts';

const cases: readonly (readonly [schema: z.ZodType, value: unknown, words: string])[] = [
  [z.string(), undefined, 'is missing; add it'],
  [z.string(), 3, 'must be a text ("..."), not a number'],
  [z.int(), '3', 'must be a number (without quotes), not a text'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.int().min(6), 4, 'must be at least 6'],
  [z.int().max(65535), 70000, 'must be at most 65535'],
  [z.int(), 1e300, 'must be at most 9007199254740991'],
  [z.string().min(1), '', 'must not be empty; give it a value'],
  [z.array(z.string()).min(2), ['a'], 'must have at least 2 items'],
  [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 items'],
  [z.string().max(2), 'abc', 'must have at most 2 characters'],
  [z.array(z.string()), {}, 'must be a list ([...]), not an object'],
  [z.looseObject({}), 'x', 'must be an object ({...}), not a text'],
  [z.boolean(), 'true', 'must be true or false, not a text'],
  [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
  [z.literal('a'), 'c', 'must be a'],
  [z.string('needs an image'), undefined, 'needs an image'],
];

for (const [schema, value, words] of cases) {
  test(`of ${JSON.stringify(value) ?? 'nothing'} it is said that it ${words}`, (t) => {
    t.is(issueWords(schema.safeParse(value).error?.issues[0]?.message ?? ''), words);
  });
}
