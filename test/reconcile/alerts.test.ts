import path from 'node:path';
import test from 'ava';
import {run} from '../cluster/run.ts';
import {tool} from '../cluster/tools.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('Prometheus accepts the rules', async (t) => {
  const {code, stdout, stderr} = await promtool('check', 'rules', 'charts/drayage/files/alerts.yaml');
  t.is(code, 0, stderr);
  t.regex(stdout, /SUCCESS: 10 rules found/);
});

test('alerts fire when they should, and only then', async (t) => {
  const {code, stdout, stderr} = await promtool('test', 'rules', 'test/monitoring/alerts.promtool.yaml');
  t.is(code, 0, stdout + stderr);
  t.regex(stdout, /SUCCESS/);
});

async function promtool(...args: readonly [string, string, string]): ReturnType<typeof run> {
  const [command, what, file] = args;
  return run(await tool('promtool'), [command, what, path.join(root, file)], {});
}
