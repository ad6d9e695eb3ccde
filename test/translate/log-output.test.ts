import test from 'ava';
import * as fc from 'fast-check';
import {classic, yaml} from '../../src/translate/fluent-bit.ts';
import {parse} from 'yaml';
import {translate} from '../../src/translate/translate.ts';

function configOf(logConfiguration: object, format: 'Classic' | 'Yaml'): string | undefined {
  const task = {family: 'web', memory: 64, containerDefinitions: [{name: 'app', image: 'app:1', logConfiguration}]};
  const {manifests} = translate(task, {}, {name: 'web', namespace: 'ns', cluster: {logs: {provider: 'FluentBit', format}}});
  const data = manifests.find(({kind}) => kind === 'ConfigMap')?.['data'] as Record<string, string> | undefined;
  return Object.values(data ?? {})[0];
}

const evil = fc.string({
  unit: fc.constantFrom('\n', '[INPUT]', '[OUTPUT]', '@INCLUDE x', '${HOME}', ' ', 'a', '\r', ':', '"', '- '),
  maxLength: 8,
});
const key = fc.oneof(fc.constantFrom('Host', 'Match', 'match_regex', 'ALIAS', 'x_file', 'a b', 'exclude-pattern', 'tls.ca_path'), evil);

test('whatever the options say, the collector gets one output that takes this container alone', (t) => {
  const options = fc.dictionary(key, evil).map((given) => ({...given, Name: 'http'}));
  fc.assert(
    fc.property(options, (given) => {
      const text = configOf({logDriver: 'awsfirelens', options: given}, 'Classic');
      if (text === undefined) return;
      const heads = text.split('\n').filter((line) => /^\s*[[@]/.test(line));
      t.true(
        heads.every((line) => line === '[OUTPUT]' || line === '[FILTER]'),
        text,
      );
      t.is(heads.filter((line) => line === '[OUTPUT]').length, 1);
      const matches = text.split('\n').filter((line) => /^\s*(match|match_regex|alias)\s/i.test(line));
      t.true(
        matches.every((line) => line.startsWith('    match_regex ^[^.]+\\.var\\.log\\.containers\\.web-')),
        text,
      );
      t.notRegex(text, /\$\{|_file|_path/);
      const {pipeline} = parse(configOf({logDriver: 'awsfirelens', options: given}, 'Yaml') ?? '') as {pipeline: {outputs: unknown[]}};
      t.is(pipeline.outputs.length, 1);
    }),
  );
});

test('outputs that act on the node are not given to the collector', (t) => {
  for (const Name of ['file', 'exec', 'stdout', 'lib', 'FILE', 'cloudwatch_logs\n[INPUT]', 'http x']) {
    t.is(configOf({logDriver: 'awsfirelens', options: {Name}}, 'Classic'), undefined, Name);
  }
});

test('both forms of a configuration say the same', (t) => {
  const sections = [
    {
      is: 'filter' as const,
      entries: [
        ['name', 'grep'],
        ['exclude', 'log a: b'],
      ] as const,
    },
    {
      is: 'output' as const,
      entries: [
        ['name', 'null'],
        ['match', '*'],
      ] as const,
    },
  ];
  t.is(classic(sections), '[FILTER]\n    name grep\n    exclude log a: b\n\n[OUTPUT]\n    name null\n    match *\n');
  t.deepEqual(parse(yaml(sections)), {
    pipeline: {filters: [{name: 'grep', exclude: 'log a: b'}], outputs: [{name: 'null', match: '*'}]},
  });
});
