import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Manifest} from './manifests.ts';

export interface Written {
  readonly written: number;
  /** Files that were there with the same text. */
  readonly unchanged: number;
  /** Files that were there and differ, and were left alone. */
  readonly kept: readonly string[];
}

/** Writes each file whole or not at all. Stops between two files when `signal` aborts, and throws its reason. */
export async function writeFiles(
  manifests: readonly Manifest[],
  {directory, overwrite, signal}: {readonly directory: string; readonly overwrite: boolean; readonly signal: AbortSignal},
): Promise<Written> {
  await mkdir(directory, {recursive: true});
  let [written, unchanged] = [0, 0];
  const kept: string[] = [];
  for (const {file, text} of manifests) {
    signal.throwIfAborted();
    const target = path.join(directory, file);
    const found = await readIfThere(target);
    if (found === text) unchanged += 1;
    else if (found !== undefined && !overwrite) kept.push(target);
    else {
      await replace(target, text);
      written += 1;
    }
  }
  return {written, unchanged, kept};
}

async function replace(target: string, text: string): Promise<void> {
  // No name that kubectl would read.
  const temporary = `${target}.partial`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
