import {readFileSync} from 'node:fs';
import test from 'ava';
import {parse} from 'yaml';
import {isThrottlingError} from '../../src/aws/errors.ts';
import {namedIn} from './promql.ts';
import {servedSeries} from './served.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: {readonly severity: string};
  readonly annotations: Readonly<Record<string, string>>;
}

const file = parse(readFileSync('charts/drayage/files/alerts.yaml', 'utf8')) as {
  readonly groups: readonly {readonly rules: readonly Rule[]}[];
};
const rules = file.groups.flatMap((group) => group.rules);
const runbooks = readFileSync('docs/runbooks.md', 'utf8');
const served = servedSeries();
/** Labels that Prometheus gives to all that it scrapes. */
const ofTarget = ['job', 'instance'];

/** The section of each alert, by its anchor as GitHub makes it. */
const sections = new Map(
  runbooks
    .split(/^## /m)
    .slice(1)
    .map((section) => [(section.split('\n', 1)[0] ?? '').toLowerCase(), section]),
);

test('there are alerts, each with a name of its own', (t) => {
  t.true(rules.length >= 9);
  t.is(new Set(rules.map(({alert}) => alert)).size, rules.length);
});

for (const {alert, expr, for: wait, labels, annotations} of rules) {
  test(`${alert} names only what the operator serves`, (t) => {
    const {selectors, grouping} = namedIn(expr);
    t.true(selectors.length > 0);
    for (const {metric, labels: matched} of selectors) {
      t.true(served.has(metric), `${metric} is not served`);
      for (const label of matched) t.true(served.get(metric)?.includes(label), `${metric} has no label ${label}`);
    }
    const known = new Set([...ofTarget, ...selectors.flatMap(({metric}) => served.get(metric) ?? [])]);
    for (const label of grouping) t.true(known.has(label), `nothing has the label ${label}`);
    const used = Object.values(annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label));
    for (const label of used) t.true(grouping.includes(label), `the alert has no label ${label}`);
  });

  test(`${alert} says how bad it is, what it is, and where its runbook is`, (t) => {
    t.regex(alert, /^Drayage[A-Z]\w+$/);
    t.regex(wait, /^\d+m$/);
    t.true(['warning', 'critical'].includes(labels.severity));
    t.deepEqual(Object.keys(annotations), ['summary', 'description', 'runbook_url']);
    t.regex(annotations['summary'] ?? '', /^[A-Z][^{}]+\.$/);
    const url = new URL(annotations['runbook_url'] ?? '');
    t.is(url.pathname, '/drayage/drayage/blob/main/docs/runbooks.md');
    t.is(url.hash, `#${alert.toLowerCase()}`);
    const section = sections.get(alert.toLowerCase()) ?? '';
    for (const part of ['Meaning', 'Impact', 'Diagnosis', 'Mitigation']) t.regex(section, new RegExp(`^\\*\\*${part}\\.\\*\\*`, 'm'), part);
  });
}

test('every runbook belongs to an alert', (t) => {
  t.deepEqual([...sections.keys()].toSorted(), rules.map(({alert}) => alert.toLowerCase()).toSorted());
});

test('queries in the runbooks name only what the operator serves', (t) => {
  const named = [...runbooks.matchAll(/\b(?:drayage|controller_runtime|workqueue|rest_client|leader_election)_\w+/g)].map(([name]) => name);
  t.true(named.length > 5);
  for (const name of named) t.true(served.has(name), name);
});

test('throttling is what the operator takes for it, and a limit of the account is not', (t) => {
  const {expr = ''} = rules.find(({alert}) => alert === 'DrayageAWSThrottled') ?? {};
  const pattern = new RegExp(`^(?:${/error=~"([^"]+)"/.exec(expr)?.[1] ?? ''})$`);
  for (const name of [
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
    'LimitExceededException',
    'TooManyTagsException',
    'AccessDeniedException',
    '',
  ]) {
    t.is(pattern.test(name), isThrottlingError(Object.assign(new Error('no'), {name})), name);
  }
});

test('what an expression names is found', (t) => {
  t.deepEqual(namedIn('sum by (a, b) (rate(x_total{c="d e", f=~"g|h"}[5m])) / 2 and on (i) y > time() # z'), {
    selectors: [
      {metric: 'x_total', labels: ['c', 'f']},
      {metric: 'y', labels: []},
    ],
    grouping: ['a', 'b', 'i'],
  });
});
