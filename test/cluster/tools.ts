import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, readFile, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {cacheFolder} from './cache-folder.ts';
import {goBuild, linkFlags} from './go-build.ts';
import {withLock} from './lock.ts';
import {toolSets, type ToolSet} from './tool-sets.ts';

const modules = path.join(import.meta.dirname, 'tools');
const sources = ['go.mod', 'go.sum', 'tools.go', 'main.go'];

/**
 * The path of a program (kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, kubelet, etcd, kwok, helm, promtool,
 * crane, registry, pause).
 * What is missing is built into the cache folder first, which takes minutes when Go's own cache is cold.
 * envtest's variables win: TEST_ASSET_ETCD, TEST_ASSET_KUBE_APISERVER, TEST_ASSET_KUBECTL, then what KUBEBUILDER_ASSETS holds.
 */
export async function tool(name: string): Promise<string> {
  const given = givenTool(name);
  if (given !== undefined) return given;
  const set = toolSets.find(({programs}) => Object.hasOwn(programs, name));
  if (set === undefined) throw new Error(`No tool is called ${name}.`);
  return path.join(await built(set), name);
}

/** Builds what is missing of the sets named (default: all), one after the other: Go uses every core by itself. */
export async function buildAll(names: readonly string[] = toolSets.map(({name}) => name)): Promise<void> {
  for (const name of names) {
    const set = toolSets.find((candidate) => candidate.name === name);
    if (set === undefined) throw new Error(`No set of tools is called ${name}: ${toolSets.map((known) => known.name).join(', ')}.`);
    await built(set);
  }
}

function givenTool(name: string): string | undefined {
  const variable = `TEST_ASSET_${name.toUpperCase().replaceAll('-', '_')}`;
  const named = process.env[variable];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`${variable} names ${named}, which is not there.`);
    return named;
  }
  const assets = process.env['KUBEBUILDER_ASSETS'] ?? '';
  const candidate = path.join(assets, name);
  return assets !== '' && existsSync(candidate) ? candidate : undefined;
}

async function built(set: ToolSet): Promise<string> {
  const moduleFolder = path.join(modules, set.name);
  const version = await versionOf(set, moduleFolder);
  const root = path.join(cacheFolder(), 'tools');
  const folder = path.join(root, `${set.name}-${version}-${await fingerprint(set, version, moduleFolder)}`);
  if (existsSync(folder)) return folder;
  await mkdir(root, {recursive: true});
  await withLock(`${folder}.lock`, `another build of ${set.name}`, async () => {
    if (existsSync(folder)) return;
    const half = `${folder}.half`;
    await rm(half, {recursive: true, force: true});
    await goBuild(set, version, moduleFolder, half);
    // The folder appears whole or not at all.
    await rename(half, folder);
  });
  return folder;
}

async function versionOf(set: ToolSet, moduleFolder: string): Promise<string> {
  if (set.module === undefined) return 'local';
  const text = await readFile(path.join(moduleFolder, 'go.mod'), 'utf8');
  const line = text.split('\n').find((candidate) =>
    candidate
      .replace(/^require /, '')
      .trim()
      .startsWith(`${set.module} v`),
  );
  const version = line?.trim().split(' ').at(-1);
  if (version === undefined) throw new Error(`${moduleFolder}/go.mod does not require ${set.module}.`);
  return version;
}

async function fingerprint(set: ToolSet, version: string, moduleFolder: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([set, linkFlags(set, version), process.platform, process.arch]));
  for (const file of sources) hash.update(`\0${file}\0`).update(await readFile(path.join(moduleFolder, file)).catch(() => ''));
  return hash.digest('hex').slice(0, 12);
}
