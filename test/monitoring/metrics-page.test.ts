import {readFileSync} from 'node:fs';
import test from 'ava';
import {namedIn} from './promql.ts';
import {servedMetrics, servedSeries} from './served.ts';

const page = readFileSync('docs/metrics.md', 'utf8');

test('docs/metrics.md has every metric that is served, with its type and labels, and no other', (t) => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \|([^|]*)\| ([^|]+) \|$/gm)];
  const documented = rows.map(([, name = '', type = '', labels = '']) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).toSorted(),
  }));
  const served = servedMetrics().map(({name, type, labels}) => ({name, type, labels: labels.toSorted()}));
  // Which metrics of the process there are depends on the platform.
  const isThere = ({name}: {readonly name: string}) => !/^(process|nodejs)_/.test(name) || served.some((metric) => metric.name === name);
  t.deepEqual(byName(documented.filter(isThere)), byName(served));
  for (const [, name, , , meaning = ''] of rows) t.regex(meaning, /\.$/, name);
});

test('its queries name only what is served', (t) => {
  const [, queries = ''] = /```promql\n([^`]*)```/.exec(page) ?? [];
  const served = servedSeries();
  const {selectors} = namedIn(queries);
  t.true(selectors.length >= 3);
  for (const {metric} of selectors) t.true(served.has(metric), metric);
});

function byName<T extends {readonly name: string}>(metrics: readonly T[]): readonly T[] {
  return metrics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
