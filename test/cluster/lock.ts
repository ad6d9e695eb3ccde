import {link, readFile, rm, unlink, writeFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {isAlive} from './processes.ts';

const sayEveryMs = 15_000;

/**
 * Runs `action` while no other process on this machine holds the same lock file. A lock whose process has died is taken over.
 * `holder` says in progress messages what is waited for.
 */
export async function withLock<T>(file: string, holder: string, action: () => Promise<T>): Promise<T> {
  let nextSaid = Date.now();
  while (!(await take(file))) {
    if (Date.now() >= nextSaid) {
      process.stderr.write(`waiting for ${holder}\n`);
      nextSaid = Date.now() + sayEveryMs;
    }
    await sleep(200);
  }
  try {
    return await action();
  } finally {
    await rm(file, {force: true});
  }
}

async function take(file: string): Promise<boolean> {
  // Written elsewhere and linked, so that nobody reads a lock file that is still empty.
  const mine = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(mine, String(process.pid));
  try {
    await link(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(mine);
  }
  const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (holder > 0 && !isAlive(holder)) await rm(file, {force: true});
  return false;
}
