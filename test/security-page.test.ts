import {readFileSync} from 'node:fs';
import test from 'ava';
import {operatorRules} from '../src/generate/rbac.ts';
import {kinds} from '../src/kinds/registry.ts';

test('docs/security.md says of every right of the operator what it is for, and of none that it does not have', (t) => {
  const page = readFileSync('docs/security.md', 'utf8');
  const [, table = ''] = /\n\| right \|.*\n\| --- .*\n((?:\|.*\n)+)/.exec(page) ?? [];
  const named = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z/]+)`/g)].map(([, name = '']) => name),
  );
  const given = operatorRules(kinds)
    .filter(({apiGroups}) => !apiGroups.some((group) => group.endsWith('.drayage.dev')))
    .flatMap(({resources}) => resources);
  // Given by a value of the chart, and what the row of the own kinds names.
  const others = ['serviceaccounts/token', 'finalizers'];
  t.deepEqual(named.filter((name) => !others.includes(name)).toSorted(), [...new Set(given)].toSorted());
});
