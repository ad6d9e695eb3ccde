import {readFileSync, writeFileSync} from 'node:fs';
import test from 'ava';
import {parseAllDocuments, stringify} from 'yaml';
import {goldenCases, translationOf} from '../support/golden.ts';

const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

for (const golden of goldenCases) {
  test(golden.title, (t) => {
    const {manifests, notes, needs} = translationOf(golden, 'web', 'shop');
    if (isUpdate) {
      const documents = manifests.map((manifest) => stringify(manifest, {lineWidth: 0, version: '1.1'})).join('---\n');
      writeFileSync(golden.file('manifests.yaml'), documents === '' ? '# Nothing: notes.json says why.\n' : documents);
      writeFileSync(golden.file('notes.json'), `${JSON.stringify(notes, undefined, 2)}\n`);
      if (needs.length > 0) writeFileSync(golden.file('needs.json'), `${JSON.stringify(needs, undefined, 2)}\n`);
    }
    const documents = parseAllDocuments(readFileSync(golden.file('manifests.yaml'), 'utf8'), {version: '1.1'});
    const expected = documents.map((document) => document.toJS() as unknown).filter((value) => value !== null);
    t.deepEqual(manifests as readonly unknown[], expected);
    t.deepEqual(notes, golden.read('notes.json') as typeof notes);
    t.deepEqual(needs, (golden.read('needs.json') ?? []) as typeof needs);
  });
}
