import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {parse, parseAllDocuments} from 'yaml';
import {generatedFiles} from '../../src/generate/files.ts';
import {iamPolicy} from '../../src/generate/iam-policy.ts';
import {kebab, marker, templateText} from '../../src/generate/text.ts';
import {ChartValues} from '../../src/generate/values.ts';
import {kinds} from '../schema/lighthouse.ts';

const readme = readFileSync('charts/drayage/README.md', 'utf8');
const facts = {actions: ['ecr:GetAuthorizationToken', 'ecr:CreateRepository'], clients: [], operations: [], readme};
const files = generatedFiles(kinds, facts);
const golden = 'test/generate/golden/lighthouse.md';
const crd = 'lighthouses.sea.example.dev.yaml';

test('a kind gives its CRD, the copy in the chart, its page, its permissions and the policy', (t) => {
  t.deepEqual(
    [...files.keys()],
    [
      `crds/${crd}`,
      `charts/drayage/templates/crds/${crd}`,
      'charts/drayage/templates/clusterrole.yaml',
      'charts/drayage/templates/clusterrole-aggregate.yaml',
      'charts/drayage/values.yaml',
      'charts/drayage/values.schema.json',
      'charts/drayage/README.md',
      'docs/reference/lighthouse.md',
      'docs/reference/README.md',
      'docs/iam-policy.json',
      'docs/ecr-coverage.md',
      'docs/ecs-coverage.md',
    ],
  );
});

test('generating twice gives the same, from its own README too', (t) => {
  const again = generatedFiles(kinds, {
    ...facts,
    actions: facts.actions.toReversed(),
    readme: files.get('charts/drayage/README.md') ?? '',
  });
  t.deepEqual([...again], [...files]);
});

test('the chart guards its CRDs, keeps them by annotation, and prints braces as they are', (t) => {
  const text = files.get(`charts/drayage/templates/crds/${crd}`) ?? '';
  t.regex(text, /^\{\{- if \.Values\.crds\.enabled \}\}$/m);
  t.regex(text, /\{\{- if \.Values\.crds\.keep \}\}\n {2}annotations:\n {4}helm\.sh\/resource-policy: keep/);
  t.true(text.includes('{{ "{{" }} braces }} and'));
});

test('the reference page names every field with its limits, and every reason', (t) => {
  const page = files.get('docs/reference/lighthouse.md') ?? '';
  if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, page);
  t.is(page, readFileSync(golden, 'utf8'));
});

test('every generated YAML that is no template parses as one document', (t) => {
  for (const [path, text] of files) {
    if (!path.endsWith('.yaml') || path.includes('/templates/')) continue;
    const documents = parseAllDocuments(text, {version: '1.1'});
    t.is(documents.length, 1, path);
    t.deepEqual(documents[0]?.errors, [], path);
  }
});

test('values.yaml holds the defaults of the schema', (t) => {
  t.deepEqual(parse(files.get('charts/drayage/values.yaml') ?? ''), ChartValues.parse({}));
});

test('actions on repositories are limited to repositories, all others cannot be', (t) => {
  const policy = JSON.parse(iamPolicy(['sts:GetCallerIdentity', 'ecr:DeleteRepository', 'ecr:CreateRepository', 'ecr:DeleteRepository']));
  t.deepEqual(policy.Statement, [
    {
      Sid: 'Repositories',
      Effect: 'Allow',
      Action: ['ecr:CreateRepository', 'ecr:DeleteRepository'],
      Resource: 'arn:aws:ecr:*:*:repository/*',
    },
    {Sid: 'Account', Effect: 'Allow', Action: ['sts:GetCallerIdentity'], Resource: '*'},
  ]);
});

test('a README without its marks is not overwritten', (t) => {
  t.throws(() => generatedFiles(kinds, {actions: [], clients: [], operations: [], readme: '# mine'}), {message: /lacks/});
});

test('file names are the kinds in kebab-case, and braces open nothing in a template', (t) => {
  t.deepEqual(['Repository', 'ClusterPullSecret', 'S3Bucket'].map(kebab), ['repository', 'cluster-pull-secret', 's3-bucket']);
  t.is(templateText('a {{ b }} c'), 'a {{ "{{" }} b }} c');
});

test('make generate writes what is missing and deletes what is stale; --check only tells, and fails', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'drayage-generate-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  for (const path of ['src', 'charts', 'crds', 'docs', 'package.json'])
    if (existsSync(path)) cpSync(path, join(folder, path), {recursive: true});
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  const run = (...flags: readonly string[]): string =>
    execFileSync(process.execPath, ['src/generate/generate.ts', ...flags], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  run();
  t.is(run('--check'), '');
  writeFileSync(join(folder, 'docs/iam-policy.json'), '{}');
  writeFileSync(join(folder, 'docs/reference/gone.md'), `<!-- ${marker} -->\n`);
  writeFileSync(join(folder, 'docs/reference/by-hand.md'), 'A page of a person.\n');
  const error = t.throws<Error & {status: number; stdout: string}>(() => run('--check'));
  t.is(error?.status, 1);
  t.regex(error?.stdout ?? '', /differs from its source: docs\/iam-policy\.json\n.*docs\/reference\/gone\.md/);
  t.is(readFileSync(join(folder, 'docs/iam-policy.json'), 'utf8'), '{}');
  t.regex(run(), /wrote: docs\/iam-policy\.json\ndeleted: docs\/reference\/gone\.md\n$/);
  t.false(existsSync(join(folder, 'docs/reference/gone.md')));
  t.true(existsSync(join(folder, 'docs/reference/by-hand.md')));
  t.is(run('--check'), '');
});

test('what is committed is what its sources give', (t) => {
  t.is(execFileSync(process.execPath, ['src/generate/generate.ts', '--check'], {encoding: 'utf8'}), '');
});
