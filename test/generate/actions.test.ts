import {globSync, readFileSync} from 'node:fs';
import test from 'ava';
import {operatorActions} from '../../src/generate/actions.ts';
import {kinds} from '../../src/kinds/registry.ts';

/** Commands that need other actions than the one of their name, more, or none. */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  'sts:AssumeRole': ['sts:AssumeRole', 'sts:TagSession'],
  // Unsigned: the role's trust policy decides.
  'sts:AssumeRoleWithWebIdentity': [],
  'ecr-public:GetAuthorizationToken': ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'],
};

test('what the kinds say that they need is what the doors call', (t) => {
  const called = new Set<string>();
  for (const path of globSync('src/aws/*.ts')) {
    const text = readFileSync(path, 'utf8');
    for (const [, names = '', service = ''] of text.matchAll(/import \{([^}]+)\} from '@aws-sdk\/client-([\w-]+)'/g)) {
      for (const [, command = ''] of names.matchAll(/\b(\w+)Command\b/g)) {
        const prefix = service === 'secrets-manager' ? 'secretsmanager' : service;
        const name = `${prefix}:${command}`;
        for (const action of otherwise[name] ?? [name]) called.add(action);
      }
    }
  }
  t.deepEqual(operatorActions(kinds), [...called].toSorted());
});
