import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {normalizeTaskDefinition} from '../../src/translate/normalize.ts';
import {translate} from '../../src/translate/translate.ts';
import {unaccounted} from './accounting.ts';

const corpus = process.env['DRAYAGE_CORPUS'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus');

function filesOf(t: ExecutionContext, folder: string): readonly {file: string; json: unknown}[] {
  const path = join(corpus, folder);
  if (!existsSync(path)) {
    t.log(`skipped: no corpus at ${path}; set DRAYAGE_CORPUS to a folder that has ${folder}/*.json`);
    return [];
  }
  const files = readdirSync(path).filter((file) => file.endsWith('.json'));
  return files.map((file) => ({file, json: JSON.parse(readFileSync(join(path, file), 'utf8')) as unknown}));
}

test('real task definitions are translated or refused with a path, and none crashes', (t) => {
  const files = filesOf(t, 'task-definitions');
  const started = performance.now();
  const results = files.map(({file, json}) => ({file, ...translate(json, {}, {name: 'web'})}));
  const milliseconds = Math.round(performance.now() - started);
  const translated = results.filter(({manifests}) => manifests.length > 0);
  for (const {file, manifests, notes} of results) {
    const refused = notes.filter(({level}) => level === 'refused');
    t.is(manifests.length > 0, refused.length === 0, file);
  }
  t.log(`${files.length} files: ${translated.length} translated, ${files.length - translated.length} refused, in ${milliseconds} ms`);
  t.pass();
});

test('normalising a real task definition a second time changes nothing', (t) => {
  for (const {file, json} of filesOf(t, 'task-definitions')) {
    const {value} = normalizeTaskDefinition(json);
    if (value !== undefined) t.deepEqual(normalizeTaskDefinition(value).value, value, file);
  }
  t.pass();
});

test('every leaf of a real task definition changes what is made, or has a note', (t) => {
  for (const {file, json} of filesOf(t, 'task-definitions')) {
    const {value} = normalizeTaskDefinition(json);
    if (value !== undefined) t.deepEqual(unaccounted(value, {}), [], file);
  }
  t.pass();
});

test('real service definitions never crash the translator', (t) => {
  const task = {family: 'web', containerDefinitions: [{name: 'web', image: 'nginx', memory: 64}]};
  for (const {file, json} of filesOf(t, 'service-definitions')) {
    const {notes, manifests} = translate(task, json, {name: 'web'});
    t.is(manifests.length > 0, !notes.some(({level}) => level === 'refused'), file);
  }
  t.pass();
});
