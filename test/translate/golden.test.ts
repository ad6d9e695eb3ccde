import {type Dirent, existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {parseAllDocuments, stringify} from 'yaml';
import type {ClusterSettings} from '../../src/translate/cluster-settings.ts';
import {translateTask} from '../../src/translate/translate-task.ts';
import {translate} from '../../src/translate/translate.ts';

const root = import.meta.dirname;
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

for (const {name} of readdirSync(root, {withFileTypes: true}).filter(isCase)) {
  test(name.replaceAll('-', ' '), (t) => {
    const read = (file: string): unknown => JSON.parse(readFileSync(join(root, name, file), 'utf8'));
    const ifThere = (file: string): unknown => (existsSync(join(root, name, file)) ? read(file) : undefined);
    const cluster = ifThere('cluster.json') as ClusterSettings | undefined;
    const settings = {name: 'web', namespace: 'shop', revision: 7, ...(cluster === undefined ? {} : {cluster})};
    const runTask = ifThere('run-task.json');
    const {manifests, notes, needs} =
      runTask === undefined
        ? translate(read('task-definition.json'), ifThere('service.json') ?? {}, settings)
        : translateTask(read('task-definition.json'), runTask, settings);
    if (isUpdate) {
      const documents = manifests.map((manifest) => stringify(manifest, {lineWidth: 0, version: '1.1'})).join('---\n');
      writeFileSync(join(root, name, 'manifests.yaml'), documents === '' ? '# Nothing: notes.json says why.\n' : documents);
      writeFileSync(join(root, name, 'notes.json'), `${JSON.stringify(notes, undefined, 2)}\n`);
      if (needs.length > 0) writeFileSync(join(root, name, 'needs.json'), `${JSON.stringify(needs, undefined, 2)}\n`);
    }
    const documents = parseAllDocuments(readFileSync(join(root, name, 'manifests.yaml'), 'utf8'), {version: '1.1'});
    const golden = documents.map((document) => document.toJS() as unknown).filter((value) => value !== null);
    t.deepEqual(manifests as readonly unknown[], golden);
    t.deepEqual(notes, read('notes.json') as typeof notes);
    t.deepEqual(needs, (ifThere('needs.json') ?? []) as typeof needs);
  });
}

function isCase(entry: Dirent): boolean {
  return entry.isDirectory() && existsSync(join(root, entry.name, 'task-definition.json'));
}
