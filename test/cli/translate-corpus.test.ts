import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {drayage} from './program.ts';

const corpus = process.env['DRAYAGE_CORPUS'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus');
const isThere = existsSync(corpus);
const run = isThere ? test.serial : test.skip;
const reason = isThere ? '' : ' (no corpus here: set DRAYAGE_CORPUS to a folder that has task-definitions/*.json)';

function filesOf(folder: string): readonly string[] {
  const path = join(corpus, folder);
  return readdirSync(path)
    .filter((file) => file.endsWith('.json'))
    .map((file) => join(path, file));
}

interface Told {
  readonly manifests: readonly KubeObject[];
  readonly notes: readonly {readonly file: string; readonly path: string; readonly level: string; readonly message: string}[];
  readonly files: readonly {readonly file: string; readonly isTranslated: boolean}[];
}

run(`each real file is translated, or refused with a path and what to do${reason}`, async (t) => {
  const files = filesOf('task-definitions');
  const {code, out} = await drayage(['translate', ...files, '-o', 'json']);
  const told = JSON.parse(out) as Told;
  t.is(told.files.length, files.length);
  t.is(code, told.files.every(({isTranslated}) => isTranslated) ? 0 : 1);
  for (const {file, isTranslated} of told.files) {
    const refused = told.notes.filter((note) => note.file === file && note.level === 'refused');
    t.is(refused.length === 0, isTranslated, file);
    for (const {path, message} of refused) t.true(path !== '' && message.length > 10, `${file}: ${path}: ${message}`);
  }
});

run(`real files take less than a second for three hundred in one call${reason}`, async (t) => {
  const files = filesOf('task-definitions');
  const took: number[] = [];
  // The best of three, in processor time of this thread: what else a busy machine does is not what is measured.
  for (let round = 0; round < 3; round += 1) {
    const before = process.threadCpuUsage();
    await drayage(['translate', ...files]);
    const {user, system} = process.threadCpuUsage(before);
    took.push((user + system) / 1000);
  }
  const three = (Math.min(...took) / files.length) * 300;
  t.log(`${files.length} files: ${took.map(Math.round).join(', ')} ms of processor time; ${Math.round(three)} ms for 300`);
  t.true(three < 1000, `${Math.round(three)} ms for 300 files`);
});
