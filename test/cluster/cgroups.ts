import {existsSync, mkdirSync, readdirSync, rmdirSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

const root = '/sys/fs/cgroup';

/** Makes a cgroup of this name at the top of every hierarchy (one with cgroup v2, one for each controller with v1). */
export function makeCgroups(name: string): void {
  for (const hierarchy of hierarchies()) mkdirSync(path.join(hierarchy, name), {recursive: true});
}

/** Removes it with all below it, waiting for processes that are dying. */
export async function removeCgroups(name: string): Promise<void> {
  const left = () => hierarchies().filter((hierarchy) => existsSync(path.join(hierarchy, name)));
  for (let tries = 0; left().length > 0; tries++) {
    for (const hierarchy of left()) removeTree(path.join(hierarchy, name), tries < 200);
    await sleep(50);
  }
}

function hierarchies(): readonly string[] {
  if (!existsSync(root)) return [];
  if (existsSync(path.join(root, 'cgroup.controllers'))) return [root];
  // `cpu` and `cpuacct` may be links to one hierarchy; both names lead to the same folder.
  return readdirSync(root)
    .map((controller) => path.join(root, controller))
    .filter((folder) => existsSync(path.join(folder, 'cgroup.procs')));
}

function removeTree(folder: string, patient: boolean): void {
  try {
    for (const entry of readdirSync(folder, {withFileTypes: true}))
      if (entry.isDirectory()) removeTree(path.join(folder, entry.name), patient);
    rmdirSync(folder);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || (code === 'EBUSY' && patient)) return;
    throw error;
  }
}
