import test from 'ava';
import * as fc from 'fast-check';
import {arnOf, mayAsk, mayHold} from '../../../src/kinds/needed-secrets/allowed.ts';

const identity = {accountId: '123456789012', arn: 'arn:aws-cn:sts::123456789012:assumed-role/drayage/x', region: 'cn-north-1'};
const secret = (name: string): string => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}`;

test('names are looked up in the account, region and partition of the operator', (t) => {
  t.is(arnOf({is: 'SecretsManager', secretId: 'a/b'}, identity), 'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b');
  t.is(arnOf({is: 'ParameterStore', name: '/a/b'}, identity), 'arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a/b');
  t.is(arnOf({is: 'ParameterStore', name: 'a'}, identity), 'arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a');
  t.is(arnOf({is: 'S3', bucket: 'b', key: 'a.env', partition: 'aws'}, identity), 'arn:aws:s3:::b/a.env');
});

// Pattern, ARN, whether it may be asked for, and whether AWS's answer may be used.
const table: readonly (readonly [string, string, boolean, boolean])[] = [
  [secret('shop/*'), secret('shop/db-AbCdEf'), true, true],
  [secret('shop/*'), secret('shop2/db-AbCdEf'), false, false],
  [secret('shop/db-AbCdEf'), secret('shop/db-AbCdEf'), true, true],
  [secret('shop/db-??????'), secret('shop/db-AbCdEf'), true, true],
  [secret('shop/db'), secret('shop/db-AbCdEf'), true, true],
  [secret('shop/db-AbCdEf'), secret('shop/db'), true, false],
  [secret('shop/db-AbCdEf'), secret('shop/db-ZZZZZZ'), false, false],
  [secret('shop/db'), secret('shop/db-secret-AbCdEf'), false, false],
  [secret('shop.db'), secret('shopxdb'), false, false],
  ['arn:aws:ssm:*:*:parameter/shop/*', 'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key', true, true],
  ['arn:aws:ssm:*:*:parameter/shop/a', 'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/a-AbCdEf', false, false],
  ['arn:aws:s3:::conf/*.env', 'arn:aws:s3:::conf/a/b.env', true, true],
  ['arn:aws:s3:::conf/*.env', 'arn:aws:s3:::conf2/a.env', false, false],
];
for (const [pattern, arn, ask, hold] of table) {
  test(`${pattern} for ${arn}`, (t) => t.deepEqual([mayAsk([pattern], arn), mayHold([pattern], arn)], [ask, hold]));
}

test('nothing is allowed by default, and what may be held may be asked for', (t) => {
  const text = fc.string({unit: fc.constantFrom('a', '*', '?', '-', '.', '(', '[', '\\', 'AbCdEf', ':'), maxLength: 12});
  fc.assert(
    fc.property(text, text, (pattern, name) => {
      t.false(mayAsk([], secret(name)));
      if (mayHold([secret(pattern)], secret(name))) t.true(mayAsk([secret(pattern)], secret(name)));
      t.true(mayHold([secret(name.replaceAll(/[*?]/g, ''))], secret(name.replaceAll(/[*?]/g, ''))));
    }),
  );
});
