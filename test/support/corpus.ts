import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';

// Real definitions, which are not ours to keep here: beside the checkout, or where a variable says.
const folder = process.env['DRAYAGE_CORPUS'] ?? path.resolve(import.meta.dirname, '../../../shared/corpus');
const isThere = existsSync(path.join(folder, 'task-definitions'));

export interface RealFile {
  readonly file: string;
  /** Where it is. */
  readonly path: string;
  readonly json: unknown;
}

/** The files of one sort, by name. */
export function realFiles(sort: 'task-definitions' | 'service-definitions'): readonly RealFile[] {
  const root = path.join(folder, sort);
  return readdirSync(root)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => {
      const full = path.join(root, file);
      return {file, path: full, json: JSON.parse(readFileSync(full, 'utf8')) as unknown};
    });
}

/** A test with real definitions; skipped, with the reason in its title, where there are none. They run one after the other. */
export function withRealFiles(title: string, body: (t: ExecutionContext) => void | Promise<void>): void {
  if (isThere) test.serial(title, body);
  else test.skip(`${title} (skipped: no ${folder}/task-definitions; set DRAYAGE_CORPUS to a folder that has it)`, body);
}
