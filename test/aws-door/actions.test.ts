import {globSync, readFileSync} from 'node:fs';
import test from 'ava';
import {actions} from '../../src/aws/actions.ts';

/** Commands that need other actions than the one of their name, or more. */
const otherwise: Readonly<Record<string, readonly string[]>> = {AssumeRole: ['sts:AssumeRole', 'sts:TagSession']};

test('the list of IAM actions is what the door calls, sorted', (t) => {
  const called = new Set<string>();
  for (const path of globSync('src/aws/*.ts')) {
    const text = readFileSync(path, 'utf8');
    for (const [, names = '', service = ''] of text.matchAll(/import \{([^}]+)\} from '@aws-sdk\/client-([\w-]+)'/g)) {
      for (const [, command = ''] of names.matchAll(/\b(\w+)Command\b/g)) {
        const prefix = service === 'secrets-manager' ? 'secretsmanager' : service;
        for (const action of otherwise[command] ?? [`${prefix}:${command}`]) called.add(action);
      }
    }
  }
  t.deepEqual([...actions], [...called].toSorted());
});
