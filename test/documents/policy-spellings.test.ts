import test from 'ava';
import * as fc from 'fast-check';
import {gonePrincipals} from '../../src/documents/gone-principals.ts';
import {isSamePolicy} from '../../src/documents/iam-policy.ts';
import {dice, repositoryPolicy, respelled, roles} from '../support/policy-spellings.ts';

test('a policy is the same in any spelling', (t) => {
  fc.assert(
    fc.property(repositoryPolicy, dice, (policy, chance) => isSamePolicy(JSON.stringify(policy), respelled(policy, chance))),
    {numRuns: 2000},
  );
  t.pass();
});

test('a policy with another effect, an action or a statement more is another, in any spelling', (t) => {
  fc.assert(
    fc.property(repositoryPolicy, dice, fc.nat(), (policy, chance, which) => {
      const [first = {}, ...rest] = policy.Statement;
      const others = [
        [{...first, Effect: first['Effect'] === 'Allow' ? 'Deny' : 'Allow'}, ...rest],
        [{...first, Action: [...(first['Action'] as readonly string[]), 'ecr:DeleteRepository']}, ...rest],
        [...policy.Statement, {Effect: 'Allow', Principal: '*', Action: ['ecr:DeleteRepository']}],
      ];
      const other = {...policy, Statement: others[which % others.length] ?? []};
      // Of two statements that differ in their effect only, turning one round may give the other back; the count tells.
      const isTurned = which % others.length === 0 && policy.Statement.length > 1;
      return isTurned || !isSamePolicy(JSON.stringify(policy), respelled(other, chance));
    }),
    {numRuns: 1000},
  );
  t.pass();
});

test('roles that were deleted are found in any spelling, and only where nothing else differs', (t) => {
  const ids = new Map(roles.map((role, index) => [role, `AROAEXAMPLEEXAMPLE${index}00`]));
  fc.assert(
    fc.property(repositoryPolicy, dice, fc.subarray(roles), (policy, chance, deleted) => {
      const text = JSON.stringify(policy);
      const named = deleted.filter((role) => text.includes(role)).toSorted((a, b) => (a < b ? -1 : 1));
      let actual = respelled(policy, chance);
      for (const role of named) actual = actual.replaceAll(role, ids.get(role) ?? '');
      t.deepEqual(gonePrincipals(text, actual), named);
      const more = {...policy, Statement: [...policy.Statement, {Effect: 'Allow', Principal: '*', Action: ['ecr:DeleteRepository']}]};
      t.deepEqual(gonePrincipals(JSON.stringify(more), actual), []);
    }),
    {numRuns: 500},
  );
});

const policy = (AWS: string) => JSON.stringify({Statement: [{Effect: 'Allow', Principal: {AWS}, Action: 'ecr:*'}]});

test('an id that the spec itself names is not a role that was deleted', (t) => {
  t.deepEqual(gonePrincipals(policy('AROAEXAMPLEEXAMPLE100'), policy('AROAEXAMPLEEXAMPLE100')), []);
  t.deepEqual(gonePrincipals(policy(roles[0] ?? ''), policy('123456789012')), []);
  t.deepEqual(gonePrincipals('no JSON', policy('AROAEXAMPLEEXAMPLE100')), []);
});
