import {readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {parseAllDocuments} from 'yaml';
import {installChart} from '../support/operator.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';

const root = path.resolve(import.meta.dirname, '../..');

interface Example {
  readonly where: string;
  readonly text: string;
}

let cluster: Cluster;

test.before(async () => {
  cluster = await startCluster();
  await installChart(cluster);
  await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
  // Nothing is stored in a dry run, so the namespaces of the examples must be there before.
  await cluster.apply(['shop', 'argocd'].map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}`).join('\n---\n'));
});

test.after.always(() => cluster?.stop());

const files = filesIn(path.join(root, 'examples'));
const guides = filesIn(path.join(root, 'docs/kinds')).filter((file) => file.endsWith('.md'));

test('there are examples and guides to look at', (t) => {
  t.true(files.length >= 4);
  t.true(guides.length >= 3);
});

for (const file of files) {
  const name = path.relative(root, file);
  test(`the API server takes ${name} as it stands`, async (t) => {
    const text = await readFile(file, 'utf8');
    // What is neither of these would be skipped in silence, so it is an error here.
    t.regex(name, /\.ya?ml$|task-definition\.json$|\.md$/, 'an example of a sort that this test does not know');
    if (name.endsWith('.json')) await isTaken(t.log, {where: name, text: wrapped(text)});
    else if (!name.endsWith('.md')) await isTaken(t.log, {where: name, text});
    t.pass();
  });
}

for (const file of guides) {
  const name = path.relative(root, file);
  test(`every whole object in ${name} is taken by the API server, and each other block is part of one`, async (t) => {
    const blocks = yamlBlocks(name, await readFile(file, 'utf8'));
    const whole = blocks.filter(({text}) => text.startsWith('apiVersion:'));
    t.true(whole.length > 0, 'a guide shows at least one whole object');
    for (const example of whole) await isTaken(t.log, example);
    for (const {where, text} of blocks.filter((block) => !whole.includes(block))) {
      t.regex(text, /^(spec|status):\n/, `${where} is neither an object nor the spec or the status of one`);
      for (const document of parseAllDocuments(text)) t.deepEqual(document.errors, [], where);
    }
    t.log(`${whole.length} of ${blocks.length} blocks are whole objects`);
  });
}

test('the check is strict: a misspelt field is not taken', async (t) => {
  const text = 'apiVersion: ecr.drayage.dev/v1alpha1\nkind: ClusterPullSecret\nmetadata: {name: x}\nspec: {secretNaem: y}\n';
  await t.throwsAsync(
    isTaken(() => {}, {where: 'here', text}),
    {message: /unknown field "spec\.secretNaem"/},
  );
});

async function isTaken(log: (text: string) => void, {where, text}: Example): Promise<void> {
  const args = ['create', '--dry-run=server', '--validate=strict', '-o', 'name', '-f', '-'];
  const {code, stdout, stderr} = await cluster.kubectl(args, {input: text});
  // The namespace of the quickstart is there already.
  if (code !== 0 && !/^Error from server \(AlreadyExists\): .* namespaces "shop" already exists\s*$/.test(stderr)) {
    throw new Error(`${where}: ${stderr}`);
  }
  log(`${where}: ${stdout.trim().split('\n').join(', ')}`);
}

/** As the README does it: the file is the spec, with a service beside. */
function wrapped(taskDefinition: string): string {
  const spec = JSON.parse(taskDefinition) as object;
  const metadata = {name: 'web', namespace: 'shop'};
  return JSON.stringify({
    apiVersion: 'ecs.drayage.dev/v1alpha1',
    kind: 'TaskDefinition',
    metadata,
    spec: {...spec, service: {desiredCount: 2}},
  });
}

function yamlBlocks(name: string, guide: string): readonly Example[] {
  return [...guide.matchAll(/^```ya?ml\n(.*?)^```$/gms)].map(({1: text = '', index}) => ({
    where: `${name}:${guide.slice(0, index).split('\n').length}`,
    text,
  }));
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true});
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
