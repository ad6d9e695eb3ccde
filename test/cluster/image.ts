import {createHash} from 'node:crypto';
import {mkdir, rename, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {cacheFolder} from './cache-folder.ts';
import {tar, type TarEntry} from './tar.ts';

export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
}

/** Writes an image of one layer into the cache folder, as `docker save` would: `crane push` and `ctr images import` take it. */
export async function imageArchive(reference: string, layer: readonly TarEntry[], config: ImageConfig): Promise<string> {
  const bytes = archive(reference, layer, config);
  const folder = path.join(cacheFolder(), 'images');
  const file = path.join(folder, `${path.basename(reference).replace(/:.*/, '')}-${sha256(bytes).slice(0, 12)}.tar`);
  if (await stat(file).catch(() => undefined)) return file;
  await mkdir(folder, {recursive: true});
  const half = `${file}.${process.pid}.half`;
  await writeFile(half, bytes);
  await rename(half, file);
  return file;
}

function archive(reference: string, entries: readonly TarEntry[], config: ImageConfig): Buffer {
  const layer = tar(entries);
  const digest = sha256(layer);
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const image = Buffer.from(JSON.stringify({architecture, os: 'linux', config, rootfs: {type: 'layers', diff_ids: [`sha256:${digest}`]}}));
  const names = {config: `${sha256(image)}.json`, layer: `${digest}/layer.tar`};
  const manifest = [{Config: names.config, RepoTags: [reference], Layers: [names.layer]}];
  return tar([
    {type: 'file', path: names.config, content: image},
    {type: 'file', path: names.layer, content: layer},
    {type: 'file', path: 'manifest.json', content: Buffer.from(JSON.stringify(manifest))},
  ]);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
