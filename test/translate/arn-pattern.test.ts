import test from 'ava';
import * as fc from 'fast-check';
import {fitsArn} from '../../src/translate/arn-pattern.ts';

test('a star stands for any text, and nothing else does', (t) => {
  const role = 'arn:aws:iam::123456789012:role/shop-web';
  for (const pattern of [
    role,
    '*',
    'arn:aws:iam::123456789012:role/shop-*',
    'arn:*:role/*-web',
    '*shop*',
    'arn:aws:iam::*:role/shop-web',
  ]) {
    t.true(fitsArn(pattern, role), pattern);
  }
  for (const pattern of [
    '',
    'arn:aws:iam::123456789012:role/shop',
    'arn:aws:iam::123456789012:role/shop-?eb',
    '*/web*',
    'arn.*',
    `${role}*x`,
  ]) {
    t.false(fitsArn(pattern, role), pattern);
  }
});

test('it means what the same regular expression means', (t) => {
  const text = fc.string({unit: fc.constantFrom('a', 'b', '*', '.', '+'), maxLength: 8});
  fc.assert(
    fc.property(text, fc.stringMatching(/^[ab.+]{0,10}$/), (pattern, arn) => {
      const parts = pattern.split('*').map((part) => part.replaceAll(/[.+]/g, String.raw`\$&`));
      return fitsArn(pattern, arn) === new RegExp(`^${parts.join('.*')}$`).test(arn);
    }),
    {numRuns: 5000},
  );
  t.pass();
});
