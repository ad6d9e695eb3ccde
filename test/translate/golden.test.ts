import {existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {parseAllDocuments, stringify} from 'yaml';
import type {ClusterSettings} from '../../src/translate/cluster-settings.ts';
import {translate} from '../../src/translate/translate.ts';

const root = import.meta.dirname;
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

for (const {name} of readdirSync(root, {withFileTypes: true}).filter((entry) => entry.isDirectory())) {
  test(name.replaceAll('-', ' '), (t) => {
    const read = (file: string): unknown => JSON.parse(readFileSync(join(root, name, file), 'utf8'));
    const readIfThere = (file: string, otherwise: unknown): unknown => (existsSync(join(root, name, file)) ? read(file) : otherwise);
    const cluster = readIfThere('cluster.json', {}) as ClusterSettings;
    const settings = {name: 'web', namespace: 'shop', revision: 7, cluster};
    const {manifests, notes, needs} = translate(read('task-definition.json'), readIfThere('service.json', {}), settings);
    if (isUpdate) {
      const documents = manifests.map((manifest) => stringify(manifest, {lineWidth: 0, version: '1.1'})).join('---\n');
      writeFileSync(join(root, name, 'manifests.yaml'), documents === '' ? '# Nothing: notes.json says why.\n' : documents);
      writeFileSync(join(root, name, 'notes.json'), `${JSON.stringify(notes, undefined, 2)}\n`);
      if (needs.length > 0) writeFileSync(join(root, name, 'needs.json'), `${JSON.stringify(needs, undefined, 2)}\n`);
    }
    const documents = [...parseAllDocuments(readFileSync(join(root, name, 'manifests.yaml'), 'utf8'), {version: '1.1'})];
    const golden = documents.map((document) => document.toJS() as unknown).filter((one) => one !== null);
    t.deepEqual(manifests, golden as unknown as typeof manifests);
    t.deepEqual(notes, read('notes.json') as typeof notes);
    t.deepEqual(needs, readIfThere('needs.json', []) as typeof needs);
  });
}
