import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {CommandError} from '../command.ts';
import {type Documents, readDocuments} from './documents.ts';

/** All objects of files, folders and (`-`) standard input, in the order given; a folder's files by name. Throws CommandError. */
export async function readFiles(
  names: readonly string[],
  {recursive, input}: {readonly recursive: boolean; readonly input: () => Promise<string>},
): Promise<Documents> {
  const read: Documents[] = [];
  for (const name of new Set(names)) {
    if (name === '-') read.push(readDocuments('stdin', await input()));
    else for (const file of await filesOf(name, recursive)) read.push(readDocuments(file, await textOf(file)));
  }
  return {manifests: read.flatMap(({manifests}) => manifests), faults: read.flatMap(({faults}) => faults)};
}

async function filesOf(name: string, recursive: boolean): Promise<readonly string[]> {
  const found = await stat(name).catch(unreadable(name));
  if (!found.isDirectory()) return [name];
  const entries = await readdir(name, {withFileTypes: true, recursive}).catch(unreadable(name));
  const files = entries
    .filter((entry) => !entry.isDirectory() && /\.(?:ya?ml|json)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  if (files.length === 0)
    throw new CommandError(`${name} has no .yaml, .yml or .json files${recursive ? '' : ' (-R looks into its folders)'}`);
  return files.toSorted();
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(unreadable(file));
}

function unreadable(name: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new CommandError(error.code === 'ENOENT' ? `there is no file ${name}` : `${name} cannot be read (${error.code})`, {cause: error});
  };
}
