import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {killAll} from './processes.ts';
import {removeNode} from './node-remains.ts';

const marker = 'drayage-cluster';

/** Makes the directory that is the cluster: all its state is in there, and its path is how its processes are found. */
export async function makeHome(wanted?: string): Promise<string> {
  if (wanted === undefined) return marked(await mkdtemp(path.join(await realpath(tmpdir()), 'drayage-cluster-')));
  await mkdir(wanted, {recursive: true});
  const directory = await realpath(wanted);
  if ((await readdir(directory)).length > 0) {
    if (!existsSync(path.join(directory, marker))) throw new Error(`${directory} is not empty, and no cluster made it.`);
    await removeHome(directory);
    await mkdir(directory);
  }
  return marked(directory);
}

/** Kills what runs in there and removes what it left: node, bridge, cgroups, the directory. Does nothing where no cluster is. */
export async function removeHome(wanted: string): Promise<void> {
  if (!existsSync(path.join(wanted, marker))) return;
  const directory = await realpath(wanted);
  await killAll(directory);
  await removeNode(directory);
  await rm(directory, {recursive: true, force: true, maxRetries: 5});
}

async function marked(directory: string): Promise<string> {
  await writeFile(path.join(directory, marker), '');
  return directory;
}
