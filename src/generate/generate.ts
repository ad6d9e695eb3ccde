import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecrPublic from '@aws-sdk/client-ecr-public';
import * as ecs from '@aws-sdk/client-ecs';
import {kinds} from '../kinds/registry.ts';
import {operatorActions} from './actions.ts';
import {operationsOf} from './ecr-coverage.ts';
import {enumsOf, typesOfEcs} from './ecs/enums.ts';
import {measuredOperations} from './ecs/operation.ts';
import {chartReadme, generatedFiles, generatedFolders} from './files.ts';
import {marker} from './text.ts';

// Writes what follows from the kinds; with --check it writes nothing, lists what differs and exits with 1.
const checking = process.argv.includes('--check');
const clients = [
  {service: 'ecr', name: 'Amazon ECR', operations: operationsOf(ecr)},
  {service: 'ecr-public', name: 'Amazon ECR Public', operations: operationsOf(ecrPublic)},
];
const operations = measuredOperations(ecs, await enumsOf(ecs, typesOfEcs));
const wanted = generatedFiles(kinds, {actions: operatorActions(kinds), clients, operations, readme: await textOf(chartReadme)});
const stale = (await filesIn(generatedFolders)).filter(({path, text}) => !wanted.has(path) && text.includes(marker));
const different: string[] = [];
for (const [path, text] of wanted) {
  if ((await textOf(path)) === text) continue;
  different.push(path);
  if (checking) continue;
  await mkdir(dirname(path), {recursive: true});
  await writeFile(path, text);
}
for (const {path} of stale) {
  different.push(path);
  if (!checking) await rm(path);
}
for (const path of different) console.log(`${checking ? 'differs from its source' : wanted.has(path) ? 'wrote' : 'deleted'}: ${path}`);
if (checking && different.length > 0) {
  console.log('Run `make generate` and commit what it writes.');
  process.exitCode = 1;
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

async function filesIn(folders: readonly string[]): Promise<readonly {path: string; text: string}[]> {
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
      return Promise.all(
        entries
          .filter((entry) => entry.isFile())
          .map(async ({name}) => ({path: join(folder, name), text: await textOf(join(folder, name))})),
      );
    }),
  );
  return lists.flat();
}
