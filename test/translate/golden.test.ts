import {existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {parse, stringify} from 'yaml';
import {translateTask} from '../../src/translate/translate-task.ts';
import {translate} from '../../src/translate/translate.ts';

const root = import.meta.dirname;
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

for (const {name} of readdirSync(root, {withFileTypes: true}).filter((entry) => entry.isDirectory())) {
  test(name.replaceAll('-', ' '), (t) => {
    const read = (file: string): unknown => JSON.parse(readFileSync(join(root, name, file), 'utf8'));
    const service = existsSync(join(root, name, 'service.json')) ? read('service.json') : {};
    const settings = {name: 'web', namespace: 'shop', revision: 7};
    const isTask = existsSync(join(root, name, 'run-task.json'));
    const {manifests, notes} = isTask
      ? translateTask(read('task-definition.json'), read('run-task.json'), settings)
      : translate(read('task-definition.json'), service, settings);
    if (isUpdate) {
      const documents = manifests.map((manifest) => stringify(manifest, {lineWidth: 0, version: '1.1'})).join('---\n');
      writeFileSync(join(root, name, 'manifests.yaml'), documents === '' ? '# Nothing: notes.json says why.\n' : documents);
      writeFileSync(join(root, name, 'notes.json'), `${JSON.stringify(notes, undefined, 2)}\n`);
    }
    const golden: unknown = parse(readFileSync(join(root, name, 'manifests.yaml'), 'utf8'), {version: '1.1'});
    t.deepEqual(manifests, golden === null ? [] : [golden as (typeof manifests)[number]]);
    t.deepEqual(notes, read('notes.json') as typeof notes);
  });
}
