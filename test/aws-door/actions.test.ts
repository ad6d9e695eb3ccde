import {globSync, readFileSync} from 'node:fs';
import test from 'ava';
import {actions} from '../../src/aws/actions.ts';

/** Commands whose IAM action has another name; ECR and STS have none so far. */
const otherwise: Readonly<Record<string, string>> = {};

test('the list of IAM actions is what the door calls, sorted', (t) => {
  const called = new Set<string>();
  for (const path of globSync('src/aws/*.ts')) {
    const text = readFileSync(path, 'utf8');
    for (const [, names = '', service = ''] of text.matchAll(/import \{([^}]+)\} from '@aws-sdk\/client-(\w+)'/g)) {
      for (const [, command = ''] of names.matchAll(/\b(\w+)Command\b/g)) called.add(otherwise[command] ?? `${service}:${command}`);
    }
  }
  t.deepEqual([...actions], [...called].toSorted());
});
