import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';

/** A folder that is gone after the test. `write` gives the path of the file. */
export function temporaryFolder(t: ExecutionContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'drayage-test-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  return {
    folder,
    write: (name: string, text: string, mode = 0o600): string => {
      const file = path.join(folder, name);
      writeFileSync(file, text, {mode});
      return file;
    },
  };
}
